// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import {
  ARROW_BATCH_MEDIA_TYPE,
  ARROW_STREAM_MEDIA_TYPE,
  declareTablePublisher,
  layoutBatch,
  subscribeTable,
  type TableMode,
  type TableSubscriber,
  writeBatch,
} from '@zenoh-segments/arrow';
import { CongestionControl, ShmProvider } from '@zenoh-segments/core';
import type { TypeMap } from 'apache-arrow';
import { buildBatch } from '../support/arrow/build.js';
import type { Column } from '../support/arrow/column.js';
import { allColumns, nestedColumns, sliced } from '../support/arrow/columns.js';
import { differences } from '../support/arrow/differences.js';
import { readBatch } from '../support/arrow/read.js';
import { peerTest } from '../support/peers.js';
import { LINKS, withZenohPeer, type ZenohPeer } from '../support/python-zenoh.js';

/** Table publishers and subscribers with pyarrow at the other end: every type, both modes, late joiners, memory in place. */

const KEY = 'interop/arrow/tables';
const RELIABLY = { congestionControl: CongestionControl.BLOCK };
const ENCODINGS: Readonly<Record<TableMode, string>> = {
  'self-contained': ARROW_STREAM_MEDIA_TYPE,
  'schema-ref': ARROW_BATCH_MEDIA_TYPE,
};
const MODES = Object.keys(ENCODINGS) as TableMode[];

const nulls = allColumns(true);
const nested = nestedColumns(true, 20);
const batch = buildBatch(nulls);

/** What test/peers/arrow_table_peer.py tells of a table. */
interface PythonTable {
  readonly encoding: string;
  /** Heads that it had to ask for. */
  readonly asked: number;
  readonly batches: readonly (readonly Column[])[];
}

interface InPlace {
  readonly isShm: boolean;
  /** Sizes of buffers that are not where the payload is. */
  readonly copied: readonly number[];
  readonly buffers: number;
  readonly remainders: readonly number[];
  readonly batches: readonly (readonly Column[])[];
}

describe.each(LINKS)('%s', (link) => {
  const withPeer = (run: (peer: ZenohPeer) => Promise<void>) => withZenohPeer('arrow_table_peer.py', { link }, run);

  describe.each(MODES)('%s', (mode) => {
    peerTest('python', 'pyarrow reads what a table publisher puts, whole and sliced; a late joiner too', () =>
      withPeer(async ({ python, session, subscribe }) => {
        await using publisher = await declareTablePublisher(session, KEY, batch.schema, { mode, ...RELIABLY });
        // Nobody is there yet to see a schema.
        for (const part of [batch, batch.slice(5, 9)]) await publisher.put(part);
        await subscribe(KEY);
        for (const [start, end] of [
          [0, 77],
          [13, 70],
          [76, 77],
          [5, 5],
        ] as const) {
          await publisher.put(batch.slice(start, end));
          const { encoding, asked, batches } = await python.call<PythonTable>('next_table', { key: KEY });
          expect(encoding).toBe(ENCODINGS[mode]);
          expect(asked).toBe(mode === 'schema-ref' && start === 0 ? 1 : 0);
          expect(differences(batches, [sliced(nulls, start, end)])).toEqual([]);
        }
      }),
    );

    peerTest('python', 'and each type inside each other', () =>
      withPeer(async ({ python, session, subscribe }) => {
        const wide = buildBatch(nested);
        await using publisher = await declareTablePublisher(session, KEY, wide.schema, { mode, ...RELIABLY });
        await subscribe(KEY);
        await publisher.put(wide);
        const { batches } = await python.call<PythonTable>('next_table', { key: KEY });
        expect(differences(batches, [nested])).toEqual([]);
      }),
    );
  });

  peerTest('python', 'a table subscriber reads what pyarrow puts in both forms, and fetches its heads', () =>
    withPeer(async ({ python, session }) => {
      await python.call('serve_heads', { key: KEY });
      await using subscriber = await subscribeTable(session, KEY, { validate: 'full' });
      const tables = valuesOf(subscriber);
      const as_shm = link === 'shm';
      const fields = { encoding: ARROW_STREAM_MEDIA_TYPE };
      for (const columns of [nulls, sliced(nulls, 3, 9), nested, nulls]) {
        await python.call('put_bare_table', { key: KEY, columns, as_shm });
        await python.call('put_stream', { key: KEY, batches: [columns], as_shm, fields });
        for (let form = 0; form < 2; form++) {
          const { value } = await tables.next();
          expect(differences(value!, [columns])).toEqual([]);
        }
      }
    }),
  );
});

peerTest('python', 'pyarrow reads every type where it lies in shared memory, each buffer at a multiple of 64', () =>
  withZenohPeer('arrow_table_peer.py', { link: 'shm' }, async ({ python, session, subscribe }) => {
    await subscribe(KEY);
    const cuts = [
      { columns: nulls, start: 0, end: 77 },
      { columns: nulls, start: 13, end: 60 },
      { columns: nested, start: 1, end: 19 },
    ];
    for (const { columns, start, end } of cuts) {
      const layout = layoutBatch(buildBatch(columns).slice(start, end));
      using chunk = await new ShmProvider({ size: layout.byteLength + 65_536 }).alloc(layout.byteLength);
      writeBatch(chunk.bytes, layout);
      await session.put(KEY, chunk.bytes, { encoding: ARROW_STREAM_MEDIA_TYPE, ...RELIABLY });
      const { batches, buffers, ...told } = await python.call<InPlace>('next_in_place');
      expect(told).toEqual({ isShm: true, copied: [], remainders: [0] });
      expect(buffers).toBeGreaterThan(columns.length);
      expect(differences(batches, [sliced(columns, start, end)])).toEqual([]);
    }
  }),
);

/** The tables that come, each as its batches in the shared form. */
async function* valuesOf(subscriber: TableSubscriber<TypeMap>): AsyncGenerator<Column[][]> {
  for await (const sample of subscriber) yield sample.batches.map(readBatch);
}
