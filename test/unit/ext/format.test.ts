// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { ZBytes } from '@zenoh-segments/core';
import {
  BigIntFormat,
  NumberFormat,
  ZBytesDeserializer,
  ZBytesSerializer,
  ZD,
  ZS,
  zdeserialize,
  zserialize,
} from '@zenoh-segments/core/ext';
import { runSeed } from '../../support/peers-bytes.js';
import { random } from '../../support/random.js';
import { randomSchema, randomValue } from './random-value.js';
import { fromJson, type Schema, tagsOf, toJson } from './schema.js';

const bytesOf = (payload: ZBytes) => [...payload.toBytes()];
const hexOf = (payload: ZBytes) => Buffer.from(payload.toBytes()).toString('hex');

// The first six restate `binary_format` of zenoh-ext's serialization.rs.
const forms: readonly (readonly [name: string, schema: Schema, json: unknown, hex: string])[] = [
  ['i32', 'Int32', '1234566', '86d61200'],
  ['negative i32', 'Int32', '-49245', 'a33fffff'],
  ['str', 'str', 'test', '0474657374'],
  ['tuple', ['tuple', 'UInt16', 'Float32', 'str'], ['500', double(1234), 'test'], 'f40100409a440474657374'],
  [
    'Vec<i64>',
    ['typed', 'Int64'],
    ['-100', '500', '100000', '-20000000'],
    '049cfffffffffffffff401000000000000a08601000000000000d3cefeffffffff',
  ],
  [
    'Vec of tuples',
    ['list', ['tuple', 'str', 'Int16']],
    [
      ['s1', '10'],
      ['s2', '-10000'],
    ],
    '020273310a00027332f0d8',
  ],
  ['bool', ['list', 'bool'], [true, false], '020100'],
  ['i8', 'Int8', '-128', '80'],
  ['u8', 'UInt8', '255', 'ff'],
  ['u32', 'UInt32', '4294967295', 'ffffffff'],
  ['u64', 'UInt64', '18446744073709551615', 'ffffffffffffffff'],
  ['i128', 'Int128', '-2', `fe${'ff'.repeat(15)}`],
  ['u128', 'UInt128', String(2n ** 128n - 2n), `fe${'ff'.repeat(15)}`],
  ['u128 by halves', 'UInt128', String((1n << 64n) + 2n), '02000000000000000100000000000000'],
  ['f64', 'Float64', double(-0), '0000000000000080'],
  ['UTF-8 with a mark', 'str', '\ufeffé', '05efbbbfc3a9'],
  ['bytes', 'bytes', 'c0ffee', '03c0ffee'],
  ['nothing', ['tuple'], [], ''],
  ['no elements', ['map', 'str', 'Int8'], [], '00'],
  ['map', ['map', 'str', ['list', 'UInt8']], [['k', ['1', '2']]], '01016b020102'],
  ['set', ['set', 'Int16'], ['7', '8'], '0207000800'],
];

function double(value: number): string {
  return toJson('Float64', value) as string;
}

describe('byte by byte', () => {
  test.each(forms)('%s', (_, schema, json, hex) => {
    const { zs, zd } = tagsOf(schema);
    const value = fromJson(schema, json);
    expect(hexOf(zserialize(value as never, zs as never))).toBe(hex);
    expect(zdeserialize(zd, new ZBytes(Buffer.from(hex, 'hex')))).toEqual(value);
  });

  test.each([
    [0, [0]],
    [127, [127]],
    [128, [0x80, 1]],
    [16_383, [0xff, 0x7f]],
    [16_384, [0x80, 0x80, 1]],
    [2 ** 32, [0x80, 0x80, 0x80, 0x80, 16]],
    [Number.MAX_SAFE_INTEGER, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 15]],
  ])('the length %d', (length, bytes) => {
    const serializer = new ZBytesSerializer();
    serializer.writeSequenceLength(length);
    const payload = serializer.finish();
    expect(bytesOf(payload)).toEqual(bytes);
    expect(new ZBytesDeserializer(payload).readSequenceLength()).toBe(length);
  });

  test('what is written when no tag is given', () => {
    expect(hexOf(zserialize(1.5))).toBe('000000000000f83f');
    expect(hexOf(zserialize(-1n))).toBe('ffffffffffffffff');
    expect(hexOf(zserialize('é'))).toBe('02c3a9');
    expect(hexOf(zserialize(true))).toBe('01');
    expect(hexOf(zserialize([[1n], []]))).toBe('0201010000000000000000');
    expect(hexOf(zserialize([[], [1n]]))).toBe('0200010100000000000000');
    expect(hexOf(zserialize(new Map([['a', 2n]])))).toBe('010161' + '0200000000000000');
    expect(hexOf(zserialize(new Set(['a'])))).toBe('010161');
    expect(hexOf(zserialize(new Map<string, string>()))).toBe('00');
    expect(hexOf(zserialize(Buffer.from('ab')))).toBe('026162');
    expect(hexOf(zserialize([new Uint16Array([1]), new Uint16Array([])]))).toBe('02010100' + '00');
  });

  test('a typed array over part of its memory: that part alone', () => {
    const whole = new Uint16Array([1, 2, 3, 4]);
    expect(hexOf(zserialize(whole.subarray(1, 3)))).toBe('0202000300');
    expect(hexOf(zserialize(new Int8Array(whole.buffer, 2, 1)))).toBe('0102');
  });
});

