// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
/** A process that reads the hostile streams, as support/fuzz/case-worker.ts describes it. */
import { ArrowPayloadError, decodeBatches, loadCompression } from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';
import { type RunnableCase, runCases } from '../fuzz/case-worker.js';
import { bordersOf, Slices } from '../fuzz/slices.js';
import { HOSTILE_CASES } from './hostile/index.js';
import { Walk } from './walk.js';

/** `values`, or the error. */
function outcomeOf(slices: readonly Uint8Array[], validate: 'structure' | 'full'): string {
  try {
    const walk = new Walk();
    for (const batch of decodeBatches(ZBytes.fromSegments(slices), { validate })) walk.batch(batch);
    return 'values';
  } catch (error) {
    if (error instanceof ArrowPayloadError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** In pieces, each at an odd address. */
function cut(payload: Uint8Array): readonly Uint8Array[] {
  return new Slices(payload, bordersOf(payload.length, 101, 33), 1).slices;
}

// Each in both modes, one after the other.
const cases = Object.values(HOSTILE_CASES)
  .flat()
  .flatMap(({ bytes }): RunnableCase[] => [
    { bytes, read: (payload) => outcomeOf([payload], 'structure') },
    { bytes, read: (payload) => outcomeOf(cut(payload), 'full') },
  ]);

await loadCompression();
runCases(cases, cases.slice(0, 10));
