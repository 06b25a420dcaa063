// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Closes sessions where it is awkward: each way must end, and say whether it was clean.
import { openSession } from './common.mjs';

const told = {};
const close = async (name, session, run) => {
  const start = performance.now();
  try {
    await run(session);
    told[name] = 'clean';
  } catch (error) {
    told[name] = error.code;
  }
  if (performance.now() - start > 3500) told[name] += ' late';
  if (!session.isClosed()) told[name] += ' open';
};

const callback = await openSession();
await close('in a callback', callback, async (session) => {
  let closing;
  await session.declareSubscriber('a', {
    handler: () => {
      closing = session.close();
    },
  });
  session.putSync('a', 'x');
  while (closing === undefined) await new Promise(setImmediate);
  await closing;
});
const four = await openSession();
await close('four at once', four, (session) => Promise.all([1, 2, 3, 4].map(() => session.close())));
const declaring = await openSession();
await close('while it declares', declaring, async (session) => {
  const declared = Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => session.declareSubscriber(`a/${i}`, { handler: () => {} })),
  );
  await session.close();
  for (const { reason } of await declared) {
    if (reason !== undefined && reason.code !== 'SESSION_CLOSED') throw reason;
  }
});
const iterating = await openSession();
await close('inside for await', iterating, async (session) => {
  const subscriber = await session.declareSubscriber('a');
  session.putSync('a', 'x');
  for await (const _ of subscriber) await session.close();
});
const last = await openSession();
let ended = false;
process.on('beforeExit', async () => {
  if (ended) return;
  ended = true;
  await close('before the exit', last, (session) => session.close());
  console.log(JSON.stringify(told));
});
