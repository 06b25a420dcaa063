// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { KeyChunks } from './key-chunks.js';
import type { FormatParts, FormatSegment } from './segments.js';

/** Where the rest of a key starts, in chunks; `NOTHING` when nothing is left of it. */
type Start = number;
const NOTHING: Start = -1;

/**
 * What each field of a format is in a key, in their order, or undefined when the two do not intersect. Fields take as much
 * as they can, the leftmost first, as in zenoh's Rust: this follows its order of trials, so that ambiguous keys give the
 * same fields.
 */
export function matchFormat({ segments, suffix }: FormatParts, key: string): string[] | undefined {
  const chunks = new KeyChunks(key);
  if (segments.length === 0) return chunks.meets(suffix, 0, chunks.length) ? [] : undefined;
  if (suffix === '') return new Match(segments, chunks, chunks.length).from(0);
  const tail = suffix.slice(1);
  for (const [end, right] of splitsFromRight(chunks, 0, chunks.length)) {
    if (!chunks.meets(tail, right, chunks.length)) continue;
    const found = new Match(segments, chunks, end).from(0);
    if (found !== undefined) return found;
  }
  return chunks.meets(tail, 0, chunks.length) ? new Match(segments, chunks, 0).from(NOTHING) : undefined;
}

/** Fields against the chunks before `end`, which they must use up. */
class Match {
  readonly #segments: readonly FormatSegment[];
  readonly #chunks: KeyChunks;
  readonly #end: number;
  readonly #found: string[];
  /** Trials that failed: without this a key of a stranger could cost the product of its splits. */
  readonly #failed = new Set<number>();

  constructor(segments: readonly FormatSegment[], chunks: KeyChunks, end: number) {
    this.#segments = segments;
    this.#chunks = chunks;
    this.#end = end;
    this.#found = segments.map(() => '');
  }

  from(start: Start): string[] | undefined {
    return this.#rest(start, 0) ? this.#found : undefined;
  }

  #isDouble(start: Start): boolean {
    return start === this.#end - 1 && this.#chunks.isDouble(start);
  }

  /** Whether the fields from `index` on match the chunks from `start` on. */
  #rest(start: Start, index: number): boolean {
    const segment = this.#segments[index];
    if (segment === undefined) return start === NOTHING || this.#isDouble(start);
    if (start === NOTHING) {
      this.#found.fill('', index);
      return this.#segments.slice(index).every((other) => prefixOf(other) === '' && other.pattern === '**');
    }
    const trial = index * (this.#end + 1) + start;
    if (this.#failed.has(trial)) return false;
    const matched = this.#try(segment, start, index);
    if (!matched) this.#failed.add(trial);
    return matched;
  }

  #try(segment: FormatSegment, start: number, index: number): boolean {
    const prefix = prefixOf(segment);
    if (prefix === '' && this.#field(segment, start, index)) return true;
    // What a prefix can use up: each of its chunks may stand for a wildcard of the key before, at and after it.
    let left = prefix === '' ? 1 : prefix.split('/').length * 3;
    for (const [end, right] of splitsFromLeft(this.#chunks, start, this.#end)) {
      if (left-- === 0) break;
      const taken = prefix === '' ? right === start : this.#chunks.meets(prefix, start, end);
      if (taken && this.#field(segment, right, index)) return true;
    }
    return (
      segment.pattern === '**' &&
      prefix !== '' &&
      this.#chunks.meets(prefix, start, this.#end) &&
      this.#rest(NOTHING, index + 1)
    );
  }

  /** The field itself, without its prefix: all of the rest, then less and less of it, then nothing. */
  #field({ pattern }: FormatSegment, start: number, index: number): boolean {
    const after = index + 1;
    if (this.#chunks.meets(pattern, start, this.#end) && this.#rest(this.#isDouble(start) ? start : NOTHING, after)) {
      this.#found[index] = this.#chunks.text(start, this.#end);
      return true;
    }
    for (const [end, right] of splitsFromRight(this.#chunks, start, this.#end)) {
      if (!this.#chunks.meets(pattern, start, end) || !this.#rest(right, after)) continue;
      this.#found[index] = this.#chunks.text(start, end);
      return true;
    }
    if (pattern !== '**' || !this.#rest(start, after)) return false;
    this.#found[index] = '';
    return true;
  }
}

/** Without its slashes. */
function prefixOf({ prefix }: FormatSegment): string {
  return prefix.replace(/^\/|\/$/g, '');
}

/** Where the left part of a split ends and the right one starts; a `**` between the two belongs to both. */
type Split = [end: number, right: number];

function* splitsFromLeft(chunks: KeyChunks, start: number, end: number): Generator<Split> {
  for (let at = start; at < end; at++) {
    if (chunks.isDouble(at)) {
      yield [at + 1, at];
      at++;
    } else if (at > start) yield [at, at];
  }
}

function* splitsFromRight(chunks: KeyChunks, start: number, end: number): Generator<Split> {
  for (let at = end; at > start; at--) {
    if (chunks.isDouble(at - 1)) {
      yield [at, at - 1];
      at--;
    } else if (at < end) yield [at, at];
  }
}
