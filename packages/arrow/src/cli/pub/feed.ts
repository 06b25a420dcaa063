// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { accessSync, constants } from 'node:fs';
import { Ledger, ZBytes } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';
import type { CompressionName } from '../../compression/codec.js';
import { decodeBatches } from '../../decode/decode.js';
import { encodeBatch, layoutBatch, writeBatch } from '../../encode/encode.js';
import { CliError } from '../cli-error.js';
import type { Done } from '../input/batch.js';
import { Input, type InputOptions } from '../input/input.js';
import { isCompressed } from '../input/is-compressed.js';
import { HeapMemory, type Memory } from './memory.js';

/** What to publish, and how often. */
export interface FeedOptions extends InputOptions {
  /** Files one after the other; `-` or none for standard input. */
  readonly paths: readonly string[];
  /** How often all of them are published; may be infinite. */
  readonly loops: number;
  /** Of the payloads; not in a pool of shared memory. */
  readonly compression: CompressionName | undefined;
}

/** One message to put. Its memory may be gone when the next one is asked for. */
export interface Message {
  readonly rows: number;
  /** How much of everything, all loops included, is read. */
  readonly done: Done;
  /** Whether a loop starts with it. */
  readonly first: boolean;
  /** The rows, in the memory they were read into. */
  batch(): RecordBatch;
  /** As an Arrow IPC stream that stands for itself; made when it is asked for. */
  payload(): ZBytes;
}

/** Everything to publish, input by input, loop by loop. What has no batch at all is not repeated. */
export class Feed implements Disposable {
  readonly #options: FeedOptions;
  readonly #signal: AbortSignal;
  #first: Input | undefined;

  private constructor(options: FeedOptions, first: Input, signal: AbortSignal) {
    this.#options = options;
    this.#first = first;
    this.#signal = signal;
  }

  /**
   * Opens the first input, so that what is wrong with it is told at once, and looks whether the others are there.
   *
   * @throws {CliError} `INPUT`, `USAGE`
   */
  static async open(options: FeedOptions, signal: AbortSignal): Promise<Feed> {
    for (const path of options.paths.slice(1)) checkThere(path);
    return new Feed(options, await Input.open(options.paths[0], options, signal), signal);
  }

  /** Whether everything can be read again. */
  get repeatable(): boolean {
    return this.#first?.repeatable === true && !this.#options.paths.includes('-');
  }

  /** @param ledger where copies made while reading are counted, unless a payload counts them. */
  async *messages(memory: Memory, ledger: Ledger): AsyncGenerator<Message> {
    const { loops, paths, compression } = this.#options;
    const inputs = Math.max(paths.length, 1);
    let any = true;
    for (let loop = 0; loop < loops && any; loop++) {
      any = false;
      for (let index = 0; index < inputs; index++) {
        using input = await this.#input(index);
        for await (const message of messagesOf(input, memory, ledger, compression)) {
          const done = message.done && (loop * inputs + index + message.done) / (inputs * loops);
          yield { ...message, first: !any, done: Number.isFinite(loops) ? done : undefined };
          any = true;
        }
      }
    }
  }

  [Symbol.dispose](): void {
    this.#first?.[Symbol.dispose]();
  }

  async #input(index: number): Promise<Input> {
    const first = this.#first;
    this.#first = undefined;
    return first ?? (await Input.open(this.#options.paths[index], this.#options, this.#signal));
  }
}

function checkThere(path: string): void {
  try {
    if (path !== '-') accessSync(path, constants.R_OK);
  } catch (cause) {
    throw new CliError('INPUT', `can't read '${path}': ${(cause as Error).message}`, { cause });
  }
}

/** The messages of one input: Arrow data as they were read, everything else from native memory or through the pool. */
async function* messagesOf(
  input: Input,
  memory: Memory,
  ledger: Ledger,
  compression: CompressionName | undefined,
): AsyncGenerator<Omit<Message, 'first'>> {
  if (input.ready && compression === undefined) {
    yield* memory.shared ? sharedPayloads(input, memory, ledger) : payloads(input, memory, ledger);
    return;
  }
  for await (const { batch, native, done } of input.batches(ledger)) {
    await memory.ready();
    try {
      const inPlace = compression !== undefined || (native && !memory.shared);
      const payload = () => (inPlace ? encodeBatch(batch, { compression }) : inOneChunk(batch, memory));
      yield { rows: batch.numRows, done, payload, batch: () => batch };
    } finally {
      memory.release();
    }
  }
}

async function* payloads(input: Input, memory: Memory, ledger: Ledger): AsyncGenerator<Omit<Message, 'first'>> {
  for await (const { payload, rows, done } of input.payloads(memory, ledger)) {
    yield { rows, done, payload: () => payload, batch: () => decodeBatches(payload)[0] as RecordBatch };
  }
}

/**
 * Compressed data have no place in shared memory, as nobody could read them there: they are decoded into it. That they are
 * compressed shows when the first of them is read; the others are read into memory of this process.
 */
async function* sharedPayloads(input: Input, memory: Memory, ledger: Ledger): AsyncGenerator<Omit<Message, 'first'>> {
  const target = new Switch(memory);
  for await (const message of payloads(input, target, ledger)) {
    const compressed = message.payload();
    if (!target.switched && !isCompressed(compressed)) {
      yield message;
      continue;
    }
    compressed.ledger.attach(ledger);
    const batch = message.batch();
    if (target.switched) await memory.ready();
    try {
      yield { ...message, payload: () => inOneChunk(batch, memory), batch: () => batch };
    } finally {
      memory.release();
    }
    target.turn();
  }
}

/** Shared memory, until it is turned: then memory of this process. */
class Switch implements Memory {
  readonly #shared: Memory;
  #memory: Memory;

  constructor(shared: Memory) {
    this.#shared = shared;
    this.#memory = shared;
  }

  get switched(): boolean {
    return this.#memory !== this.#shared;
  }

  get shared(): boolean {
    return this.#memory.shared;
  }

  turn(): void {
    if (!this.switched) this.#memory = new HeapMemory();
  }

  ready(): Promise<void> {
    return this.#memory.ready();
  }

  take(size: number): Uint8Array {
    return this.#memory.take(size);
  }

  release(): void {
    this.#memory.release();
  }

  drain(): Promise<void> {
    return this.#memory.drain();
  }
}

/** Written once into memory that other processes map, or that any thread may send from. */
function inOneChunk(batch: RecordBatch, memory: Memory): ZBytes {
  const layout = layoutBatch(batch);
  const chunk = memory.take(layout.byteLength);
  const copies = new Ledger();
  writeBatch(chunk, layout, copies);
  const payload = ZBytes.fromSegments([chunk]);
  copies.attach(payload.ledger);
  return payload;
}
