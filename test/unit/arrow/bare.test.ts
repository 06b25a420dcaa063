// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  type ArrowHead,
  ArrowPayloadError,
  decodeBatches,
  encodeBatch,
  headOf,
  openHead,
  tableFromZBytes,
  tableToZBytes,
  writeBatch,
} from '@zenoh-segments/arrow';
import { Ledger, ZBytes } from '@zenoh-segments/core';
import {
  Dictionary,
  Float64,
  Int32,
  MessageHeader,
  MessageReader,
  makeData,
  type RecordBatch,
  Table,
  Utf8,
  Vector,
} from 'apache-arrow';
import { batchOf, columnNamed, dataOf, joined, SLICINGS, valuesOf, wideBatch } from './fixtures.js';

const END = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

const numbers = (length = 8) =>
  batchOf({ x: makeData({ type: new Float64(), data: Float64Array.from({ length }, (_, i) => i) }) });
const words = (values: readonly string[], indices: readonly number[]) =>
  batchOf({
    word: makeData({
      type: new Dictionary(new Utf8(), new Int32(), 7),
      data: Int32Array.from(indices),
      dictionary: new Vector([dataOf(values, new Utf8())]) as Vector<Utf8>,
    }),
  });
const payloadOf = (head: ArrowHead) => ZBytes.fromSegments(head.segments);

test.each(Object.entries(SLICINGS))('every type: head and bare batch give the batch, %s', (_, slice) => {
  for (const batch of [wideBatch(true), wideBatch(false).slice(3, 70), wideBatch(true).slice(5, 5)]) {
    const head = openHead(slice(payloadOf(headOf(batch))));
    const bare = slice(encodeBatch(batch, { form: 'bare' }));
    const [read, ...more] = decodeBatches(bare, { head, validate: 'full' });
    expect(more).toEqual([]);
    expect(valuesOf(read as RecordBatch)).toEqual(valuesOf(batch));
    expect(read?.schema).toBe(head.schema);
    expect(tableFromZBytes(bare, { head }).numRows).toBe(batch.numRows);
  }
});

test('head and bare batch are a self-contained payload, cut in two', () => {
  const batch = wideBatch(true);
  const bare = joined(encodeBatch(batch, { form: 'bare' }));
  const head = headOf(batch);
  expect(Buffer.concat([joined(payloadOf(head)), bare])).toEqual(Buffer.from(joined(encodeBatch(batch))));
  expect(head.byteLength + bare.byteLength).toBe(encodeBatch(batch).length);
  const reader = new MessageReader(bare);
  const message = reader.readMessage(MessageHeader.RecordBatch);
  expect(reader.readMessageBody(message?.bodyLength ?? 0).byteLength).toBe(message?.bodyLength);
  expect(reader.next().done).toBe(true);
});

test('a bare batch is written into memory of the caller, each byte counted once', () => {
  const batch = wideBatch(true);
  const bare = joined(encodeBatch(batch, { form: 'bare' }));
  const ledger = new Ledger();
  const chunk = new Uint8Array(bare.byteLength);
  expect(writeBatch(chunk, batch, ledger, { form: 'bare' })).toBe(bare.byteLength);
  expect(chunk).toEqual(bare);
  expect(Object.keys(ledger.snapshot().reasons)).toEqual(['convert']);
});

test('the fingerprint is the start of SHA-256 over the bytes, the same at both ends', () => {
  const head = headOf(wideBatch(true));
  const bytes = joined(payloadOf(head));
  const expected = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  expect(head.fingerprint).toBe(expected);
  for (const slice of Object.values(SLICINGS)) {
    expect(openHead(slice(payloadOf(head))).fingerprint).toBe(expected);
  }
});

test('an unchanged head is the same object; another dictionary or schema gives another', () => {
  const batch = words(['a', 'b'], [0, 1, 1]);
  const head = headOf(batch);
  expect(headOf(batch.slice(1))).toBe(head);
  expect(headOf(words(['a', 'b'], [1])).fingerprint).toBe(head.fingerprint);
  expect(headOf(words(['a', 'c'], [1])).fingerprint).not.toBe(head.fingerprint);
  expect(headOf(batch)).toBe(head);
  expect(headOf(numbers(3))).toBe(headOf(numbers(5)));
  expect(headOf(numbers()).fingerprint).not.toBe(head.fingerprint);
});

test('batches opened with one head share its dictionaries', () => {
  const batch = words(['a', 'b'], [0, 1, 1]);
  const head = openHead(payloadOf(headOf(batch)));
  const bare = encodeBatch(batch.slice(1), { form: 'bare' });
  const [first, second] = [decodeBatches(bare, { head })[0], decodeBatches(bare, { head })[0]];
  expect(valuesOf(first as RecordBatch)).toEqual([['b', 'b']]);
  expect(first?.data.children[0]?.dictionary).toBe(second?.data.children[0]?.dictionary);
  bare.assertZeroCopy();
});

test('a bare payload without its head has no schema', () => {
  expect(() => decodeBatches(encodeBatch(numbers(), { form: 'bare' }))).toThrow(refusal('ARROW_NO_SCHEMA'));
  expect(() => openHead(encodeBatch(numbers(), { form: 'bare' }))).toThrow(refusal('ARROW_NO_SCHEMA'));
  expect(() => openHead(ZBytes.empty())).toThrow(refusal('ARROW_NO_SCHEMA'));
});

