// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { servePublisher } from '../publishing.mjs';
import { Tally } from '../tally.mjs';
import { QOS } from './sources.mjs';

/** @typedef {import('@zenoh-segments/core').Session} Session */

const KEY = 'bench/payload';

/** @param {Session} session @param {import('./sources.mjs').Source} source */
export async function publish(session, source) {
  const publisher = await session.declarePublisher(KEY, QOS);
  await servePublisher({
    probe: () => publisher.put('?'),
    send: (number) => source(publisher, number),
    more: () => ({ ledger: publisher.ledger.snapshot() }),
  });
}

/** @param {Session} session */
export async function subscribe(session) {
  const tally = new Tally();
  let touched = 0;
  const subscriber = await session.declareSubscriber(KEY, {
    bounds: { policy: 'block' },
    handler: (sample) => {
      const payload = sample.payload();
      touched += payload.segments()[0]?.[0] ?? 0;
      tally.receive(payload.length, sample.isShm());
      sample[Symbol.dispose]();
    },
  });
  await tally.serve(() => ({ touched, ledger: subscriber.ledger.snapshot() }));
}
