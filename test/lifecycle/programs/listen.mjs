// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Listens and scouts. How that ends is the argument: close, undeclare, unref, timeout, exit, or a terminated worker.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const [ending] = process.argv.slice(2);

if (ending === 'terminate' && isMainThread) {
  for (let round = 0; round < 5; round++) {
    const worker = new Worker(new URL(import.meta.url), { argv: [ending] });
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    await worker.terminate();
  }
  console.log('done');
} else {
  const { Config, scout } = await import('@zenoh-segments/core');
  const { openSession } = await import('./common.mjs');
  const session = await openSession();
  const publisher = await session.declarePublisher('demo/a');
  const info = await session.info();
  const listeners = [
    await publisher.matchingListener({ handler: () => {} }),
    await info.transportEventsListener(),
    await info.linkEventsListener(),
  ];
  const config = new Config();
  config.insertJson5('scouting/multicast/interface', '"127.0.0.1"');
  const search = await scout('router', config, ending === 'timeout' ? { timeout: 50 } : {});
  console.log('listening');
  if (ending === 'close') await session.close();
  if (ending === 'undeclare' || ending === 'timeout') for (const listener of listeners) await listener.undeclare();
  if (ending === 'unref') for (const listener of [...listeners, search]) listener.unref();
  if (ending === 'close' || ending === 'undeclare') await search.stop();
  if (ending === 'exit') process.exit(7);
  if (ending === 'terminate') parentPort.postMessage('listening');
}
