// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  Draft,
  FIELDS,
  type Field,
  far,
  KIND,
  list,
  placeOf,
  STRUCT,
  STRUCT_WORDS,
  struct,
  tag,
  type Word,
} from './draft.js';

/**
 * What a sender can do to a reader, one by one. Each case is read by us and by pycapnp, whose reader is C++'s; where the
 * two differ, the case says so and why.
 */
export interface HostileCase {
  readonly name: string;
  readonly bytes: () => Uint8Array;
  /** The field of the root that is read: what is in it, some elements of a list. The number alone without. */
  readonly field?: Field;
  /** The error's code, or the value as JSON that `Summary` makes of it. */
  readonly ours: { readonly code: string } | { readonly value: unknown };
  /** What the C++ reader does where that is something else, and why we don't. */
  readonly differs?: { readonly cpp: 'reads' | 'refuses'; readonly because: string };
}

const MOST = 2 ** 29 - 1;
const INVALID = { code: 'CAPNP_INVALID' };
const LIMIT = { code: 'CAPNP_LIMIT' };
const TRUNCATED = { code: 'CAPNP_TRUNCATED' };
const SEVEN = { value: '7' };
const VOIDS = { value: { length: 7, first: [null, null, null, null] } };
const ZEROS: readonly Word[] = Array.from({ length: 7 }, () => [0, 0] as const);

