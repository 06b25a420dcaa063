// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { openSession } from './common.mjs';

const reports = [];
process.on('uncaughtException', (error) => reports.push(`uncaught ${error.code ?? error.message}`));
process.on('unhandledRejection', (error) => reports.push(`unhandled ${error.message}`));

const session = await openSession();
const seen = [];
await session.declareSubscriber('demo/**', {
  handler: (sample) => {
    seen.push(sample.payload().toString());
    if (seen.length === 1) throw new Error('first');
  },
});
await session.declareSubscriber('demo/**', {
  handler: async (sample) => {
    if (sample.payload().toString() === '1') throw new Error('rejected');
  },
});
await session.declareSubscriber('demo/**', { handler: () => {}, bounds: { count: 2, policy: 'error' } });
for (const text of ['0', '1', '2']) await session.put('demo/a', text);
const deadline = performance.now() + 5000;
while ((seen.length < 3 || reports.length < 3) && performance.now() < deadline) await new Promise(setImmediate);
await session.close();
console.log(JSON.stringify({ seen, reports: reports.sort() }));
