// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Sample } from '@zenoh-segments/core';
import type { ArrowPayloadError } from '../../errors.js';
import type { Reporter } from '../reporter.js';

/** Keys are made up by strangers: beyond so many pairs of key and code nothing is told. */
const MAX_TOLD = 1000;

/** Tells of samples that can't be opened, once for each key and code; the summary counts all. */
export class SkippedSamples {
  readonly #reporter: Reporter;
  readonly #told = new Set<string>();

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** Disposes of the sample. */
  add({ code, message }: ArrowPayloadError, sample: Sample): void {
    const key = sample.keyexpr().toString();
    const encoding = sample.encoding().toString();
    sample[Symbol.dispose]();
    const which = `${code} ${key}`;
    if (this.#told.has(which) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(which);
    this.#reporter.warn(code, `skipped a sample of '${key}' (encoding ${encoding}): ${code}: ${message}`);
  }
}