function u32(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function edited(edit: (draft: Draft) => unknown): () => Uint8Array {
  return () => {
    const draft = new Draft();
    edit(draft);
    return draft.bytes();
  };
}

/** A list field, with this content behind its pointer. */
function listed(name: Field, kind: number, count: number, ...content: readonly Word[]): () => Uint8Array {
  return edited((draft) => draft.field(name, 'list', draft.append(...content), list(kind, count)));
}

/** The root pointer replaced. */
function rooted(root: Word, ...more: readonly Word[]): () => Uint8Array {
  return edited((draft) => {
    draft.set(0, root);
    draft.append(...more);
  });
}

/** The field `next` by way of a second segment. */
function nextBy(pointer: Word, ...second: readonly Word[]): () => Uint8Array {
  return edited((draft) => {
    draft.set(placeOf('next'), pointer);
    draft.appendTo(1, second);
  });
}

const CONTENT: readonly Word[] = [[7, 0], ...FIELDS.map((): Word => [0, 0])];
const WORD: Word = [0x0403_0201, 0x0807_0605];
const TRAILING = 'trailing bytes are not of this message: a frame and a payload that disagree are a fault';

const frames: HostileCase[] = [
  { name: 'no byte', bytes: () => u32(), ours: TRUNCATED },
  { name: 'three bytes', bytes: () => u32(0).slice(0, 3), ours: TRUNCATED },
  { name: '2^32-1 segments', bytes: () => u32(0xffff_fffe, 0), ours: LIMIT },
  { name: '2^32 segments', bytes: () => u32(0xffff_ffff, 0), ours: LIMIT },
  { name: '134 million segments', bytes: () => u32(134_000_000, 0), ours: LIMIT },
  { name: '16 million segments', bytes: () => u32(16_000_000, 0), ours: LIMIT },
  {
    name: '512 segments',
    bytes: () => joined(u32(511, 2, ...Array.from({ length: 511 }, () => 0), 0), u32(0, 1, 7, 0)),
    ours: LIMIT,
    differs: { cpp: 'reads', because: "C++ refuses as many from a stream; pycapnp's from_bytes does not count" },
  },
  { name: 'a table of 511 segments that is not there', bytes: () => u32(510, 1), ours: TRUNCATED },
  { name: 'a segment longer than all memory', bytes: () => joined(u32(0, 0xffff_ffff), u32(0, 0)), ours: LIMIT },
  {
    name: 'segments that are together longer than numbers go',
    bytes: () => u32(510, ...Array.from({ length: 511 }, () => 0xffff_ffff)),
    ours: LIMIT,
  },
  { name: 'a segment one word too long', bytes: () => joined(u32(0, 3), u32(0, 1, 7, 0)), ours: TRUNCATED },
  { name: 'an empty first segment', bytes: () => u32(0, 0), ours: INVALID },
  {
    name: '200 empty segments after the first',
    bytes: () => joined(u32(200, 2, ...Array.from({ length: 200 }, () => 0)), u32(0, 1, 7, 0)),
    ours: SEVEN,
  },
  {
    name: 'bytes after the last segment',
    bytes: () => joined(u32(0, 2), u32(0, 1, 7, 0), u32(1, 2)),
    ours: INVALID,
    differs: { cpp: 'reads', because: TRAILING },
  },
];

const roots: HostileCase[] = [
  { name: 'a null root', bytes: rooted([0, 0]), ours: { value: '0' } },
  { name: 'a root beyond its segment', bytes: rooted([0x7fff_fffc, STRUCT[1]]), ours: INVALID },
  { name: 'a root before its segment', bytes: rooted([-16, STRUCT[1]]), ours: INVALID },
  { name: 'a root larger than its segment', bytes: rooted([0, 0xffff_ffff]), ours: INVALID },
  { name: 'a root that is a list', bytes: rooted([1, list(KIND.eight, 1)]), ours: INVALID },
  { name: 'a root that is a capability', bytes: rooted([3, 0]), ours: INVALID },
  { name: 'a root in a segment that is not there', bytes: rooted(far(77, 0)), ours: INVALID },
  { name: 'a root far pointer to itself', bytes: rooted(far(0, 0)), ours: INVALID },
  { name: 'a root double far pointer to itself', bytes: rooted(far(0, 0, true)), ours: INVALID },
  { name: 'a root far pointer to the end', bytes: rooted(far(0, 1 + STRUCT_WORDS)), ours: INVALID },
];

const fars: HostileCase[] = [
  { name: 'far to a struct', field: 'next', bytes: nextBy(far(1, 0), struct(0), ...CONTENT), ours: SEVEN },
  {
    name: 'double far to a struct',
    field: 'next',
    bytes: nextBy(far(1, 0, true), far(1, 2), [0, STRUCT[1]], ...CONTENT),
    ours: SEVEN,
  },
  { name: 'far to far', field: 'next', bytes: nextBy(far(1, 0), far(1, 1), struct(0), ...CONTENT), ours: INVALID },
  { name: 'far to null', field: 'next', bytes: nextBy(far(1, 0), [0, 0]), ours: { value: '0' } },
  {
    name: 'far to double far',
    field: 'next',
    bytes: nextBy(far(1, 0), far(1, 1, true), far(1, 3), [0, STRUCT[1]], ...CONTENT),
    ours: INVALID,
  },
  {
    name: 'double far to a struct pointer',
    field: 'next',
    bytes: nextBy(far(1, 0, true), struct(1), [0, STRUCT[1]], ...CONTENT),
    ours: INVALID,
  },
  {
    name: 'double far to double far',
    field: 'next',
    bytes: nextBy(far(1, 0, true), far(1, 2, true), [0, STRUCT[1]], ...CONTENT),
    ours: INVALID,
    differs: { cpp: 'reads', because: 'the first word of such a pad is to be a plain far pointer; C++ does not look' },
  },
  {
    name: 'double far with a far tag',
    field: 'next',
    bytes: nextBy(far(1, 0, true), far(1, 2), far(1, 2), ...CONTENT),
    ours: INVALID,
  },
  { name: 'double far pad cut by the end', field: 'next', bytes: nextBy(far(1, 0, true), far(1, 0)), ours: INVALID },
  { name: 'far pad beyond the end', field: 'next', bytes: nextBy(far(1, 1 << 28), ...CONTENT), ours: INVALID },
  {
    name: 'double far to beyond the end',
    field: 'next',
    bytes: nextBy(far(1, 0, true), far(1, 1 << 28), [0, STRUCT[1]], ...CONTENT),
    ours: INVALID,
  },
  {
    name: 'double far into a segment that is not there',
    field: 'next',
    bytes: nextBy(far(1, 0, true), far(0xffff_ffff, 0), [0, STRUCT[1]]),
    ours: INVALID,
  },
  {
    name: 'double far to a list of structs',
    field: 'structs',
    bytes: edited((draft) => {
      draft.set(placeOf('structs'), far(1, 0, true));
      draft.appendTo(1, [far(1, 2), [1, list(KIND.composite, STRUCT_WORDS)], tag(1, 1, FIELDS.length), ...CONTENT]);
    }),
    ours: { value: { length: 1, first: ['7'] } },
  },
];

const structs: HostileCase[] = [
  {
    name: 'a struct field that is a list',
    field: 'next',
    bytes: edited((draft) => draft.field('next', 'list', draft.append(WORD), list(KIND.eight, 1))),
    ours: INVALID,
  },
  {
    name: 'a struct field that is a capability',
    field: 'next',
    bytes: edited((draft) => draft.set(placeOf('next'), [3, 0])),
    ours: INVALID,
  },
  {
    name: 'a struct one word beyond the end',
    field: 'next',
    bytes: edited((draft) => draft.field('next', 'struct', draft.append(), 1)),
    ours: INVALID,
  },
  {
    name: 'a struct of the greatest size',
    field: 'next',
    bytes: edited((draft) => draft.field('next', 'struct', draft.append(...CONTENT), 0xffff_ffff)),
    ours: INVALID,
  },
  {
    name: 'a struct without size',
    field: 'next',
    bytes: edited((draft) => draft.set(placeOf('next'), [-4, 0])),
    ours: { value: '0' },
  },
  {
    name: 'a struct that is its own next',
    field: 'next',
    bytes: edited((draft) => draft.field('next', 'struct', 1, STRUCT[1])),
    ours: SEVEN,
  },
];

const texts: HostileCase[] = [
  { name: 'a text', field: 'text', bytes: listed('text', KIND.byte, 3, [0x6968, 0]), ours: { value: 'hi' } },
  { name: 'a text without NUL', field: 'text', bytes: listed('text', KIND.byte, 8, WORD), ours: INVALID },
  { name: 'a text of no bytes', field: 'text', bytes: listed('text', KIND.byte, 0), ours: INVALID },
  {
    name: 'a text that is a struct',
    field: 'text',
    bytes: edited((draft) => draft.field('text', 'struct', 1, STRUCT[1])),
    ours: INVALID,
  },
  {
    name: 'a text that is a list of words',
    field: 'text',
    bytes: listed('text', KIND.eight, 1, [0x6968, 0]),
    ours: INVALID,
  },
  { name: 'a text of 2^29-1 bytes', field: 'text', bytes: listed('text', KIND.byte, MOST, [0x6968, 0]), ours: INVALID },
  {
    name: 'a text that is no UTF-8',
    field: 'text',
    bytes: listed('text', KIND.byte, 3, [0xfffe, 0]),
    ours: { value: '\ufffd\ufffd' },
    differs: {
      cpp: 'refuses',
      because: 'C++ gives the bytes, Python refuses them; JavaScript has a character for what is no text',
    },
  },
  { name: 'data of 2^29-1 bytes', field: 'data', bytes: listed('data', KIND.byte, MOST, WORD), ours: INVALID },
  { name: 'data one byte past the end', field: 'data', bytes: listed('data', KIND.byte, 9, WORD), ours: INVALID },
  { name: 'data that is a list of words', field: 'data', bytes: listed('data', KIND.eight, 1, WORD), ours: INVALID },
  {
    name: 'data that is a list of structs',
    field: 'data',
    bytes: listed('data', KIND.composite, 1, tag(1, 1, 0), WORD),
    ours: INVALID,
  },
];

const SOME = { value: { length: 1, first: ['1'] } };

const lists: HostileCase[] = [
  { name: 'a list of 2^29-1 words', field: 'longs', bytes: listed('longs', KIND.eight, MOST, WORD), ours: INVALID },
  { name: 'a list of 2^29-1 bits', field: 'bools', bytes: listed('bools', KIND.bit, MOST, WORD), ours: INVALID },
  { name: 'a list of 2^29-1 texts', field: 'texts', bytes: listed('texts', KIND.pointer, MOST, WORD), ours: INVALID },
  { name: 'a list of 2^29-1 voids', field: 'voids', bytes: listed('voids', KIND.void, MOST), ours: LIMIT },
  {
    name: 'a list of words that is a struct',
    field: 'longs',
    bytes: edited((draft) => draft.field('longs', 'struct', 1, STRUCT[1])),
    ours: INVALID,
  },
  {
    name: 'words read as bytes',
    field: 'bytes',
    bytes: listed('bytes', KIND.eight, 2, [1, 0], [2, 0]),
    ours: { value: { length: 2, first: [1, 2] } },
  },
  { name: 'bytes read as words', field: 'longs', bytes: listed('longs', KIND.byte, 8, WORD), ours: INVALID },
  { name: 'bits read as bytes', field: 'bytes', bytes: listed('bytes', KIND.bit, 8, WORD), ours: INVALID },
  {
    name: 'bytes read as bits',
    field: 'bools',
    bytes: listed('bools', KIND.byte, 2, [0x0001, 0]),
    ours: { value: { length: 2, first: [true, false] } },
  },
  { name: 'bytes read as voids', field: 'voids', bytes: listed('voids', KIND.byte, 7, [0, 0]), ours: VOIDS },
  { name: 'bits read as voids', field: 'voids', bytes: listed('voids', KIND.bit, 7, [0, 0]), ours: INVALID },
  {
    name: 'structs read as voids',
    field: 'voids',
    bytes: listed('voids', KIND.composite, 7, tag(7, 1, 0), ...ZEROS),
    ours: VOIDS,
  },
  { name: 'texts read as voids', field: 'voids', bytes: listed('voids', KIND.pointer, 7, ...ZEROS), ours: VOIDS },
  { name: 'voids read as bytes', field: 'bytes', bytes: listed('bytes', KIND.void, 8), ours: INVALID },
  { name: 'voids read as texts', field: 'texts', bytes: listed('texts', KIND.void, 8), ours: INVALID },
  { name: 'voids at the end read as lists', field: 'deep', bytes: listed('deep', KIND.void, 1), ours: INVALID },
  { name: 'voids at the end read as data', field: 'datas', bytes: listed('datas', KIND.void, 1), ours: INVALID },
  { name: 'words read as texts', field: 'texts', bytes: listed('texts', KIND.eight, 1, WORD), ours: INVALID },
  { name: 'texts read as words', field: 'longs', bytes: listed('longs', KIND.pointer, 1, [0, 0]), ours: INVALID },
  { name: 'words read as structs', field: 'structs', bytes: listed('structs', KIND.eight, 1, [1, 0]), ours: SOME },
  { name: 'bits read as structs', field: 'structs', bytes: listed('structs', KIND.bit, 1, [1, 0]), ours: INVALID },
  {
    name: 'bytes read as structs',
    field: 'structs',
    bytes: listed('structs', KIND.byte, 1, [1, 0]),
    ours: { value: { length: 1, first: ['0'] } },
  },
  {
    name: 'structs read as words',
    field: 'longs',
    bytes: listed('longs', KIND.composite, 2, tag(1, 1, 1), [1, 0], [0, 0]),
    ours: SOME,
  },
  {
    name: 'structs read as texts',
    field: 'texts',
    bytes: listed('texts', KIND.composite, 2, tag(1, 1, 1), [1, 0], [0, 0]),
    ours: { value: { length: 1, first: [''] } },
  },
  {
    name: 'structs without pointers read as texts',
    field: 'texts',
    bytes: listed('texts', KIND.composite, 1, tag(1, 1, 0), [1, 0]),
    ours: INVALID,
  },
  {
    name: 'structs read as bits',
    field: 'bools',
    bytes: listed('bools', KIND.composite, 1, tag(1, 1, 0), [1, 0]),
    ours: INVALID,
  },
];

const tags: HostileCase[] = [
  { name: 'a tag cut by the end', field: 'structs', bytes: listed('structs', KIND.composite, 0), ours: INVALID },
  {
    name: 'a negative number of structs',
    field: 'structs',
    bytes: listed('structs', KIND.composite, 1, tag(-1, 1, 0), WORD),
    ours: INVALID,
  },
  {
    name: 'more structs than words',
    field: 'structs',
    bytes: listed('structs', KIND.composite, 1, tag(2, 1, 0), WORD),
    ours: INVALID,
  },
  {
    name: 'fewer structs than words',
    field: 'structs',
    bytes: listed('structs', KIND.composite, 2, tag(1, 1, 0), [1, 0], WORD),
    ours: SOME,
  },
  {
    name: 'a tag that is a list',
    field: 'structs',
    bytes: listed('structs', KIND.composite, 1, [5, 1], WORD),
    ours: INVALID,
  },
  {
    name: 'structs of the greatest size',
    field: 'structs',
    bytes: listed('structs', KIND.composite, 1, [4, 0xffff_ffff], WORD),
    ours: INVALID,
  },
  {
    name: '2^29-1 structs of the greatest size',
    field: 'structs',
    bytes: listed('structs', KIND.composite, 1, [0x7fff_fffc, 0xffff_ffff], WORD),
    ours: INVALID,
  },
  {
    name: '2^29-1 structs without size',
    field: 'structs',
    bytes: listed('structs', KIND.composite, 0, tag(MOST, 0, 0)),
    ours: LIMIT,
  },
  {
    name: '2^29-1 words of structs',
    field: 'structs',
    bytes: listed('structs', KIND.composite, MOST, tag(1, 1, 0), WORD),
    ours: INVALID,
  },
];

const indirect: HostileCase[] = [
  {
    name: 'a text whose list points beyond the end',
    field: 'texts',
    bytes: edited((draft) => {
      const at = draft.append([0, 0]);
      draft.field('texts', 'list', at, list(KIND.pointer, 1)).pointer(at, 'list', at + 1000, list(KIND.byte, 1));
    }),
    ours: INVALID,
  },
  {
    name: 'any pointer to a list read as text',
    field: 'any',
    bytes: listed('any', KIND.eight, 1, WORD),
    ours: INVALID,
  },
  {
    name: 'a list of lists that holds a struct',
    field: 'deep',
    bytes: edited((draft) => {
      const at = draft.append([0, 0]);
      draft.field('deep', 'list', at, list(KIND.pointer, 1)).pointer(at, 'struct', 1, STRUCT[1]);
    }),
    ours: INVALID,
  },
];

export const HOSTILE_CASES: readonly HostileCase[] = [
  ...frames,
  ...roots,
  ...fars,
  ...structs,
  ...texts,
  ...lists,
  ...tags,
  ...indirect,
];
