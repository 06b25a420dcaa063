// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import type { ZBytes } from '@zenoh-segments/core';
import {
  BigIntFormat,
  type EnsureSerializeable,
  NumberFormat,
  ZBytesDeserializer,
  ZBytesSerializer,
  ZD,
  type ZDeserializeable,
  ZS,
  type ZSerializeable,
  zdeserialize,
  zserialize,
} from '@zenoh-segments/core/ext';

// What a program written for zenoh-ts's ext uses, with its names; that it compiles is half of the test.

class Reading implements ZSerializeable, ZDeserializeable {
  constructor(
    public id = 0n,
    public unit = '',
    public values: number[] = [],
  ) {}

  serializeWithZSerializer(serializer: ZBytesSerializer): void {
    serializer.serialize(this.id);
    serializer.serialize(this.unit, ZS.string());
    serializer.serialize(this.values, ZS.array(ZS.number(NumberFormat.Float32)));
  }

  deserializeWithZDeserializer(deserializer: ZBytesDeserializer): void {
    this.id = deserializer.deserialize(ZD.bigint());
    this.unit = deserializer.deserialize(ZD.string());
    this.values = deserializer.deserialize(ZD.array(ZD.number(NumberFormat.Float32)));
  }
}

class Point implements ZSerializeable {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}

  serializeWithZSerializer(serializer: ZBytesSerializer): void {
    serializer.serializeNumberInt32(this.x);
    serializer.serializeNumberInt32(this.y);
  }

  static read(deserializer: ZBytesDeserializer): Point {
    return new Point(deserializer.deserializeNumberInt32(), deserializer.deserializeNumberInt32());
  }
}

test('values, with tags and without', () => {
  const half: number = zdeserialize(ZD.number(), zserialize(0.5));
  const small: number = zdeserialize(ZD.number(NumberFormat.Uint8), zserialize(5, ZS.number(NumberFormat.Uint8)));
  const large: bigint = zdeserialize(ZD.bigint(BigIntFormat.Uint64), zserialize(5n, ZS.bigint(BigIntFormat.Uint64)));
  const flag: boolean = zdeserialize(ZD.boolean(), zserialize(true, ZS.boolean()));
  const text: string = zdeserialize(ZD.string(), zserialize('text'));
  const lists: number[][] = zdeserialize(ZD.array(ZD.array(ZD.number())), zserialize([[1, 2], [3]]));
  const map: Map<bigint, string> = zdeserialize(ZD.map(ZD.bigint(), ZD.string()), zserialize(new Map([[1n, 'a']])));
  const bytes: Uint8Array = zdeserialize(ZD.uint8array(), zserialize(new Uint8Array([1])));
  const arrays: Float64Array[] = zdeserialize(ZD.array(ZD.float64array()), zserialize([new Float64Array([1])]));
  expect([half, small, large, flag, text, lists]).toEqual([0.5, 5, 5n, true, 'text', [[1, 2], [3]]]);
  expect([map, bytes, arrays]).toEqual([new Map([[1n, 'a']]), new Uint8Array([1]), [new Float64Array([1])]]);
});

test('tags inside tags', () => {
  const input = new Map<number, string[]>([[7, ['a', 'b']]]);
  const payload = zserialize(input, ZS.map(ZS.number(NumberFormat.Int32), ZS.array(ZS.string())));
  expect(Buffer.from(payload.toBytes()).toString('hex')).toBe('01' + '07000000' + '0201610162');
  expect(zdeserialize(ZD.map(ZD.number(NumberFormat.Int32), ZD.array(ZD.string())), payload)).toEqual(input);
});

test('objects of one’s own', () => {
  const reading = new Reading(3n, 'K', [0.5, 1]);
  expect(zdeserialize(ZD.object(Reading), zserialize(reading))).toEqual(reading);
  expect(zdeserialize(ZD.array(ZD.object(Reading)), zserialize([reading], ZS.array(ZS.object())))).toEqual([reading]);
  const points = [new Point(1, -1), new Point(2, 0)];
  const result: Point[] = zdeserialize(ZD.array(ZD.objectStatic(Point.read)), zserialize(points));
  expect(result).toEqual(points);
});

test('a sequence and a tuple by hand', () => {
  const serializer = new ZBytesSerializer();
  serializer.writeSequenceLength(2);
  serializer.serialize('a');
  serializer.serializeMap(new Map([['k', true]]), ZS.string());
  serializer.serializeArray([1, 2], ZS.number(NumberFormat.Uint16));
  serializer.serializeBoolean(new Boolean(true));
  const payload: ZBytes = serializer.finish();
  const deserializer = new ZBytesDeserializer(payload);
  expect(deserializer.readSequenceLength()).toBe(2);
  expect(deserializer.deserializeString()).toBe('a');
  expect(deserializer.deserializeMap(ZD.string(), ZD.boolean())).toEqual(new Map([['k', true]]));
  expect(deserializer.isDone()).toBe(false);
  expect(deserializer.deserializeArray(ZD.number(NumberFormat.Uint16))).toEqual([1, 2]);
  expect(deserializer.deserializeBoolean()).toBe(true);
  expect(deserializer.isDone()).toBe(true);
  expect(new ZBytesDeserializer(payload.toBytes()).readSequenceLength()).toBe(2);
});

/** Generic code of a user's passes the check on. */
function envelope<T>(value: EnsureSerializeable<T>): ZBytes {
  return zserialize<T>(value);
}

test('types without a form do not compile', () => {
  expect(envelope([1]).length).toBe(9);
  const mixed: (number | string)[] = [1, 'a'];
  // @ts-expect-error: the elements are of two types
  expect(() => zserialize(mixed)).toThrow();
  // @ts-expect-error: a plain object
  expect(() => zserialize({ a: 1 })).toThrow();
  // @ts-expect-error: a tag for another type
  expect(() => zserialize('a', ZS.number())).toThrow();
});

test('what zenoh-ts does not have: sets and tuples', () => {
  const input: [number, string] = [1, 'a'];
  const payload = zserialize(input, ZS.tuple(ZS.number(NumberFormat.Uint8), ZS.string()));
  expect([...payload.toBytes()]).toEqual([1, 1, 97]);
  const output: [number, string] = zdeserialize(ZD.tuple(ZD.number(NumberFormat.Uint8), ZD.string()), payload);
  expect(output).toEqual(input);
  const set: Set<string> = zdeserialize(ZD.set(ZD.string()), zserialize(new Set(['a'])));
  expect(set).toEqual(new Set(['a']));
});
