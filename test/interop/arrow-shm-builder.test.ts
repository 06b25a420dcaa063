// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect } from '@jest/globals';
import { ARROW_STREAM_MEDIA_TYPE, ShmTableBuilder } from '@zenoh-segments/arrow';
import { CongestionControl, ShmProvider } from '@zenoh-segments/core';
import { Bool, Field, Float64, Int32, Schema, Utf8 } from 'apache-arrow';
import { peerTest } from '../support/peers.js';
import { withZenohPeer } from '../support/python-zenoh.js';

const KEY = 'interop/arrow/shm-builder';

const schema = new Schema<{ d: Float64; i: Int32; s: Utf8; b: Bool }>([
  new Field('d', new Float64(), true),
  new Field('i', new Int32()),
  new Field('s', new Utf8(), true),
  new Field('b', new Bool(), true),
]);

peerTest(
  'python',
  'pyarrow reads what was built in shared memory, and each of its buffers starts at a multiple of 64',
  () =>
    withZenohPeer('arrow_peer.py', { link: 'shm' }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      const publisher = await session.declarePublisher(KEY, {
        encoding: ARROW_STREAM_MEDIA_TYPE,
        congestionControl: CongestionControl.BLOCK,
      });
      // Room for more than comes: what was not used lies between the buffers.
      using builder = new ShmTableBuilder(new ShmProvider({ size: 2 ** 20 }), schema, { rows: 1000 });
      const rows = Array.from({ length: 77 }, (_, i) => ({
        d: i % 5 === 0 ? null : i / 4,
        i: 50 - i,
        s: i % 7 === 0 ? null : 'né'.repeat(i % 4),
        b: i % 3 === 0 ? null : i % 2 === 0,
      }));
      for (let round = 0; round < 3; round++) {
        for (const row of rows) builder.append(row);
        await publisher.put(builder.finish());
        expect(await python.call('next_aligned')).toEqual({
          isShm: true,
          remainders: [0],
          buffers: 8,
          rows,
        });
        builder.reset();
      }
      expect(publisher.ledger.copied).toBe(0);
    }),
);
