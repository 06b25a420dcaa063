// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
/**
 * The frame of a process that reads the hostile inputs with index `first` and after, and tells for each what came of it
 * and what it cost, as JSON lines: `program.js <first>`. Should one of them hang or end the process, that is the one after
 * the last line.
 */
import { ZenohError } from '@zenoh-segments/core';
import { type Cost, costOf, LIMIT_MS } from './cost.js';
import { tell } from './tell.js';

/** What one case came to. */
export interface CaseOutcome extends Cost {
  readonly index: number;
  readonly length: number;
  readonly value?: unknown;
  /** Of a typed error; the whole error otherwise. */
  readonly code?: string;
}

export interface RunnableCase {
  readonly bytes: () => Uint8Array;
  readonly read: (bytes: Uint8Array) => unknown;
}

function outcomeOf(run: () => unknown): { value?: unknown; code?: string } {
  try {
    return { value: run() };
  } catch (error) {
    return { code: error instanceof ZenohError ? error.code : `${(error as Error).stack ?? error}` };
  }
}

/** @param warmUp of the cases, those that are cheap: compiling the reader is not what an input costs. */
export function runCases(all: readonly RunnableCase[], warmUp: readonly RunnableCase[]): void {
  for (const { bytes, read } of warmUp) outcomeOf(() => read(bytes()));
  for (let index = Number(process.argv[2]); index < all.length; index++) {
    const { bytes, read } = all[index]!;
    const payload = bytes();
    const run = () => costOf(() => outcomeOf(() => read(payload)));
    let cost = run();
    // What happened to come together with it (a collection, a compilation) does not come each time.
    for (let i = 0; i < 3 && cost.ms > LIMIT_MS; i++) cost = run();
    const { result, ms, bytes: grown } = cost;
    tell({ index, length: payload.length, ms, bytes: grown, ...result } satisfies CaseOutcome);
  }
}
