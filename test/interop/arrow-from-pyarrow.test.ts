// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { ARROW_STREAM_MEDIA_TYPE, ArrowPayloadError, decodeBatches, tableFromZBytes } from '@zenoh-segments/arrow';
import type { ZBytes } from '@zenoh-segments/core';
import type { Column } from '../support/arrow/column.js';
import { allColumns, ROWS, sliced } from '../support/arrow/columns.js';
import { readBatch } from '../support/arrow/read.js';
import { peerTest } from '../support/peers.js';
import { sha256 } from '../support/peers-bytes.js';
import { Inbox } from '../support/peers-inbox.js';
import { LINKS, type PythonPut, withZenohPeer, type ZenohPeer } from '../support/python-zenoh.js';

const PROGRAM = 'arrow_peer.py';
const KEY = 'interop/arrow/from/python';
const FIELDS = { encoding: ARROW_STREAM_MEDIA_TYPE, congestionControl: 'BLOCK' };

const plain = allColumns(false);
const nulls = allColumns(true);

interface Variant {
  readonly columns: readonly Column[];
  /** Rows [start, end) are written. */
  readonly cut?: readonly [start: number, end: number];
}

const VARIANTS: Readonly<Record<string, Variant>> = {
  plain: { columns: plain },
  nulls: { columns: nulls },
  'sliced at a byte': { columns: nulls, cut: [8, 70] },
  'sliced at a bit': { columns: plain, cut: [3, 61] },
  'nulls, sliced at a bit': { columns: nulls, cut: [13, ROWS] },
  'one row': { columns: nulls, cut: [ROWS - 1, ROWS] },
  'no rows': { columns: nulls, cut: [5, 5] },
};

describe.each(LINKS)('we open what pyarrow writes, %s', (link) => {
  for (const [variant, { columns, cut }] of Object.entries(VARIANTS)) {
    peerTest('python', `every type, ${variant}: equal`, () =>
      withZenohPeer(PROGRAM, { link }, async (peer) => {
        const inbox = await Inbox.on(peer.session, KEY);
        await put(peer, [columns], { cut });
        const sample = await inbox.next();
        expect(sample.isShm()).toBe(link === 'shm');
        expect(sample.encoding().toString()).toBe(ARROW_STREAM_MEDIA_TYPE);
        expect(decoded(sample.payload())).toEqual([cut === undefined ? columns : sliced(columns, ...cut)]);
        if (link === 'shm') sample.payload().assertZeroCopy();
      }),
    );
  }

  peerTest('python', 'several batches, with dictionaries replaced, and with deltas', () =>
    withZenohPeer(PROGRAM, { link }, async (peer) => {
      const inbox = await Inbox.on(peer.session, KEY);
      // pyarrow puts what a dictionary gains at its end, so longer batches give deltas.
      const batches = [sliced(plain, 0, 2), sliced(plain, 0, 4), sliced(nulls, 0, ROWS), sliced(plain, 0, ROWS)];
      for (const deltas of [false, true]) {
        const written = await put(peer, batches, { deltas });
        expect(written.deltas > 0).toBe(deltas);
        expect(decoded((await inbox.next()).payload())).toEqual(batches);
      }
    }),
  );

  peerTest('python', '5 MB of doubles: bytes equal, and copied only where a receive buffer ends', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      const put = await python.call<PythonPut & { readonly values: string }>('put_doubles', {
        key: KEY,
        rows: 625_001,
        as_shm: link === 'shm',
        fields: FIELDS,
      });
      const payload = (await inbox.next()).payload();
      const [batch] = decodeBatches(payload, { validate: 'full' });
      const values = batch?.data.children[0]?.values as Float64Array;
      expect(sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))).toBe(put.values);
      expect(values[3]).toBe(1);
      if (link === 'shm') payload.assertZeroCopy();
      else expect(payload.ledger.copied).toBe(payload.ledger.copiedFor('gather'));
    }),
  );
});

peerTest('python', "a schema's metadata, and a table of our own over received memory", () =>
  withZenohPeer(PROGRAM, { link: 'shm' }, async (peer) => {
    const inbox = await Inbox.on(peer.session, KEY);
    await put(peer, [nulls, plain], { metadata: { origin: 'été' } });
    using sample = await inbox.next();
    const table = tableFromZBytes(sample.payload());
    expect(table.schema.metadata).toEqual(new Map([['origin', 'été']]));
    expect(table.numRows).toBe(2 * ROWS);
    expect(table.getChild('int64')?.get(ROWS)).toBe(-(2n ** 63n));
    expect(table.getChild('dictionary int8')?.get(2)).toBe('blue');
  }),
);

const REFUSED: readonly (readonly [name: string, typeName: string])[] = [
  ['run_end_encoded', 'RunEndEncoded'],
  ['list_view', 'ListView'],
  ['large_list_view', 'LargeListView'],
  ['dictionary_int64', 'Dictionary with Int64 indices'],
];

describe('what pyarrow writes and we do not read is refused by name', () => {
  peerTest('python', 'types', () =>
    withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      for (const [name, typeName] of REFUSED) {
        await python.call('put_other', { key: KEY, name });
        const error = errorOf((await inbox.next()).payload());
        expect(error).toMatchObject({ code: 'ARROW_UNSUPPORTED_TYPE', typeName, column: 'other' });
      }
    }),
  );
});

interface WriteOptions {
  readonly cut?: readonly [number, number] | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly deltas?: boolean;
}

function put({ python, link }: ZenohPeer, batches: readonly (readonly Column[])[], options: WriteOptions) {
  const args = { key: KEY, batches, as_shm: link === 'shm', fields: FIELDS, ...options };
  return python.call<PythonPut & { readonly deltas: number }>('put_stream', args);
}

function decoded(payload: ZBytes): readonly Column[][] {
  return decodeBatches(payload, { validate: 'full' }).map(readBatch);
}

function errorOf(payload: ZBytes): ArrowPayloadError {
  try {
    decodeBatches(payload);
  } catch (error) {
    if (error instanceof ArrowPayloadError) return error;
    throw error;
  }
  throw new Error('the payload was not refused');
}
