// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { decodeBatches } from '@zenoh-segments/arrow';
import { openArrowFile } from '@zenoh-segments/arrow/file';
import { ZBytes } from '@zenoh-segments/core';
import { type RecordBatch, Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { valuesOf, wideBatch } from './fixtures.js';

const flights = fileURLToPath(new URL('../../node_modules/vega-datasets/data/flights-200k.arrow', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'arrow-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const alloc = (size: number) => new Uint8Array(size);

test('flights-200k: read straight into one chunk, and read in place from it', () => {
  using file = openArrowFile(flights);
  expect(file.schema.fields.map(String)).toEqual(['delay: Int16', 'distance: Int16', 'time: Float32']);
  expect([file.batchCount, file.dictionaryCount, file.rowsIn(0)]).toEqual([1, 0, 200_000]);
  const sizes: number[] = [];
  const chunks: Uint8Array[] = [];
  const segments = file.readBatchInto(0, (size) => {
    sizes.push(size);
    const chunk = alloc(size);
    chunks.push(chunk);
    return chunk;
  });
  expect(segments.map(({ byteLength }) => byteLength)).toEqual([320, ...sizes]);
  expect(segments[1]?.buffer).toBe(chunks[0]?.buffer);
  const payload = ZBytes.fromSegments(segments);
  const [batch] = decodeBatches(payload, { validate: 'full' });
  payload.assertZeroCopy();
  for (const column of batch?.data.children ?? []) {
    expect(column.values.buffer).toBe(chunks[0]?.buffer);
    expect(column.values.byteOffset % 64).toBe(0);
  }
  const stock = tableFromIPC(readFileSync(flights));
  for (const name of ['delay', 'distance', 'time']) {
    // Not toEqual, which takes seconds for 200,000 values.
    expect(bytesOf(batch?.getChild(name)?.toArray()).equals(bytesOf(stock.getChild(name)?.toArray()))).toBe(true);
  }
  expect(tableFromIPC(payload.toBytes()).numRows).toBe(200_000);
});

test('several batches and dictionaries: each payload stands for itself', () => {
  // The same dictionaries: a file can't replace one.
  const batch = wideBatch(true);
  const batches = [batch, batch.slice(0, 30)];
  const path = write('wide.arrow', tableToIPC(new Table(batches), 'file'));
  using file = openArrowFile(path);
  expect(file.batchCount).toBe(2);
  const dictionaries = file.readDictionariesInto(alloc);
  expect(dictionaries).toHaveLength(file.dictionaryCount);
  batches.forEach((batch, index) => {
    for (const segments of [file.readBatchInto(index, alloc), file.readBatchInto(index, alloc, dictionaries)]) {
      const payload = ZBytes.fromSegments(segments);
      expect(valuesOf(decodeBatches(payload)[0] as RecordBatch)).toEqual(valuesOf(batch));
      expect(payload.ledger.copied).toBe(0);
    }
    expect(file.rowsIn(index)).toBe(batch.numRows);
  });
});

test('a descriptor stays open, a file that was opened here is closed', () => {
  const fd = openSync(flights, 'r');
  const file = openArrowFile(fd);
  file[Symbol.dispose]();
  expect(() => file.rowsIn(0)).toThrow(expect.objectContaining({ code: 'ARROW_IO' }));
  expect(openArrowFile(fd).batchCount).toBe(1);
  closeSync(fd);
  expect(() => openArrowFile(fd)).toThrow(expect.objectContaining({ code: 'ARROW_IO' }));
  expect(() => openArrowFile(join(folder, 'missing'))).toThrow(expect.objectContaining({ code: 'ARROW_IO' }));
});

test('an index outside, and memory that does not fit, are refused', () => {
  using file = openArrowFile(flights);
  expect(() => file.readBatchInto(1, alloc)).toThrow(expect.objectContaining({ code: 'ARROW_INVALID' }));
  expect(() => file.readBatchInto(0, () => alloc(8))).toThrow(expect.objectContaining({ code: 'ARROW_TARGET' }));
});

test('a file cut at any byte is a typed error', () => {
  const bytes = tableToIPC(new Table([wideBatch(false)]), 'file');
  const codes = new Set<unknown>();
  for (let length = 0; length < bytes.byteLength; length += 37) codes.add(codeOf(bytes.subarray(0, length)));
  expect([...codes].sort()).toEqual(['ARROW_INVALID', 'ARROW_TRUNCATED']);
});

test('a file with any byte of its footer changed opens, or is a typed error', () => {
  const bytes = tableToIPC(new Table([wideBatch(false)]), 'file');
  const codes = new Set<unknown>();
  for (let at = bytes.byteLength - 900; at < bytes.byteLength; at += 3) {
    const copy = bytes.slice();
    copy[at] = (copy[at] as number) ^ 0x55;
    codes.add(codeOf(copy));
  }
  codes.delete(undefined);
  for (const code of codes) expect(code).toMatch(/^ARROW_/);
});

function codeOf(bytes: Uint8Array): unknown {
  try {
    using file = openArrowFile(write('broken.arrow', bytes));
    for (let index = 0; index < file.batchCount; index++) {
      decodeBatches(ZBytes.fromSegments(file.readBatchInto(index, alloc)));
    }
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
