// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Publishes large messages to a slow link for a while, never awaiting one before the next, then tells what became of the
// puts, and how long the event loop was held up.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { alloc, Config, CongestionControl, Session } from '@zenoh-segments/core';

const [port, congestion, memory, size, count, batches] = process.argv.slice(2);
const config = new Config();
config.insertJson5('scouting/multicast/enabled', 'false');
config.insertJson5('listen/endpoints', `["tcp/127.0.0.1:${port}"]`);
// zenoh's 5 s would only make the test longer.
config.insertJson5('transport/link/tx/queue/congestion_control/block/wait_before_close', '1500000');
config.insertJson5('transport/link/tx/queue/size/data', batches);
const session = await Session.open(config);
const publisher = await session.declarePublisher('slow', { congestionControl: CongestionControl[congestion] });
console.log('listening');
while (!(await publisher.matchingStatus()).matching()) await delay(10);

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
const results = {};
let longestCall = 0;
const puts = [];
for (let i = 0; i < Number(count); i++) {
  const bytes = memory === 'native' ? alloc(Number(size)).bytes : new Uint8Array(Number(size));
  const start = performance.now();
  const put = publisher.put(bytes);
  longestCall = Math.max(longestCall, performance.now() - start);
  // The memory is the caller's again as soon as the call has returned, unless the payload is lent.
  if (memory === 'transferred') structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  puts.push(
    put.then(
      (result) => result,
      (error) => error.code,
    ),
  );
  await delay(20);
}
for (const result of await Promise.all(puts)) results[result] = (results[result] ?? 0) + 1;
delays.disable();
const ms = (nanoseconds) => Number((nanoseconds / 1e6).toFixed(1));
const loop = { p50: ms(delays.percentile(50)), p99: ms(delays.percentile(99)), max: ms(delays.max) };
const { copied, reasons } = session.ledger.snapshot();
console.log(`result ${JSON.stringify({ results, loop, longestCall: ms(longestCall * 1e6), copied, reasons })} end`);
await session.close();
