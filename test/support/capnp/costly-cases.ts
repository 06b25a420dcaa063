// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { fromZBytes } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { type List, utils } from 'capnp-es';
import { Hostile } from '../../golden/capnp/hostile.js';
import { Draft, FIELDS, type Field, KIND, list, placeOf, STRUCT, STRUCT_WORDS, tag, type Word } from './draft.js';

/** Small messages that lead a reader through far more than they hold, and what ends that. */
export interface CostlyCase {
  readonly name: string;
  readonly bytes: () => Uint8Array;
  /** Reads until there is no more, or until it is refused. */
  readonly read: (root: Hostile) => unknown;
  readonly code: string;
  readonly packed?: true;
}

const EMPTY: readonly Word[] = FIELDS.map((): Word => [0, 0]);

/** A root whose field is a list of pointers that all lead to one list. */
function aliased(
  field: 'texts' | 'datas' | 'lists' | 'manyBools',
  pointers: number,
  kind: number,
  count: number,
  content: readonly Word[],
) {
  return () => {
    const draft = new Draft();
    const at = draft.append(...Array.from({ length: pointers }, (): Word => [0, 0]));
    draft.field(field, 'list', at, list(KIND.pointer, pointers));
    const target = draft.appendTo(0, content);
    for (let i = 0; i < pointers; i++) draft.pointer(at + i, 'list', target, list(kind, count));
    return draft.bytes();
  };
}

/** A root with `structs`, of which each has the same list as its own. */
function nested(count: number): () => Uint8Array {
  return () => {
    const draft = new Draft();
    const at = draft.append(tag(count, 1, FIELDS.length));
    const high = list(KIND.composite, count * STRUCT_WORDS);
    draft.field('structs', 'list', at, high);
    for (let i = 0; i < count; i++) {
      const start = draft.append([i, 0], ...EMPTY);
      draft.pointer(start + placeOf('structs') - 1, 'list', at, high);
    }
    return draft.bytes();
  };
}

function words(count: number, word: Word = [0x6161_6161, 0x6161_6161]): Word[] {
  return Array.from({ length: count }, () => word);
}

const MEGABYTE_OF_TEXT: readonly Word[] = [...words(125_000 - 1), [0x6161_6161, 0x0061_6161]];

/** Walks structs in structs, no deeper than the depth allows: what ends it is the budget. */
function everything(structs: List<Hostile>, depth = 20): number {
  if (depth === 0) return 0;
  let sum = 0;
  for (let i = 0; i < structs.length; i++) sum += 1 + everything(structs.get(i).structs, depth - 1);
  return sum;
}

function depthOf(root: Hostile): number {
  return utils.isNull(utils.getPointer(2, root)) ? 0 : 1 + depthOf(root.next);
}

/** A chain of `length` structs, each the next of the one before. */
function chain(length: number): () => Uint8Array {
  return () => {
    const draft = new Draft();
    let last = 1;
    for (let i = 0; i < length; i++) {
      const start = draft.append([i, 0], ...EMPTY);
      draft.pointer(last + placeOf('next') - 1, 'struct', start, STRUCT[1]);
      last = start;
    }
    return draft.bytes();
  };
}

function wide(count: number, data: number, pointers: number): () => Uint8Array {
  return () => {
    const draft = new Draft();
    draft.field(
      'structs',
      'list',
      draft.append(tag(count, data, pointers)),
      list(KIND.composite, count * (data + pointers)),
    );
    return draft.bytes();
  };
}

function allFields(root: Hostile): void {
  for (const each of root.structs) {
    void each.number;
    void each.text;
    void each.data.length;
    void each.next.number;
    void each.bytes.length;
    void each.longs.length;
    void each.texts.length;
  }
}

