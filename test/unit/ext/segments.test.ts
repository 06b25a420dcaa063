// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { ZBytes } from '@zenoh-segments/core';
import { ZBytesDeserializer, ZBytesSerializer, ZD, ZS, zdeserialize, zserialize } from '@zenoh-segments/core/ext';

const doubles = () => Float64Array.from({ length: 10_000 }, (_, i) => i / 7);

describe('what is copied to serialize', () => {
  test('a large array is a segment, over the same memory', () => {
    const values = doubles();
    const payload = zserialize(values);
    payload.assertZeroCopy();
    expect(payload.length).toBe(3 + 80_000 - 1);
    const [, segment] = payload.segments();
    expect(segment?.buffer).toBe(values.buffer);
    expect(zdeserialize(ZD.float64array(), payload)).toEqual(values);
  });

  test('large arrays among other values keep the order', () => {
    const a = new Uint8Array(5000).fill(1);
    const b = new Int32Array(3000).fill(-2);
    const serializer = new ZBytesSerializer();
    serializer.serialize('before');
    serializer.serialize(a);
    serializer.serialize(b);
    serializer.serialize('after');
    const copy = serializer.toBytes();
    const payload = serializer.finish();
    expect(payload.segmentCount).toBe(5);
    expect(payload.toBytes()).toEqual(copy);
    expect(payload.ledger.copiedFor('convert')).toBe('before'.length + 'after'.length);
    expect(payload.ledger.copied - payload.ledger.copiedFor('gather')).toBe('before'.length + 'after'.length);
    expect(zdeserialize(ZD.tuple(ZD.string(), ZD.uint8array(), ZD.int32array(), ZD.string()), payload)).toEqual([
      'before',
      a,
      b,
      'after',
    ]);
  });

  test('small arrays and numbers are counted by what they are', () => {
    const payload = zserialize([new Uint8Array(10), new Uint8Array(1023)]);
    expect(payload.segmentCount).toBe(2);
    expect(payload.ledger.snapshot().reasons).toEqual({ coalesce: 1033 });
    expect(zserialize([1, 2]).ledger.snapshot().reasons).toEqual({ convert: 16 });
  });

  test('shared and resizable memory is copied', () => {
    const shared = zserialize(new Uint8Array(new SharedArrayBuffer(2000)));
    expect(shared.ledger.snapshot().reasons).toEqual({ 'unstable-memory': 2000 });
    const Resizable = ArrayBuffer as unknown as new (
      length: number,
      options: { maxByteLength: number },
    ) => ArrayBuffer & { resize(length: number): void };
    const memory = new Resizable(2000, { maxByteLength: 4000 });
    const serializer = new ZBytesSerializer();
    serializer.serialize(new Uint8Array(memory));
    memory.resize(10);
    const payload = serializer.finish();
    expect(payload.length).toBe(2002);
    expect(payload.ledger.snapshot().reasons).toEqual({ 'unstable-memory': 2000 });
  });

  test('detached arrays are refused, whenever they were detached', () => {
    const detached = expect.objectContaining({ code: 'BUFFER_DETACHED' });
    const detach = (array: Uint8Array<ArrayBuffer>) => structuredClone(array.buffer, { transfer: [array.buffer] });
    const array = new Uint8Array(2000);
    const serializer = new ZBytesSerializer();
    serializer.serialize(array);
    detach(array);
    expect(() => zserialize(array)).toThrow(detached);
    expect(() => serializer.toBytes()).toThrow(detached);
    expect(() => serializer.finish()).toThrow(detached);
  });

  test('a serializer can be used again, and payloads share no memory', () => {
    const serializer = new ZBytesSerializer();
    serializer.serialize('one');
    const one = serializer.finish();
    serializer.serialize('two');
    const two = serializer.finish();
    expect(one.segments()[0]?.buffer).not.toBe(two.segments()[0]?.buffer);
    expect([one, two].map((payload) => zdeserialize(ZD.string(), payload))).toEqual(['one', 'two']);
    expect(serializer.finish().length).toBe(0);
    expect(serializer.toBytes()).toEqual(new Uint8Array(0));
  });

  test('many small values need few segments', () => {
    const payload = zserialize(Array.from({ length: 50_000 }, (_, i) => i));
    expect(payload.segmentCount).toBeLessThan(16);
    expect(zdeserialize(ZD.array(ZD.number()), payload)[49_999]).toBe(49_999);
  });
});

describe('what is copied to deserialize', () => {
  test('an array in one segment is a view of it', () => {
    const values = doubles();
    const payload = zserialize(values);
    const view = zdeserialize(ZD.float64array(), payload);
    expect(view.buffer).toBe(values.buffer);
    payload.assertZeroCopy();
  });

  test('bytes are views even at odd places; wider elements there are copied', () => {
    const payload = ZBytes.fromSegments([zserialize(new Uint8Array([1, 2, 3]), ZS.uint8array()).toBytes()]);
    const bytes = zdeserialize(ZD.uint8array(), payload);
    expect(bytes.buffer).toBe(payload.segments()[0]?.buffer);
    expect(payload.ledger.copied).toBe(0);

    const words = new ZBytes(zserialize(new Uint32Array(500).fill(7)).toBytes().slice());
    expect(zdeserialize(ZD.uint32array(), words)[499]).toBe(7);
    expect(words.ledger.snapshot().reasons).toEqual({ misaligned: 2000 });
  });

  test('an array across segments is gathered, alone', () => {
    const whole = zserialize(new Uint8Array(100).fill(9)).toBytes();
    const payload = ZBytes.fromSegments([whole.subarray(0, 50), whole.subarray(50)]);
    expect(zdeserialize(ZD.uint8array(), payload)).toEqual(new Uint8Array(100).fill(9));
    expect(payload.ledger.snapshot().reasons).toEqual({ gather: 100 });
  });

  test('a payload that is disposed under the reader', () => {
    const payload = zserialize([1, 2, 3]);
    const deserializer = new ZBytesDeserializer(payload);
    expect(deserializer.readSequenceLength()).toBe(3);
    expect(deserializer.deserializeNumberFloat64()).toBe(1);
    payload[Symbol.dispose]();
    expect(() => deserializer.deserializeNumberFloat64()).toThrow(
      expect.objectContaining({ code: 'PAYLOAD_DISPOSED' }),
    );
  });
});
