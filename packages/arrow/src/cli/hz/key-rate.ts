// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Sample } from '@zenoh-segments/core';
import { Sources } from '../watch/sources.js';
import { type IntervalFacts, Intervals } from './intervals.js';

/** Counts of one second. */
class Slice {
  readonly start: number;
  samples = 0;
  bytes = 0;
  shm = 0;

  constructor(start: number) {
    this.start = start;
  }
}

/** What is told of one key. */
export interface RateFacts {
  readonly key: string;
  /** Samples since the start, and those in the window. */
  readonly total: number;
  readonly samples: number;
  readonly samplesPerSecond: number;
  readonly bytesPerSecond: number;
  /** From 0 to 1: samples that came by shared memory. */
  readonly shmShare: number;
  readonly intervalMs?: IntervalFacts;
  /** Publishers that number their samples, and what is missing of those. */
  readonly sources: number;
  readonly missing: number;
}

const SLICE_MS = 1000;

/** How often samples of one key come, over a window of time that moves on. */
export class KeyRate {
  readonly #key: string;
  readonly #windowMs: number;
  readonly #intervals = new Intervals();
  readonly #sources = new Sources();
  #slices: Slice[] = [];
  #total = 0;

  constructor(key: string, windowMs: number) {
    this.#key = key;
    this.#windowMs = windowMs;
  }

  /** @param now milliseconds, not before those of earlier calls. */
  add(sample: Sample, now: number): void {
    let slice = this.#slices.at(-1);
    if (slice === undefined || now - slice.start >= SLICE_MS) {
      slice = new Slice(now);
      this.#slices.push(slice);
      this.#forget(now);
    }
    slice.samples++;
    slice.bytes += sample.payload().length;
    if (sample.isShm()) slice.shm++;
    this.#total++;
    this.#intervals.add(now);
    this.#sources.see(sample.sourceInfo());
  }

  facts(now: number): RateFacts {
    this.#forget(now);
    const sum = (count: (slice: Slice) => number) => this.#slices.reduce((total, slice) => total + count(slice), 0);
    const samples = sum((slice) => slice.samples);
    // The first sample began the time, it did not come in it.
    const seconds = (now - (this.#slices[0]?.start ?? now)) / 1000;
    const samplesPerSecond = seconds > 0 ? (samples - 1) / seconds : 0;
    const interval = this.#intervals.facts(now - this.#windowMs);
    return {
      key: this.#key,
      total: this.#total,
      samples,
      samplesPerSecond,
      bytesPerSecond: samples === 0 ? 0 : (sum((slice) => slice.bytes) / samples) * samplesPerSecond,
      shmShare: samples === 0 ? 0 : sum((slice) => slice.shm) / samples,
      ...(interval === undefined ? {} : { intervalMs: interval }),
      sources: this.#sources.ids.length,
      missing: this.#sources.missing,
    };
  }

  #forget(now: number): void {
    const from = now - this.#windowMs;
    const kept = this.#slices.findIndex(({ start }) => start >= from);
    this.#slices = kept < 0 ? [] : this.#slices.slice(kept);
  }
}
