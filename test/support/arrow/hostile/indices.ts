// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { DenseUnion, Dictionary, Field, Int8, Int32, List, Null, SparseUnion, Utf8, Utf8View } from 'apache-arrow';
import { type HostileCase, hostile, onlyFull } from './case.js';
import { batchOf, type Claims, columnOf, dictionaryOf, joined, schemaOf, valid } from './craft.js';

const utf8 = new Utf8();
const words = new Dictionary(utf8, new Int8(), 0);
const fields = [new Field('n', new Int32(), true), new Field('s', new Null(), true)];

/** `ab` and `cd`. */
const TEXTS: Claims = { rows: 2, parts: valid(Int32Array.of(0, 2, 4), Uint8Array.of(97, 98, 99, 100)) };
const INDICES: Claims = { rows: 3, parts: valid(Int8Array.of(0, 1, 0)) };

export const DICTIONARIES: readonly HostileCase[] = [
  hostile(
    'a batch whose dictionary is not there',
    () => joined(schemaOf(words), batchOf(INDICES)),
    'INVALID',
    /no dictionary 0 before this batch/,
  ),
  hostile(
    'a dictionary after its batch',
    () => joined(schemaOf(words), batchOf(INDICES), dictionaryOf(0, TEXTS)),
    'INVALID',
    /no dictionary 0 before this batch/,
  ),
  hostile(
    'a dictionary that the schema does not have',
    () => joined(schemaOf(words), dictionaryOf(7, TEXTS)),
    'INVALID',
    /the schema has no dictionary 7/,
  ),
  hostile(
    'a delta without a base',
    () => joined(schemaOf(words), dictionaryOf(0, TEXTS, true), batchOf(INDICES)),
    'INVALID',
    /a delta of dictionary 0, which the payload does not have/,
  ),
  hostile(
    'a dictionary of values of another layout',
    () => joined(schemaOf(words), dictionaryOf(0, { rows: 2, parts: valid(new Int32Array(2)) }), batchOf(INDICES)),
    'INVALID',
    /too few buffers|needed/,
  ),
  hostile(
    'a dictionary that consists of itself',
    () => schemaOf(new Dictionary(new List(new Field('item', words, true)), new Int8(), 0)),
    'INVALID',
    /the dictionary id 0 stands for values of type/,
  ),
  hostile(
    'two dictionaries that consist of each other',
    () => {
      const inner = new Dictionary(
        new List(new Field('item', new Dictionary(utf8, new Int8(), 0), true)),
        new Int8(),
        1,
      );
      return schemaOf(new Dictionary(new List(new Field('item', inner, true)), new Int8(), 0));
    },
    'INVALID',
    /the dictionary id 0 stands for values of type/,
  ),
  hostile(
    'a dictionary that needs one which comes after it',
    () => {
      const inner = new Dictionary(utf8, new Int8(), 1);
      const outer = new Dictionary(new List(new Field('item', inner, true)), new Int8(), 0);
      const lists: Claims = {
        rows: 1,
        nodes: [
          [1, 0],
          [2, 0],
        ],
        parts: valid(Int32Array.of(0, 2), ...valid(Int8Array.of(0, 1))),
      };
      return joined(
        schemaOf(outer),
        dictionaryOf(0, lists),
        dictionaryOf(1, TEXTS),
        batchOf({ rows: 1, parts: valid(Int8Array.of(0)) }),
      );
    },
    'INVALID',
    /no dictionary 1 before this batch/,
  ),
  onlyFull(
    'an index outside the dictionary',
    () => joined(schemaOf(words), dictionaryOf(0, TEXTS), batchOf({ rows: 3, parts: valid(Int8Array.of(0, 100, 1)) })),
    /the index 100 into a dictionary of 2 values/,
  ),
  onlyFull(
    'a negative index',
    () => joined(schemaOf(words), dictionaryOf(0, TEXTS), batchOf({ rows: 3, parts: valid(Int8Array.of(0, -1, 1)) })),
    /the index -1 into a dictionary of 2 values/,
  ),
];

/** A union of three numbers and as many nulls. */
function dense(typeIds: readonly number[], offsets: readonly number[]): () => Uint8Array {
  const rows = typeIds.length;
  const parts = [Int8Array.from(typeIds), Int32Array.from(offsets), ...valid(Int32Array.of(1, 2, 3))];
  return () =>
    columnOf(new DenseUnion([0, 1], fields), {
      rows,
      nodes: [
        [rows, 0],
        [3, 0],
        [3, 3],
      ],
      parts,
    });
}

