// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  BinaryView,
  Bool,
  type DataType,
  DenseUnion,
  Dictionary,
  Field,
  FixedSizeList,
  Int8,
  LargeUtf8,
  List,
  Null,
  Struct,
  Utf8,
  Utf8View,
} from 'apache-arrow';
import { type HostileCase, harmless, hostile } from './case.js';
import { batchOf, type Claims, columnOf, dictionaryOf, joined, NOTHING, schemaOf, valid } from './craft.js';
import { sharedKeyValues } from './flat.js';

const MANY_NULLS = 2 ** 22;
const KIBIBYTE = 1024;
const nulls = { rows: MANY_NULLS, nodes: [[MANY_NULLS, MANY_NULLS] as const] };
const numbers = new Dictionary(new Int8(), new Int8(), 0);

/** A batch without rows of dictionary columns. */
function unread(columns: number): Uint8Array {
  const each = Array.from({ length: columns }, () => [0, 0] as const);
  return batchOf({ rows: 0, nodes: each, regions: [...each, ...each] });
}

/** As many times a delta of some values, then a batch. */
function deltas(times: number, values: number): () => Uint8Array {
  return () => {
    const part = { rows: values, parts: valid(new Int8Array(values)) };
    const both = joined(dictionaryOf(0, part, true), batchOf({ rows: 1, parts: valid(Int8Array.of(0)) }));
    const first = dictionaryOf(0, { rows: 1, parts: valid(Int8Array.of(7)) });
    return joined(schemaOf(numbers), first, ...Array.from({ length: times }, () => both));
  };
}

/** Texts that each are all of one, as their offsets go up and down. */
function swinging(type: DataType, width: 4 | 8, rows: number, length: number): () => Uint8Array {
  return () => {
    const values = Array.from({ length: rows + 1 }, (_, index) => (index % 2 === 1 || index === rows ? length : 0));
    const offsets = width === 8 ? BigInt64Array.from(values, BigInt) : Int32Array.from(values);
    return columnOf(type, { rows, parts: valid(offsets, new Uint8Array(length).fill(0x78)) });
  };
}

/** Views of one and the same text. */
function sameViews(type: DataType, rows: number, length: number): () => Uint8Array {
  return () => {
    const views = new Int32Array(rows * 4);
    for (let row = 0; row < rows; row++) views.set([length, 0x7878_7878, 0, 0], row * 4);
    return columnOf(type, { rows, parts: valid(views, new Uint8Array(length).fill(0x78)), variadic: [1] });
  };
}

/** A dense union all of whose rows are the first value of its child. */
function sameValue(type: DataType, rows: number, child: Pick<Claims, 'nodes' | 'parts'>): () => Uint8Array {
  return () =>
    columnOf(new DenseUnion([5], [new Field('v', type, true)]), {
      rows,
      nodes: [[rows, 0], ...(child.nodes ?? [])],
      parts: [new Int8Array(rows).fill(5), new Int32Array(rows), ...(child.parts ?? [])],
    });
}

/** The same, in ZSTD frames, of a value within as many lists. */
function sameDeepValue(rows: number, lists: number): () => Uint8Array {
  return () =>
    columnOf(new DenseUnion([0], [new Field('v', within(lists), true)]), {
      rows,
      nodes: [[rows, 0], ...Array.from({ length: lists + 1 }, (): [number, number] => [1, 0])],
      parts: [
        zstdZeros(rows),
        zstdZeros(rows * 4),
        ...Array.from({ length: lists }, () => NOTHING),
        NOTHING,
        PLAIN_BYTE,
      ],
      codec: 1,
    });
}

/** A dense union that has each value of its child twice, which are all within as many lists. */
function twiceEach(values: number, lists: number): () => Uint8Array {
  return () =>
    columnOf(new DenseUnion([0], [new Field('v', within(lists), true)]), {
      rows: values * 2,
      nodes: [[values * 2, 0], ...Array.from({ length: lists + 1 }, (): [number, number] => [values, 0])],
      parts: [
        new Int8Array(values * 2),
        Int32Array.from({ length: values * 2 }, (_, row) => row >> 1),
        ...Array.from({ length: lists }, () => NOTHING),
        ...valid(new Int8Array(values)),
      ],
    });
}

