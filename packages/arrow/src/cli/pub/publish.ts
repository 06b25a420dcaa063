// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CongestionControl, type Ledger, Session } from '@zenoh-segments/core';
import { ARROW_STREAM_MEDIA_TYPE } from '../../wire.js';
import { usage } from '../cli-error.js';
import { type ConnectionOptions, configOf } from '../connection.js';
import { keyOf } from '../key.js';
import type { Reporter } from '../reporter.js';
import { Tally } from '../tally.js';
import type { InputBatch } from './batch.js';
import { Input, type InputOptions } from './input.js';
import { HeapMemory, type Memory, ShmMemory } from './memory.js';
import { Pace } from './pace.js';
import { StallWatch } from './stall-watch.js';

/** The arguments of `pub`. */
export interface PublishOptions {
  readonly key: string;
  readonly input: InputOptions;
  readonly connection: ConnectionOptions;
  /** Batches a second; as fast as they are read unless given. */
  readonly rate: number | undefined;
  /** How often the input is published; may be infinite. */
  readonly loops: number;
  /** Batches in all; may be infinite. */
  readonly count: number;
  /** Bytes of the shared-memory pool, when one is wanted. */
  readonly shm: number | undefined;
}

/**
 * Publishes an input batch by batch, until its end, a limit, or a signal. It returns when every batch left this process:
 * closing the session flushes the links, and subscribers get the time to map shared memory.
 */
export async function publish(options: PublishOptions, reporter: Reporter, signal: AbortSignal): Promise<void> {
  const key = keyOf(options.key);
  if (options.key.includes('*')) {
    throw usage(`'${options.key}' stands for many keys, and a publisher needs one: wildcards are for sub`);
  }
  const config = configOf(options.connection);
  using input = await Input.open(options.input, signal);
  if (options.loops > 1 && !input.repeatable) throw usage('--loop needs a file: standard input can be read once only');
  const stalls = new StallWatch(config, reporter);
  const memory = memoryOf(options.shm, reporter, signal);
  const tally = new Tally();
  const session = await Session.open(config);
  try {
    const publisher = await session.declarePublisher(key, {
      encoding: ARROW_STREAM_MEDIA_TYPE,
      congestionControl: CongestionControl.BLOCK,
    });
    reporter.ready(options.key, `publishing on '${options.key}'`);
    const pace = new Pace(options.rate, signal);
    tally.start();
    for await (const { payload, rows } of everyLoop(input, options, memory, publisher.ledger, signal)) {
      await pace.turn();
      const bytes = payload.length;
      await stalls.put(() => publisher.put(payload));
      tally.add(1, rows, bytes);
      reporter.progress(tally);
      if (tally.batches >= options.count || signal.aborted) break;
    }
    await memory.drain();
  } catch (error) {
    // A wait that a signal cut short: what was done until then counts.
    if (!signal.aborted) throw error;
  } finally {
    await session.close();
  }
  reporter.summary(tally, session.ledger.snapshot(), signal.aborted);
}

function memoryOf(shm: number | undefined, reporter: Reporter, signal: AbortSignal): Memory {
  if (shm === undefined) return new HeapMemory();
  return new ShmMemory(shm, signal, (text) => reporter.warn('SHM_EXHAUSTED', text));
}

/** @param first the input, opened; each further loop opens it again. An empty one is not repeated. */
async function* everyLoop(
  first: Input,
  { input, loops }: PublishOptions,
  memory: Memory,
  ledger: Ledger,
  signal: AbortSignal,
): AsyncGenerator<InputBatch> {
  let batches = 0;
  for await (const batch of first.batches(memory, ledger)) {
    batches++;
    yield batch;
  }
  for (let loop = 1; loop < loops && batches > 0; loop++) {
    using again = await Input.open(input, signal);
    yield* again.batches(memory, ledger);
  }
}
