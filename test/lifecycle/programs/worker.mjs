// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The addon in the main thread and in workers, each with a session of its own; or in a worker alone, terminated at work.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const [mode] = process.argv.slice(2);

async function work() {
  const { openSession } = await import('./common.mjs');
  const session = await openSession();
  let received = 0;
  await session.declareSubscriber('demo/**', { handler: () => received++ });
  return {
    async run(puts) {
      for (let i = 0; i < puts; i++) await session.put('demo/a', new Uint8Array(10_000));
      while (received < puts) await new Promise(setImmediate);
      return received;
    },
    close: () => session.close(),
  };
}

if (isMainThread) {
  const own = mode === 'both' ? await work() : undefined;
  const rounds = mode === 'terminate' ? 100 : 3;
  for (let round = 0; round < rounds; round++) {
    const worker = new Worker(new URL(import.meta.url), { argv: [mode] });
    const first = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    console.log('worker', first);
    if (mode === 'terminate') await worker.terminate();
    else await new Promise((resolve) => worker.once('exit', resolve));
  }
  if (own !== undefined) {
    console.log('main', await own.run(10));
    await own.close();
  }
  console.log('done');
} else {
  const { run, close } = await work();
  parentPort.postMessage(await run(10));
  if (mode === 'terminate') for (;;) await run(1);
  await close();
}