/** A number in lists of one. */
function within(lists: number): DataType {
  let type: DataType = new Int8();
  for (let i = 0; i < lists; i++) type = new FixedSizeList(1, new Field('item', type, true));
  return type;
}

/** A buffer that a batch's codec left as it is. */
const PLAIN_BYTE = joined(BigInt64Array.of(-1n), Uint8Array.of(7));

/** So many zeros as a ZSTD frame of blocks that say one byte and how often, behind their number. */
function zstdZeros(count: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let left = count; left > 0; left -= ZSTD_BLOCK) {
    const header = (Math.min(left, ZSTD_BLOCK) << 3) | 2 | (left <= ZSTD_BLOCK ? 1 : 0);
    blocks.push(Uint8Array.of(header, header >> 8, header >> 16, 0));
  }
  const start = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0);
  return joined(BigInt64Array.of(BigInt(count)), start, Int32Array.of(count), ...blocks);
}

/** The most that a block of ZSTD stands for. */
const ZSTD_BLOCK = 128 * KIBIBYTE;

function oneText(bytes: number): Pick<Claims, 'nodes' | 'parts'> {
  return { nodes: [[1, 0]], parts: valid(Int32Array.of(0, bytes), new Uint8Array(bytes).fill(0x78)) };
}

/** One list of as many bits. */
function oneList(items: number): Pick<Claims, 'nodes' | 'parts'> {
  const parts = [...valid(Int32Array.of(0, items)), ...valid(new Uint8Array(items / 8))];
  return {
    nodes: [
      [1, 0],
      [items, 0],
    ],
    parts,
  };
}

/** One struct of as many texts. */
function oneStruct(texts: number, bytes: number): Pick<Claims, 'nodes' | 'parts'> {
  const each = Array.from({ length: texts }, () => oneText(bytes));
  return {
    nodes: [[1, 0], ...each.flatMap(({ nodes = [] }) => nodes)],
    parts: [...valid(), ...each.flatMap(({ parts = [] }) => parts)],
  };
}

const utf8 = new Utf8();
const bits = new List(new Field('item', new Bool(), true));
const texts = (count: number) => new Struct(Array.from({ length: count }, (_, at) => new Field(`${at}`, utf8, true)));

/** Structs in structs, each a value longer than the one around it, with fields in the innermost. */
function longerWithin(levels: number, fields: number): () => Uint8Array {
  return () => {
    let type = new Struct(Array.from({ length: fields }, () => new Field('f', new Null(), true)));
    for (let level = 1; level < levels; level++) type = new Struct([new Field('s', type, true)]);
    const nodes = Array.from({ length: levels }, (_, level): [number, number] => [level + 1, 0]);
    const inner = Array.from({ length: fields }, (): [number, number] => [levels + 1, levels + 1]);
    return columnOf(type, {
      rows: 1,
      nodes: [...nodes, ...inner],
      regions: nodes.map(() => [0, 0]),
    });
  };
}

/** One byte as a ZSTD frame, behind its length. */
const ZSTD_BYTE = joined(BigInt64Array.of(1n), Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 1, 9, 0, 0, 97));

function tinyBuffers(count: number): () => Uint8Array {
  return () => {
    const body = joined(...Array.from({ length: count }, () => ZSTD_BYTE));
    const regions = Array.from({ length: count }, (_, index): [number, number] => [
      index * ZSTD_BYTE.byteLength,
      ZSTD_BYTE.byteLength,
    ]);
    return columnOf(new BinaryView(), {
      rows: 0,
      parts: [body],
      regions: [[0, 0], [0, 0], ...regions],
      variadic: [count],
      codec: 1,
    });
  };
}

