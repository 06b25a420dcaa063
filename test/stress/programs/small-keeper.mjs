// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Keeps one of every `every` payloads after `warm` of them, up to `keep`, and tells what that costs.
import { setImmediate } from 'node:timers/promises';
import { openSession } from '../../lifecycle/programs/common.mjs';

const [port, warm, keep, every] = process.argv.slice(2).map(Number);
const kept = [];
let came = 0;
let before = 0;

/** Resident memory, and what V8 counts, after everything that can go has gone. */
async function inUse() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await setImmediate();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, counted: heapUsed + external };
}

const session = await openSession({ connect: port });
await session.declareSubscriber('stress/small', {
  bounds: { policy: 'block' },
  handler: (sample) => {
    came++;
    if (came > warm && came % every === 0) kept.push(sample.payload());
    if (came === warm) void baseline();
    if (kept.length === keep) void tell();
  },
});
console.log('reading');

async function baseline() {
  before = await inUse();
  console.log('warm');
}

async function tell() {
  const { rss, counted } = await inUse();
  const whole = kept.every((payload) => payload.length === 64 && payload.toBytes().every((byte) => byte === 7));
  const told = { kept: kept.length, whole, rss: rss - before.rss, counted: counted - before.counted };
  console.log(`result ${JSON.stringify(told)} end`);
}
