// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Sums every column of the tables where they are: in shared memory, if the publisher is on this machine.
import { decodeBatches } from '@zenoh-segments/arrow';
import { RingChannel } from '@zenoh-segments/core';
import { count, counted, program } from '../program.js';
import { isRight, KEY } from './table.js';

await program(
  `subscribe.js [--count N]
Checks the sum of each column of the tables that are published.
  --count N            ends after as many tables`,
  { count: { type: 'string' } },
  async ({ session, values, signal }) => {
    const most = count('count', values.count);
    // The newest tables are wanted, not all of them.
    const subscriber = await session.declareSubscriber(KEY, { handler: new RingChannel(2) });
    signal.addEventListener('abort', () => void subscriber.undeclare());
    console.log(`subscribed to ${subscriber.keyExpr()}`);

    let received = 0;
    for await (const sample of subscriber) {
      // Without this, the chunk would stay away from the publisher's pool until the garbage collector comes.
      using _ = sample;
      const where = sample.isShm() ? 'in shared memory' : 'over the network';
      for (const batch of decodeBatches(sample.payload())) {
        const verdict = isRight(batch) ? 'right' : 'WRONG';
        console.log(`#${batch.getChildAt(0)?.get(0)}: ${batch.numRows} rows, each sum is ${verdict}, ${where}`);
      }
      if (++received === most) break;
    }
    console.log(`${counted(received, 'table')} received`);
  },
);