/** Few bytes that would take much time or memory, each rule being kept. */
export const COSTS: readonly HostileCase[] = [
  hostile(
    '24 dictionaries of 2^22 nulls, of which nothing is read',
    () => {
      const types = Array.from({ length: 24 }, (_, id) => new Dictionary(new Null(), new Int8(), id));
      return joined(schemaOf(...types), ...types.map((_, id) => dictionaryOf(id, nulls)), unread(24));
    },
    'LIMIT',
    /maxBytelessValues/,
  ),
  harmless('a dictionary of 2^25 bits, of which nothing is read', () => {
    const bits = { rows: 2 ** 25, parts: valid(new Uint8Array(2 ** 22)) };
    return joined(schemaOf(new Dictionary(new Bool(), new Int8(), 0)), dictionaryOf(0, bits), unread(1));
  }),
  hostile(
    '4,000 batches of 2^22 nulls',
    () => joined(schemaOf(new Null()), ...Array.from({ length: 4000 }, () => batchOf(nulls))),
    'LIMIT',
    /maxBytelessValues/,
  ),
  harmless('8,191 empty batches', () => {
    const none = batchOf({
      rows: 0,
      regions: [
        [0, 0],
        [0, 0],
      ],
    });
    return joined(schemaOf(new Int8()), ...Array.from({ length: 8191 }, () => none));
  }),
  harmless('4,000 empty deltas, each followed by a batch', deltas(4000, 0)),
  harmless('4,000 deltas, each followed by a batch', deltas(4000, 1)),
  hostile(
    '2,000 views of one text of 256 KiB',
    sameViews(new Utf8View(), 2000, 256 * KIBIBYTE),
    'LIMIT',
    /maxExpansion/,
  ),
  harmless('2,000 views of the same 256 KiB that are no text', sameViews(new BinaryView(), 2000, 256 * KIBIBYTE)),
  harmless('100 views of one text of 256 KiB', sameViews(new Utf8View(), 100, 256 * KIBIBYTE)),
  hostile(
    '20,000 texts that share 256 KiB',
    swinging(new Utf8(), 4, 20_000, 256 * KIBIBYTE),
    'INVALID',
    /offsets that fall/,
  ),
  hostile(
    '20,000 large texts that share 256 KiB',
    swinging(new LargeUtf8(), 8, 20_000, 256 * KIBIBYTE),
    'INVALID',
    /offsets that fall/,
  ),
  hostile(
    'a union whose 20,000 rows are one text of 256 KiB',
    sameValue(utf8, 20_000, oneText(256 * KIBIBYTE)),
    'LIMIT',
    /maxExpansion/,
  ),
  hostile(
    'a union whose 20,000 rows are one list of 2^20 bits',
    sameValue(bits, 20_000, oneList(2 ** 20)),
    'LIMIT',
    /maxExpansion/,
  ),
  hostile(
    'a union whose 200,000 rows are one struct of 1,000 texts',
    sameValue(texts(1000), 200_000, oneStruct(1000, 1)),
    'LIMIT',
    /maxExpansion/,
  ),
  harmless('a union whose 100 rows are one text of 256 KiB', sameValue(utf8, 100, oneText(256 * KIBIBYTE))),
  harmless('a union whose 2^20 rows are one short text', sameValue(utf8, 2 ** 20, oneText(20))),
  hostile(
    'a union whose 1,500,000 rows are one number within 40 lists',
    sameDeepValue(1_500_000, 40),
    'LIMIT',
    /maxExpansion/,
  ),
  hostile(
    'a union that has 60,000 numbers within 40 lists twice',
    twiceEach(60_000, 40),
    'LIMIT',
    /maxExpansion .* steps/,
  ),
  hostile('1,000 fields that share 1,000 key-values', () => sharedKeyValues(1000, 1000), 'INVALID', /same bytes/),
  hostile('4 fields that share 100,000 key-values', () => sharedKeyValues(4, 100_000), 'LIMIT', /maxKeyValues/),
  hostile('16,000 fields that are one', () => sharedKeyValues(16_000, 0), 'INVALID', /same bytes/),
  harmless('62 structs in each other, each longer than the one around it', longerWithin(62, 15_000)),
  hostile('20,000 compressed buffers of one byte', tinyBuffers(20_000), 'LIMIT', /maxExpansion/),
  harmless('10 batches of 5,000 unions without values', () => {
    const union = new DenseUnion([0], [new Field('x', new Null(), true)]);
    const none = Array.from({ length: 10_000 }, () => [0, 0] as const);
    const batch = batchOf({ rows: 0, nodes: none, regions: none });
    return joined(schemaOf(...Array.from({ length: 5000 }, () => union)), ...Array.from({ length: 10 }, () => batch));
  }),
];
