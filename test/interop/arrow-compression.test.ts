// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { beforeAll, describe, expect } from '@jest/globals';
import {
  type CompressionName,
  decodeBatches,
  encodeBatch,
  headOf,
  loadCompression,
  openHead,
} from '@zenoh-segments/arrow';
import { CongestionControl, ZBytes } from '@zenoh-segments/core';
import { type Data, Int32, makeData, type RecordBatch, Utf8, vectorFromArray } from 'apache-arrow';
import { buildBatch } from '../support/arrow/build.js';
import type { Column } from '../support/arrow/column.js';
import { allColumns, ROWS, sliced } from '../support/arrow/columns.js';
import { readBatch } from '../support/arrow/read.js';
import { peerTest } from '../support/peers.js';
import { sha256 } from '../support/peers-bytes.js';
import { Inbox } from '../support/peers-inbox.js';
import { withZenohPeer } from '../support/python-zenoh.js';
import { batchOf } from '../unit/arrow/fixtures.js';

const PROGRAM = 'arrow_forms_peer.py';
const KEY = 'interop/arrow/forms/to/python';
const IN = 'interop/arrow/forms/from/python';
const TCP = { link: 'tcp' } as const;
const FIELDS = { congestionControl: 'BLOCK' };
const OPTIONS = { congestionControl: CongestionControl.BLOCK };

const plain = allColumns(false);
const nulls = allColumns(true);
const VARIANTS = [plain, nulls, sliced(nulls, 0, 1), sliced(nulls, 0, 0)];

interface Numbers {
  readonly hashes: readonly string[];
}

beforeAll(loadCompression);

describe.each<CompressionName>(['lz4', 'zstd'])('%s', (compression) => {
  peerTest('python', 'pyarrow opens every type that we compress', () =>
    withZenohPeer(PROGRAM, TCP, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      for (const columns of VARIANTS) {
        await session.put(KEY, encodeBatch(buildBatch(columns), { compression }), OPTIONS);
        expect(await python.call('next_stream')).toMatchObject({ batches: [columns] });
      }
      await session.put(KEY, encodeBatch(buildBatch(nulls).slice(3, 70), { compression }), OPTIONS);
      expect(await python.call('next_stream')).toMatchObject({ batches: [sliced(nulls, 3, 70)] });
    }),
  );

  peerTest('python', 'we open every type that pyarrow compresses', () =>
    withZenohPeer(PROGRAM, TCP, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      for (const columns of VARIANTS) {
        await python.call('put_stream', { key: KEY, batches: [columns, columns], compression, fields: FIELDS });
        expect(decoded((await inbox.next()).payload())).toEqual([columns, columns]);
      }
      await python.call('put_stream', { key: KEY, batches: [nulls], cut: [13, ROWS], compression, fields: FIELDS });
      expect(decoded((await inbox.next()).payload())).toEqual([sliced(nulls, 13, ROWS)]);
    }),
  );

  // Below and above the 64 KiB and 4 MiB that blocks of LZ4 frames have, and matches across them.
  peerTest('python', 'large columns, both ways', () =>
    withZenohPeer(PROGRAM, TCP, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      const inbox = await Inbox.on(session, IN);
      for (const [rows, period] of [
        [16_384, 7],
        [20_000, 5000],
        [300_000, 70_001],
      ] as const) {
        const batch = numbers(rows, period);
        const payload = encodeBatch(batch, { compression });
        await session.put(KEY, payload, OPTIONS);
        const hashes = hashesOf(batch);
        expect(await python.call('next_numbers')).toEqual({ length: payload.length, hashes: [hashes] });
        const put = await python.call<Numbers>('put_numbers', {
          key: IN,
          rows,
          period,
          compression,
          fields: FIELDS,
        });
        expect(put.hashes).toEqual(hashes);
        const received = (await inbox.next()).payload();
        expect(decodeBatches(received, { validate: 'full' }).map(hashesOf)).toEqual([hashes]);
        expect(received.ledger.copiedFor('decompress')).toBeGreaterThanOrEqual(rows * 8);
      }
    }),
  );
});

const flat = (columns: readonly Column[]) => columns.filter(({ type }) => !JSON.stringify(type).includes('dictionary'));

peerTest('python', 'bare batches: pyarrow opens ours, with the schema message', () =>
  withZenohPeer(PROGRAM, TCP, async ({ python, session, subscribe }) => {
    await subscribe(KEY);
    const batch = buildBatch(flat(nulls));
    await session.put(KEY, ZBytes.fromSegments(headOf(batch).segments), OPTIONS);
    await session.put(KEY, encodeBatch(batch, { form: 'bare' }), OPTIONS);
    expect(await python.call('next_bare')).toEqual(flat(nulls));
  }),
);

peerTest('python', 'bare batches: head and batch are a stream to pyarrow, dictionaries included', () =>
  withZenohPeer(PROGRAM, TCP, async ({ python, session, subscribe }) => {
    await subscribe(KEY);
    const batch = buildBatch(nulls);
    await session.put(KEY, ZBytes.fromSegments(headOf(batch).segments), OPTIONS);
    await session.put(KEY, encodeBatch(batch, { form: 'bare' }), OPTIONS);
    expect(await python.call('next_parts')).toEqual([nulls]);
  }),
);

peerTest('python', "bare batches: we open pyarrow's, with its schema message", () =>
  withZenohPeer(PROGRAM, TCP, async ({ python, session }) => {
    const inbox = await Inbox.on(session, KEY);
    await python.call('put_bare', { key: KEY, columns: flat(nulls), fields: FIELDS });
    const head = openHead((await inbox.next()).payload());
    const [read] = decodeBatches((await inbox.next()).payload(), { head, validate: 'full' });
    expect(readBatch(read as RecordBatch)).toEqual(flat(nulls));
  }),
);

function decoded(payload: ZBytes): readonly Column[][] {
  return decodeBatches(payload, { validate: 'full' }).map(readBatch);
}

function numbers(rows: number, period: number): RecordBatch {
  const values = Int32Array.from({ length: rows }, (_, row) => row % period);
  const text = vectorFromArray(Array.from(values, String), new Utf8()).data[0] as Data;
  return batchOf({ number: makeData({ type: new Int32(), data: values }), text });
}

/** As the program's `hashes_of`: of the values alone. */
function hashesOf({ data: { children } }: RecordBatch): readonly string[] {
  const [number, text] = children as [Data<Int32>, Data<Utf8>];
  const { buffer, byteOffset, byteLength } = number.values;
  const end = text.valueOffsets[text.length] as number;
  return [sha256(new Uint8Array(buffer, byteOffset, byteLength)), sha256(text.values.subarray(0, end))];
}
