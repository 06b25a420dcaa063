// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
/**
 * The frame of a process that reads damaged inputs: `program.js <corpus> <index file> <seed> <first> <end>`. It tells
 * failures and its figures as JSON lines; the index of the input it is at stands in the index file, should it hang or die
 * there.
 */
import { openSync, writeSync } from 'node:fs';
import { random } from '../random.js';
import { type Cost, costOf, LIMIT_MS, limitBytes, MEBIBYTE, peakBytes } from './cost.js';
import { tell } from './tell.js';

/** One failure or the end, as told on stdout. */
export type FuzzLine =
  | {
      readonly kind: 'failure';
      readonly index: number;
      /** What it was made from. */
      readonly of: string;
      readonly what: string;
      readonly base64: string;
    }
  | ({ readonly kind: 'end' } & FuzzFigures);

export interface FuzzFigures {
  readonly inputs: number;
  readonly bytes: number;
  /** Inputs that could be read to the end. */
  readonly whole: number;
  /** Typed errors, by code. */
  readonly codes: Readonly<Record<string, number>>;
  /** CPU time of the whole process, in seconds. */
  readonly cpuS: number;
  /** The most CPU time that one input took, all threads of the process together. */
  readonly worstMs: number;
  /** The most memory that one input grew the process by. */
  readonly worstMiB: number;
  /** The most that the process grew by over its start, garbage of all inputs included. */
  readonly peakMiB: number;
}

export interface FuzzInput {
  readonly bytes: Uint8Array;
  readonly of: string;
}

/** What reading an input came to. */
export interface FuzzOutcome {
  /** What is wrong with that, if anything. */
  readonly failure?: string | undefined;
}

type Below = (below: number) => number;

/** Before the limits are enforced: compiling the reader is not what an input costs. */
const WARM_UP = 300;

const [corpusPath, indexPath, seed, first, end] = process.argv.slice(2) as [string, string, string, string, string];

export { corpusPath };

/** Judges one input. */
export class Trial<Input extends FuzzInput> {
  readonly index: number;
  readonly input: Input;
  readonly #figures: Figures;

  constructor(index: number, input: Input, figures: Figures) {
    this.index = index;
    this.input = input;
    this.#figures = figures;
  }

  /** What `act` gives, after its failure or what it costs too much is told. */
  judged<Outcome extends FuzzOutcome>(what: string, act: () => Outcome): Outcome {
    let cost = costOf(act);
    const { result } = cost;
    // What happened to come together with it (a collection, a compilation) does not come each time.
    for (let i = 0; i < 3 && this.#exceeded(cost) !== undefined; i++) cost = costOf(act);
    this.#figures.worstMs = Math.max(this.#figures.worstMs, cost.ms);
    this.#figures.worstMiB = Math.max(this.#figures.worstMiB, cost.bytes / MEBIBYTE);
    const costs = this.#exceeded(cost);
    const failure = result.failure ?? (costs === undefined ? undefined : `${what} ${costs}`);
    if (failure !== undefined) this.fail(failure);
    return result;
  }

  fail(what: string): void {
    const { bytes, of } = this.input;
    const base64 = Buffer.from(bytes).toString('base64');
    tell({ kind: 'failure', index: this.index, of, what, base64 } satisfies FuzzLine);
  }

  /** Counts the errors that reading gave; without any the input was whole. */
  count(codes: ReadonlyMap<string, number>): void {
    if (codes.size === 0) this.#figures.whole++;
    for (const [code, times] of codes) this.#figures.codes[code] = (this.#figures.codes[code] ?? 0) + times;
  }

  #exceeded({ ms, bytes }: Cost): string | undefined {
    const { length } = this.input.bytes;
    if (ms > LIMIT_MS) return `took ${ms} ms of CPU time`;
    if (bytes > limitBytes(length)) return `took ${(bytes / MEBIBYTE).toFixed()} MiB for ${length} bytes`;
    return undefined;
  }
}

type Figures = { -readonly [Name in Exclude<keyof FuzzFigures, 'codes' | 'peakMiB' | 'cpuS'>]: FuzzFigures[Name] } & {
  readonly codes: Record<string, number>;
};

/**
 * Runs the process's share of the inputs.
 *
 * @param inputOf gives the same for the same numbers and index; indices below 0 are asked for too, to warm up
 */
export function fuzzInputs<Input extends FuzzInput>(
  inputOf: (below: Below, index: number) => Input,
  read: (input: Input) => unknown,
  judge: (trial: Trial<Input>) => void,
): void {
  const make = (index: number) => inputOf(random(mixed(Number(seed) ^ mixed(index))), index);
  const figures: Figures = { inputs: 0, bytes: 0, whole: 0, codes: {}, worstMs: 0, worstMiB: 0 };
  const indexFile = openSync(indexPath, 'w');
  // Inputs of their own: they are no part of this run, and what they fail at it will meet.
  for (let i = 1; i <= WARM_UP; i++) read(make(-i));
  const start = process.memoryUsage.rss();
  const text = Buffer.alloc(16);
  for (let index = Number(first); index < Number(end); index++) {
    text.fill(0x20).write(String(index));
    writeSync(indexFile, text, 0, text.length, 0);
    const input = make(index);
    figures.inputs++;
    figures.bytes += input.bytes.length;
    judge(new Trial(index, input, figures));
  }
  const peakMiB = Math.max(0, peakBytes() - start) / MEBIBYTE;
  const { user, system } = process.cpuUsage();
  tell({ kind: 'end', ...figures, cpuS: (user + system) / 1e6, peakMiB } satisfies FuzzLine);
}

/** A finalizer of MurmurHash: neighbours become strangers. */
function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
