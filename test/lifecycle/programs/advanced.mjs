// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Tasks of zenoh's run for everything that is declared here. What happens then is the argument: close, undeclare or exit.
import { openSession } from './common.mjs';

const [ending] = process.argv.slice(2);
const session = await openSession();
const publisher = await session.declareAdvancedPublisher('demo/a', {
  cache: { maxSamples: 10 },
  sampleMissDetection: { heartbeat: 1 },
  publisherDetection: true,
});
const common = { history: { detectLatePublishers: true }, subscriberDetection: true };
const subscribers = [];
for (const recovery of [{ heartbeat: true }, { periodicQueries: 5 }]) {
  let received;
  const came = new Promise((resolve) => {
    received = resolve;
  });
  const subscriber = await session.declareAdvancedSubscriber('demo/**', { ...common, recovery, handler: received });
  await subscriber.sampleMissListener(() => {});
  await publisher.put('x');
  await came;
  subscribers.push(subscriber);
}
console.log('running');
if (ending === 'close') await session.close();
if (ending === 'undeclare') for (const subscriber of subscribers) await subscriber.undeclare();
if (ending === 'exit') process.exit(7);
