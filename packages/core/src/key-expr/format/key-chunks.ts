// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { intersects } from '../intersects.js';

/** The chunks of a key, asked again and again for parts of them. */
export class KeyChunks {
  readonly #chunks: readonly string[];
  /** How many `**`, and how many verbatim chunks, come before each place. */
  readonly #doubles: readonly number[];
  readonly #verbatims: readonly number[];

  constructor(key: string) {
    this.#chunks = key.split('/');
    this.#doubles = countBefore(this.#chunks, (chunk) => chunk === '**');
    this.#verbatims = countBefore(this.#chunks, (chunk) => chunk.startsWith('@'));
  }

  get length(): number {
    return this.#chunks.length;
  }

  isDouble(at: number): boolean {
    return this.#chunks[at] === '**';
  }

  text(start: number, end: number): string {
    return this.#chunks.slice(start, end).join('/');
  }

  /** Whether a key expression intersects a part. The first two answers spare the look at each chunk, for most parts. */
  meets(pattern: string, start: number, end: number): boolean {
    if (pattern === '**') return this.#verbatims[end] === this.#verbatims[start];
    if (this.#doubles[end] === this.#doubles[start] && !pattern.includes('**')) {
      if (pattern.split('/').length !== end - start) return false;
    }
    return intersects(pattern, this.text(start, end));
  }
}

function countBefore(chunks: readonly string[], counts: (chunk: string) => boolean): number[] {
  let count = 0;
  const before = [0];
  for (const chunk of chunks) {
    if (counts(chunk)) count++;
    before.push(count);
  }
  return before;
}
