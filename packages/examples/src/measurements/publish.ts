// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Measurements that are written into shared memory, column by column, inside of the record batch that is sent: zenoh passes a
// descriptor on, and nobody copies a value.
import { ARROW_STREAM_MEDIA_TYPE, ShmTableBuilder } from '@zenoh-segments/arrow';
import { CongestionControl, ShmProvider } from '@zenoh-segments/core';
import { count, counted, pause, program } from '../program.js';
import { KEY, measure, ROWS, schema } from './table.js';

await program(
  `publish.js [--count N] [--period MS]
Publishes tables of ${ROWS.toLocaleString('en-US')} measurements, through shared memory for subscribers on this machine.
  --count N            how many tables; without end unless given
  --period MS          time between two tables; 33 unless given`,
  { count: { type: 'string' }, period: { type: 'string', default: '33' } },
  async ({ session, values, signal }) => {
    const [most, period] = [count('count', values.count), count('period', values.period)];
    const publisher = await session.declarePublisher(KEY, {
      encoding: ARROW_STREAM_MEDIA_TYPE,
      congestionControl: CongestionControl.BLOCK,
    });
    using builder = new ShmTableBuilder(new ShmProvider({ size: 6 * 2 ** 20 }), schema, { rows: ROWS });
    console.log(`publishing on ${publisher.keyExpr()}`);

    let taken = 0;
    while (taken < most && !signal.aborted) {
      // Waits while subscribers still read all that the pool has.
      await builder.ready({ signal }).catch((error) => {
        if (!signal.aborted) throw error;
      });
      if (signal.aborted) break;
      measure(taken++, builder.column('sequence').values, builder.column('sensor'), builder.column('value'));
      await publisher.put(builder.finish(ROWS));
      // Gives the chunk back: to the pool, as soon as no subscriber reads it any more.
      builder.reset();
      if (taken < most) await pause(period, signal);
    }
    console.log(`${counted(taken, 'table')} published`);
  },
);