test.each<[string, string, () => readonly Uint8Array[]]>([
  ['nothing', 'ARROW_INVALID', () => []],
  ['an end-of-stream marker', 'ARROW_INVALID', () => [END]],
  ['a whole stream', 'ARROW_INVALID', () => [joined(encodeBatch(numbers()))]],
  ['a dictionary', 'ARROW_INVALID', () => headOf(words(['a'], [0])).segments.slice(1)],
  ['two batches', 'ARROW_INVALID', () => [bareNumbers(), bareNumbers()]],
  ['an end-of-stream marker behind', 'ARROW_INVALID', () => [bareNumbers(), END]],
  ['one byte behind', 'ARROW_INVALID', () => [bareNumbers(), Uint8Array.of(0)]],
])('a bare payload of %s is refused: %s', (_, code, segments) => {
  const head = openHead(payloadOf(headOf(numbers())));
  expect(() => decodeBatches(ZBytes.fromSegments(segments()), { head })).toThrow(refusal(code));
});

test('a bare payload cut at any byte is refused', () => {
  const head = openHead(payloadOf(headOf(numbers())));
  const bare = bareNumbers();
  for (let length = 1; length < bare.byteLength; length++) {
    expect(() => decodeBatches(new ZBytes(bare.slice(0, length)), { head })).toThrow(refusal('ARROW_TRUNCATED'));
  }
});

test('a head holds a schema and dictionaries, perhaps an end-of-stream marker, and nothing else', () => {
  const { segments } = headOf(words(['a'], [0]));
  expect(openHead(ZBytes.fromSegments([...segments, END])).schema.fields[0]?.name).toBe('word');
  for (const more of [[bareNumbers()], [END, END], [END, Uint8Array.of(1)], headOf(numbers()).segments]) {
    expect(() => openHead(ZBytes.fromSegments([...segments, ...more]))).toThrow(refusal('ARROW_INVALID'));
  }
  const cut = joined(ZBytes.fromSegments(segments)).slice(0, -8);
  expect(() => openHead(new ZBytes(cut))).toThrow(refusal('ARROW_TRUNCATED'));
});

test('a head of another shape is found out', () => {
  const all: Record<string, RecordBatch> = {
    numbers: numbers(),
    integers: batchOf({ x: columnNamed('int8') }),
    text: batchOf({ x: columnNamed('utf8', true) }),
    list: batchOf({ x: columnNamed('list of int', true) }),
    two: batchOf({ x: columnNamed('float64'), y: columnNamed('int32') }),
    words: words(['a'], [0, 0]),
  };
  for (const [headName, each] of Object.entries(all)) {
    const head = openHead(payloadOf(headOf(each)));
    for (const [name, batch] of Object.entries(all)) {
      const bare = encodeBatch(batch, { form: 'bare' });
      // Fewer bytes are needed of the same buffers: nothing tells them apart.
      const alike = name === headName || (headName === 'integers' && ['numbers', 'words'].includes(name));
      const shorter = headName === 'words' && name === 'numbers';
      if (!alike && !shorter) {
        expect(() => decodeBatches(bare, { head, validate: 'full' })).toThrow(ArrowPayloadError);
      }
    }
  }
});

test('a dictionary that the head does not have is missed', () => {
  const batch = words(['a', 'b'], [0, 1, 1]);
  const schemaOnly = openHead(ZBytes.fromSegments(headOf(batch).segments.slice(0, 1)));
  const bare = encodeBatch(batch, { form: 'bare' });
  expect(() => decodeBatches(bare, { head: schemaOnly })).toThrow(refusal('ARROW_INVALID'));
  const shorter = openHead(payloadOf(headOf(words(['a'], [0]))));
  expect(() => decodeBatches(bare, { head: shorter, validate: 'full' })).toThrow(refusal('ARROW_INVALID'));
});

test('limits hold for a head, and again for each bare payload', () => {
  const batch = batchOf({ x: columnNamed('float64'), y: columnNamed('int32') });
  const payload = payloadOf(headOf(batch));
  expect(() => openHead(payload, { limits: { maxFields: 1 } })).toThrow(refusal('ARROW_LIMIT'));
  const bare = encodeBatch(batch, { form: 'bare' });
  const head = openHead(payload);
  expect(() => decodeBatches(bare, { head, limits: { maxFields: 1 } })).toThrow(refusal('ARROW_LIMIT'));
  expect(() => decodeBatches(bare, { head, limits: { maxRows: 10 } })).toThrow(refusal('ARROW_LIMIT'));
  const deltas = ZBytes.fromSegments([0, 1, 1, 1].flatMap((part) => headPart(part)));
  expect(() => openHead(deltas, { limits: { maxMessages: 3 } })).toThrow(refusal('ARROW_LIMIT'));
});

test('several batches are one head and a bare payload each', () => {
  const table = new Table([words(['a', 'b'], [0]), words(['c'], [0, 0])]);
  const read = table.batches.map((batch) => {
    const head = openHead(payloadOf(headOf(batch)));
    return valuesOf(decodeBatches(encodeBatch(batch, { form: 'bare' }), { head })[0] as RecordBatch);
  });
  expect(read).toEqual([[['a']], [['c', 'c']]]);
  expect(read).toEqual(decodeBatches(tableToZBytes(table)).map(valuesOf));
});

function bareNumbers(): Uint8Array {
  return joined(encodeBatch(numbers(), { form: 'bare' }));
}

/** The schema message, or the dictionary's message and body. */
function headPart(part: number): readonly Uint8Array[] {
  const { segments } = headOf(words(['a'], [0]));
  return part === 0 ? segments.slice(0, 1) : segments.slice(1);
}

function refusal(code: string): unknown {
  return expect.objectContaining({ name: 'ArrowPayloadError', code });
}