export const COSTLY_CASES: readonly CostlyCase[] = [
  {
    name: 'a struct that is its own next, walked',
    bytes: () => new Draft().field('next', 'struct', 1, STRUCT[1]).bytes(),
    read: depthOf,
    code: 'CAPNP_LIMIT',
  },
  { name: '1000 structs deep', bytes: chain(1000), read: depthOf, code: 'CAPNP_LIMIT' },
  {
    name: 'a list whose only struct has it as well',
    bytes: nested(1),
    read: (root) => everything(root.structs, Number.POSITIVE_INFINITY),
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'two structs that each have both',
    bytes: nested(2),
    read: (root) => everything(root.structs),
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'ten structs that each have them all',
    bytes: nested(10),
    read: (root) => everything(root.structs),
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'a thousand structs that each have them all',
    bytes: nested(1000),
    read: (root) => everything(root.structs),
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'a list of lists that holds itself',
    bytes: () => {
      const draft = new Draft();
      const at = draft.append([0, 0]);
      draft.field('deep', 'list', at, list(KIND.pointer, 1)).pointer(at, 'list', at, list(KIND.pointer, 1));
      return draft.bytes();
    },
    // The schema's depth ends it, and the last list is one of pointers where bytes should be.
    read: (root) => root.deep.get(0).get(0).get(0).length,
    code: 'CAPNP_INVALID',
  },
  {
    name: '2000 texts that are the same megabyte',
    bytes: aliased('texts', 2000, KIND.byte, 1_000_000, MEGABYTE_OF_TEXT),
    read: (root) => root.texts.toArray().length,
    code: 'CAPNP_LIMIT',
  },
  {
    name: '2000 texts that are the same megabyte, one by one',
    bytes: aliased('texts', 2000, KIND.byte, 1_000_000, MEGABYTE_OF_TEXT),
    read: (root) => {
      for (const text of root.texts) if (text.length !== 999_999) throw new Error('another text');
    },
    code: 'CAPNP_LIMIT',
  },
  {
    name: '2000 data that are the same megabyte, copied out',
    bytes: aliased('datas', 2000, KIND.byte, 1_000_000, words(125_000)),
    read: (root) => root.datas.toArray().map((data) => data.toArrayBuffer()),
    code: 'CAPNP_LIMIT',
  },
  {
    name: '2000 lists that are the same 50,000 bools',
    bytes: aliased('manyBools', 2000, KIND.bit, 50_000, words(782)),
    read: (root) => root.manyBools.toArray().map((bools) => bools.toArray()),
    code: 'CAPNP_LIMIT',
  },
  {
    name: '1000 lists that are the same 1000 structs of a word',
    bytes: aliased('lists', 1000, KIND.composite, 1000, [tag(1000, 1, 0), ...words(1000)]),
    read: (root) => {
      for (const structs of root.lists) for (const each of structs) void [each.number, each.text, each.next.number];
    },
    code: 'CAPNP_LIMIT',
  },
  {
    name: '2000 lists that are the same 10,000 bytes, read as structs',
    bytes: aliased('lists', 2000, KIND.byte, 10_000, words(1250)),
    read: (root) => {
      for (const structs of root.lists) for (const each of structs) void [each.number, each.text, each.next.number];
    },
    code: 'CAPNP_LIMIT',
  },
  {
    name: '2000 lists that are the same 10,000 voids, read as structs',
    bytes: aliased('lists', 2000, KIND.void, 10_000, []),
    read: (root) => {
      for (const structs of root.lists) for (const each of structs) void [each.number, each.text, each.next.number];
    },
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'structs without size, as many as may be',
    bytes: wide(500_000, 0, 0),
    read: allFields,
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'voids, as many as may be',
    bytes: () => new Draft().field('voids', 'list', 16, list(KIND.void, 500_000)).bytes(),
    read: (root) => root.voids.toArray().length + [...root.voids].length,
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'an array of two million bytes that are read as structs',
    bytes: () => withBytes('structs'),
    read: (root) => root.structs.toArray().length,
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'an array of two million bytes that are read as voids',
    bytes: () => withBytes('voids'),
    read: (root) => root.voids.toArray().length,
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'an element that is asked for forever',
    bytes: nested(1),
    read: (root) => {
      for (;;) void root.structs.get(0).structs.length;
    },
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'a copy of ten structs that each have them all',
    bytes: nested(10),
    read: (root) => (root.segment.message as ReturnType<typeof fromZBytes>).copy(),
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'a copy of 2000 texts that are the same megabyte',
    bytes: aliased('texts', 2000, KIND.byte, 1_000_000, MEGABYTE_OF_TEXT),
    read: (root) => (root.segment.message as ReturnType<typeof fromZBytes>).copy(),
    code: 'CAPNP_LIMIT',
  },
  {
    name: 'a packed megabyte of zeros: a gigabyte',
    bytes: () => zeros(2 ** 19),
    read: () => 0,
    code: 'CAPNP_LIMIT',
    packed: true,
  },
  {
    name: 'packed 18 KB of zeros: 18 MB',
    bytes: () => zeros(9 * 2 ** 10),
    read: () => 0,
    code: 'CAPNP_LIMIT',
    packed: true,
  },
];

/** The root of a case's message. */
export function opened(bytes: Uint8Array, packed = false): Hostile {
  return fromZBytes(new ZBytes(bytes), { packed }).getRoot(Hostile);
}

/** A packed message of one segment of zeros, of which two bytes unpack to 256 words, so many times. */
function zeros(times: number): Uint8Array {
  const size = new Uint8Array(Uint32Array.of(times * 256).buffer);
  return Uint8Array.from([0xf0, ...size, ...Array.from({ length: 2 * times }, (_, i) => (i % 2) * 0xff)]);
}

function withBytes(name: Field): Uint8Array {
  const draft = new Draft();
  return draft.field(name, 'list', draft.appendTo(0, words(250_000)), list(KIND.byte, 2_000_000)).bytes();
}
