// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from '@jest/globals';
import { decodeBatches, tableToZBytes } from '@zenoh-segments/arrow';
import { type ArrowStreamOptions, readArrowStream, type StreamBatch } from '@zenoh-segments/arrow/file';
import { Ledger, ZBytes } from '@zenoh-segments/core';
import { type RecordBatch, Table, tableToIPC } from 'apache-arrow';
import { joined, TYPES, valuesOf, wideBatch } from './fixtures.js';

const folder = mkdtempSync(join(tmpdir(), 'arrow-stream-'));
afterAll(() => rmSync(folder, { recursive: true }));

// apache-arrow cuts the views of a slice twice.
const types = TYPES.filter(([name]) => !name.endsWith(' view'));
const batches = [wideBatch(true, types), wideBatch(true, types).slice(3, 40), wideBatch(true, types).slice(9, 9)];
const ours = joined(tableToZBytes(new Table(batches)));
const stock = tableToIPC(new Table(batches), 'stream');

test.each([
  ['ours', ours],
  ['apache-arrow', stock],
])('a descriptor with a stream of %s: read into the memory given, nothing copied', async (_, bytes) => {
  const chunks: Uint8Array[] = [];
  const read = await fromFile(bytes, (size) => {
    const chunk = new Uint8Array(size);
    chunks.push(chunk);
    return chunk;
  });
  expect(read.map(({ rows }) => rows)).toEqual(batches.map(({ numRows }) => numRows));
  read.forEach(({ segments }, index) => {
    const payload = ZBytes.fromSegments(segments);
    const [batch] = decodeBatches(payload);
    expect(valuesOf(batch as RecordBatch)).toEqual(valuesOf(batches[index] as RecordBatch));
    payload.assertZeroCopy();
    if (index < chunks.length) expect(segments.at(-1)?.buffer).toBe(chunks[index]?.buffer);
  });
});

test.each([1, 7, 1000, 1_000_000])('chunks of %i bytes: each byte is copied once and counted', async (size) => {
  const ledger = new Ledger();
  const read = await all(Readable.from(slices(ours, size)), { ledger });
  expect(read.map(({ segments }) => valuesOf(decodeBatches(ZBytes.fromSegments(segments))[0] as RecordBatch))).toEqual(
    batches.map(valuesOf),
  );
  expect(ledger.snapshot().reasons).toEqual({ convert: ours.byteLength });
});

test('reading stops when the consumer does, and the source is told', async () => {
  let closed = false;
  async function* source() {
    try {
      for (;;) yield* slices(ours, 64);
    } finally {
      closed = true;
    }
  }
  for await (const { rows } of readArrowStream(source(), (size) => new Uint8Array(size))) {
    expect(rows).toBe(batches[0]?.numRows);
    break;
  }
  expect(closed).toBe(true);
});

test('a stream cut inside a message is truncated; an empty one has no schema', async () => {
  for (const length of [3, 7, 100, ours.byteLength - 1]) {
    await expect(fromFile(ours.subarray(0, length))).rejects.toMatchObject({ code: 'ARROW_TRUNCATED' });
    await expect(all(Readable.from([ours.subarray(0, length)]))).rejects.toMatchObject({ code: 'ARROW_TRUNCATED' });
  }
  await expect(fromFile(new Uint8Array(0))).rejects.toMatchObject({ code: 'ARROW_NO_SCHEMA' });
});

test('what a stream claims is bounded before memory is asked for', async () => {
  for (const limits of [{ maxBodyBytes: 1000 }, { maxRows: 10 }, { maxMessages: 1 }, { maxMetadataBytes: 100 }]) {
    await expect(all(Readable.from([ours]), { limits })).rejects.toMatchObject({ code: 'ARROW_LIMIT' });
  }
});

test('memory that does not fit, and a source that fails, are typed errors', async () => {
  await expect(fromFile(ours, () => new Uint8Array(8))).rejects.toMatchObject({ code: 'ARROW_TARGET' });
  const failing = new Readable({
    read: (): never => {
      throw new Error('gone');
    },
  });
  await expect(all(failing)).rejects.toMatchObject({ code: 'ARROW_IO' });
});

async function fromFile(bytes: Uint8Array, alloc?: (size: number) => Uint8Array): Promise<StreamBatch[]> {
  const path = join(folder, 'stream.arrows');
  writeFileSync(path, bytes);
  const fd = openSync(path, 'r');
  try {
    return await all(fd, {}, alloc);
  } finally {
    closeSync(fd);
  }
}

async function all(
  source: number | AsyncIterable<Uint8Array>,
  options?: ArrowStreamOptions,
  alloc: (size: number) => Uint8Array = (size) => new Uint8Array(size),
): Promise<StreamBatch[]> {
  const read: StreamBatch[] = [];
  for await (const batch of readArrowStream(source, alloc, options)) read.push(batch);
  return read;
}

function* slices(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}
