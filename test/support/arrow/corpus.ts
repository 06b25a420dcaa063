// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync } from 'node:fs';
import { decodeBatches } from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';
import { Seed } from './mutate.js';
import { readBatch } from './read.js';

/** A well-formed stream that damage starts from. */
export class CorpusStream {
  readonly name: string;
  readonly seed: Seed;
  #batches: readonly string[] | undefined;

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.seed = new Seed(bytes);
  }

  /** Its batches as texts. */
  get batches(): readonly string[] {
    this.#batches ??= decodeBatches(new ZBytes(this.seed.bytes)).map(textOf);
    return this.#batches;
  }
}

/** A batch in a form that is the same text for the same values. */
export function textOf(batch: RecordBatch): string {
  return JSON.stringify(readBatch(batch));
}

/** A corpus is a file: pairs of a name and a stream in base64. */
export function readCorpus(path: string): CorpusStream[] {
  const streams = JSON.parse(readFileSync(path, 'utf8')) as readonly (readonly [name: string, base64: string])[];
  return streams.map(([name, base64]) => new CorpusStream(name, Uint8Array.from(Buffer.from(base64, 'base64'))));
}