test('random values of random types come back equal, whole and cut into segments', () => {
  const seed = runSeed();
  const below = random(seed);
  for (let round = 0; round < 400; round++) {
    const schema = randomSchema(below);
    const value = randomValue(schema, below);
    const { zs, zd } = tagsOf(schema);
    const payload = zserialize(value as never, zs as never);
    const whole = payload.toBytes();
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < whole.byteLength; ) {
      const end = Math.min(whole.byteLength, at + 1 + below(24));
      pieces.push(whole.slice(at, end));
      at = end;
    }
    try {
      expect(zdeserialize(zd, payload)).toEqual(value);
      expect(zdeserialize(zd, ZBytes.fromSegments(pieces))).toEqual(value);
      expect(zdeserialize(zd, whole)).toEqual(value);
    } catch (error) {
      throw new Error(`SEED=${seed}, round ${round}, ${JSON.stringify(schema)}`, { cause: error });
    }
  }
});

describe('values that do not fit', () => {
  const refused: readonly (readonly [string, () => unknown])[] = [
    ['Int8 128', () => zserialize(128, ZS.number(NumberFormat.Int8))],
    ['Uint8 -1', () => zserialize(-1, ZS.number(NumberFormat.Uint8))],
    ['Uint16 65536', () => zserialize(65_536, ZS.number(NumberFormat.Uint16))],
    ['Int16 -32769', () => zserialize(-32_769, ZS.number(NumberFormat.Int16))],
    ['Int32 1.5', () => zserialize(1.5, ZS.number(NumberFormat.Int32))],
    ['Uint32 NaN', () => zserialize(Number.NaN, ZS.number(NumberFormat.Uint32))],
    ['Int64 2^63', () => zserialize(2 ** 63, ZS.number(NumberFormat.Int64))],
    ['Uint64 Infinity', () => zserialize(Number.POSITIVE_INFINITY, ZS.number(NumberFormat.Uint64))],
    ['bigint Int64 2^63', () => zserialize(2n ** 63n)],
    ['bigint Uint64 -1', () => zserialize(-1n, ZS.bigint(BigIntFormat.Uint64))],
    ['bigint Int128 2^127', () => zserialize(2n ** 127n, ZS.bigint(BigIntFormat.Int128))],
    ['bigint Uint128 2^128', () => zserialize(2n ** 128n, ZS.bigint(BigIntFormat.Uint128))],
    ['a string as a number', () => zserialize('1' as never, ZS.number() as never)],
    ['a number as a string', () => zserialize(1 as never, ZS.string() as never)],
    ['a number as a boolean', () => zserialize(1 as never, ZS.boolean() as never)],
    ['another array', () => zserialize(new Int8Array(1) as never, ZS.uint8array() as never)],
    ['a DataView', () => zserialize(new DataView(new ArrayBuffer(1)) as never)],
    ['null', () => zserialize(null as never)],
    ['undefined', () => zserialize(undefined as never)],
    ['a plain object', () => zserialize({} as never)],
    ['a hole', () => zserialize(new Array<number>(2), ZS.array(ZS.number()))],
    ['elements of two types', () => zserialize([1, 'a'] as never)],
    ['a set as an array', () => zserialize(new Set([1]) as never, ZS.array(ZS.number()) as never)],
    ['an array as a map', () => zserialize([] as never, ZS.map() as never)],
    ['too few for a tuple', () => zserialize([1] as never, ZS.tuple(ZS.number(), ZS.number()) as never)],
    ['no format', () => ZS.number(0 as NumberFormat)],
    ['no format to read', () => ZD.bigint(9 as BigIntFormat)],
    ['a length of -1', () => new ZBytesSerializer().writeSequenceLength(-1)],
    ['a length of 2^53', () => new ZBytesSerializer().writeSequenceLength(2 ** 53)],
    ['a cycle', () => zserialize(cycle() as never)],
  ];

  test.each(refused)('%s', (_, serialize) => {
    expect(serialize).toThrow(expect.objectContaining({ name: 'CoreError', code: 'INVALID_ARGUMENT' }));
  });
});

function cycle(): unknown[] {
  const array: unknown[] = [];
  array.push(array);
  return array;
}
