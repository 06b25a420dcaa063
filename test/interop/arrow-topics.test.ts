// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { declareTablePublisher, subscribeTable } from '@zenoh-segments/arrow';
import { Dictionary, Field, Int32, Schema, Utf8 } from 'apache-arrow';
import { peerTest } from '../support/peers.js';
import { LINKS, withZenohPeer } from '../support/python-zenoh.js';

const PROGRAM = 'table_peer.py';
const KEY = 'interop/tables';
const schema = new Schema([new Field('n', new Int32()), new Field('name', new Dictionary(new Utf8(), new Int32()))]);
const ROWS = [
  { n: 1, name: 'red' },
  { n: 2, name: 'blue' },
  { n: 3, name: 'red' },
];
const COLUMNS = { n: ROWS.map(({ n }) => n), name: ROWS.map(({ name }) => name) };

describe.each(LINKS)('%s', (link) => {
  peerTest('python', 'pyarrow opens a self-contained table with one call', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      const publisher = await declareTablePublisher(session, KEY, schema);
      await publisher.put(COLUMNS);
      expect(await python.call('next_table')).toEqual({ encoding: 'application/vnd.apache.arrow.stream', rows: ROWS });
    }),
  );

  peerTest('python', 'a Python program fetches the head of bare batches, and joins the two', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      const publisher = await declareTablePublisher(session, KEY, schema, { mode: 'schema-ref' });
      await publisher.put(COLUMNS);
      await publisher.put({ n: [4], name: ['green'] }, { attachment: 'note' });
      const encoding = 'application/x-arrow-batch';
      expect(await python.call('next_bare')).toEqual({ encoding, rows: ROWS });
      expect(await python.call('next_bare')).toEqual({ encoding, rows: [{ n: 4, name: 'green' }] });
    }),
  );

  peerTest('python', 'bare batches of a Python program, whose head it answers for', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session }) => {
      const subscriber = await subscribeTable(session, 'interop/*');
      await python.call('put_bare', { key: KEY, rows: ROWS, as_shm: link === 'shm' });
      for await (using item of subscriber) {
        expect(item.sample.isShm()).toBe(link === 'shm');
        expect(
          item
            .toTable()
            .toArray()
            .map((row) => row.toJSON()),
        ).toEqual(ROWS);
        break;
      }
    }),
  );
});