function sparse(...typeIds: readonly number[]): () => Uint8Array {
  const parts = [Int8Array.from(typeIds), ...valid(Int32Array.of(1, 2, 3))];
  return () =>
    columnOf(new SparseUnion([0, 1], fields), {
      rows: 3,
      nodes: [
        [3, 0],
        [3, 0],
        [3, 3],
      ],
      parts,
    });
}

export const UNIONS: readonly HostileCase[] = [
  hostile(
    'a type id that a dense union does not have',
    dense([0, 2, 1], [0, 0, 0]),
    'INVALID',
    /the type id 2, which the union does not have/,
  ),
  hostile(
    'a type id that a sparse union does not have',
    sparse(0, 2, 1),
    'INVALID',
    /the type id 2, which the union does not have/,
  ),
  hostile('a negative type id', sparse(0, -1, 1), 'INVALID', /the type id -1, which the union does not have/),
  hostile(
    'an offset outside the child of a dense union',
    dense([0, 0, 1], [0, 3, 0]),
    'INVALID',
    /an offset of 3 into a child of 3 values/,
  ),
  hostile(
    'a negative offset of a dense union',
    dense([0, 0, 1], [0, -1, 0]),
    'INVALID',
    /an offset of -1 into a child of 3 values/,
  ),
  hostile(
    'a sparse union longer than its children',
    () =>
      columnOf(new SparseUnion([0, 1], fields), {
        rows: 3,
        nodes: [
          [3, 0],
          [2, 0],
          [3, 3],
        ],
        parts: [Int8Array.of(0, 0, 0), ...valid(Int32Array.of(1, 2))],
      }),
    'INVALID',
    /2 values where 3 are needed/,
  ),
  hostile(
    'a union with the same type id twice',
    () => schemaOf(new DenseUnion([4, 4], fields)),
    'INVALID',
    /the same type id twice/,
  ),
  hostile(
    'a union with a type id of 2^31 - 1',
    () => schemaOf(new DenseUnion([0, 0x7fff_ffff], fields)),
    'INVALID',
    /outside \[0, 127\]/,
  ),
  hostile(
    'a union with a negative type id',
    () => schemaOf(new SparseUnion([0, -1], fields)),
    'INVALID',
    /outside \[0, 127\]/,
  ),
  hostile(
    'a union of fewer type ids than fields',
    () => schemaOf(new DenseUnion([0], fields)),
    'INVALID',
    /2 children and 1 type ids/,
  ),
  onlyFull('offsets of a dense union that fall', dense([0, 0, 0], [0, 2, 1]), /fall/),
];

/** One view of the words given, over a data buffer of 32 bytes of `x`. */
function view(length: number, prefix: number, index: number, offset: number): () => Uint8Array {
  const parts = valid(Int32Array.of(length, prefix, index, offset), new Uint8Array(32).fill(0x78));
  return () => columnOf(new Utf8View(), { rows: 1, parts, variadic: [1] });
}

function views(claims: Claims): () => Uint8Array {
  return () => columnOf(new Utf8View(), { rows: 1, parts: valid(new Int32Array(4), new Uint8Array(32)), ...claims });
}

const XXXX = 0x7878_7878;

export const VIEWS: readonly HostileCase[] = [
  hostile('views without a number of data buffers', views({ variadic: [] }), 'INVALID', /number of data buffers/),
  hostile(
    'views of more data buffers than there are',
    views({ variadic: [2 ** 40] }),
    'INVALID',
    /1099511627776 data buffers/,
  ),
  hostile('views of a negative number of data buffers', views({ variadic: [-1] }), 'INVALID', /-1 data buffers/),
  hostile('a number of data buffers too many', views({ variadic: [1, 0] }), 'INVALID', /more nodes or buffers/),
  hostile('fewer views than rows', views({ rows: 2, variadic: [1] }), 'INVALID', /16 bytes where 32 are needed/),
  hostile('a view that starts outside its buffer', view(13, XXXX, 0, 33), 'INVALID', /leads outside its 1 buffers/),
  hostile('a view that ends outside its buffer', view(33, XXXX, 0, 0), 'INVALID', /leads outside its 1 buffers/),
  hostile('a view at a negative offset', view(13, XXXX, 0, -1), 'INVALID', /leads outside its 1 buffers/),
  hostile('a view of a negative length', view(-1, XXXX, 0, 0), 'INVALID', /leads outside its 1 buffers/),
  onlyFull('a view of another prefix', view(13, 0, 0, 0), /differs from its prefix/),
  onlyFull('a view whose text is not UTF-8', view(2, 0x28c3, 0, 0), /not UTF-8/),
  hostile('a view into a buffer that is not there', view(13, XXXX, 1, 0), 'INVALID', /leads outside its 1 buffers/),
];
