// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { framed } from './layout.js';

/** The two halves of a word. */
export type Word = readonly [low: number, high: number];

/** The pointer section of `Hostile` in test/golden/capnp/hostile.capnp. */
export const FIELDS = [
  'text',
  'data',
  'next',
  'structs',
  'lists',
  'texts',
  'datas',
  'bools',
  'bytes',
  'longs',
  'voids',
  'deep',
  'any',
  'manyBools',
] as const;

export type Field = (typeof FIELDS)[number];

/** The size of `Hostile`: a word of data, and its pointers. */
export const STRUCT: Word = [0, 1 | (FIELDS.length << 16)];
/** Words of a `Hostile`. */
export const STRUCT_WORDS = 1 + FIELDS.length;

/** The size kinds of lists. */
export const KIND = { void: 0, bit: 1, byte: 2, two: 3, four: 4, eight: 5, pointer: 6, composite: 7 } as const;

/** A `Hostile` written by hand, a word at a time: what no builder would write. Its `number` is 7. */
export class Draft {
  readonly segments: Word[][] = [[]];

  constructor() {
    this.append(struct(0), [7, 0], ...FIELDS.map((): Word => [0, 0]));
  }

  /** Words at the end of a segment; the index of the first. */
  append(...words: readonly Word[]): number {
    return this.appendTo(0, words);
  }

  appendTo(segment: number, words: readonly Word[]): number {
    while (this.segments.length <= segment) this.segments.push([]);
    const memory = this.segments[segment]!;
    const first = memory.length;
    for (const word of words) memory.push(word);
    return first;
  }

  set(word: number, value: Word, segment = 0): this {
    this.segments[segment]![word] = value;
    return this;
  }

  /** Makes a field of the root lead to `target` of its segment, as what `high` says. */
  field(name: Field, kind: 'struct' | 'list', target: number, high: number): this {
    return this.pointer(placeOf(name), kind, target, high);
  }

  pointer(at: number, kind: 'struct' | 'list', target: number, high: number, segment = 0): this {
    return this.set(at, [((target - at - 1) << 2) | (kind === 'list' ? 1 : 0), high], segment);
  }

  bytes(): Uint8Array {
    return framed(this.segments.map((words) => new Uint8Array(Uint32Array.from(words.flat()).buffer)));
  }
}

/** The word of the root's pointer of that name. */
export function placeOf(name: Field): number {
  return 2 + FIELDS.indexOf(name);
}

/** A pointer to a `Hostile`, `offset` words behind it. */
export function struct(offset: number): Word {
  return [offset << 2, STRUCT[1]];
}

/** The second half of a list pointer. */
export function list(kind: number, count: number): number {
  return ((count << 3) | kind) >>> 0;
}

/** The tag of a list of structs. */
export function tag(count: number, dataWords: number, pointers: number): Word {
  return [count << 2, dataWords | (pointers << 16)];
}

export function far(segment: number, word: number, double = false): Word {
  return [(word << 3) | (double ? 4 : 0) | 2, segment];
}
