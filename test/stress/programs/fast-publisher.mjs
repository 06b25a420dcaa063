// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// 5,000 messages a second for some seconds, none of which zenoh may drop; then the number of those sent.
import { setTimeout as delay } from 'node:timers/promises';
import { Config, CongestionControl, Session } from '@zenoh-segments/core';

const [port, seconds] = process.argv.slice(2);
const PER_SECOND = 5000;
const config = new Config();
config.insertJson5('scouting/multicast/enabled', 'false');
config.insertJson5('listen/endpoints', '[]');
config.insertJson5('connect/endpoints', `["tcp/127.0.0.1:${port}"]`);
// A subscriber that blocks is slow for longer than zenoh bears by default.
config.insertJson5('transport/link/tx/queue/congestion_control/block/wait_before_close', '600000000');
// The subscriber's zenoh gives up a link whose thread a callback held for longer than the lease this side promises, 10 s unless
// told: a batch of 200 messages is enough. What then is left of the link takes nothing more, and a put waits for ever.
config.insertJson5('transport/link/tx/lease', '600000');
const session = await Session.open(config);
const options = { congestionControl: CongestionControl.BLOCK };
const publisher = await session.declarePublisher('fast', options);
while (!(await publisher.matchingStatus()).matching()) await delay(10);

let sent = 0;
let doing = 'putting';
// What a failure is explained with.
const telling = setInterval(() => console.log(JSON.stringify({ doing, sent, ...session.stats() })), 10_000);
const start = performance.now();
for (let elapsed = 0; elapsed < Number(seconds) * 1000; elapsed = performance.now() - start) {
  const due = Math.min((elapsed / 1000) * PER_SECOND - sent, 256);
  const puts = [];
  for (let i = 0; i < due; i++) puts.push(publisher.put(`message ${sent++} of a fleet of sensors`));
  // Back-pressure: no more is sent before these went out.
  await Promise.all(puts);
  await delay(5);
}
doing = 'saying that all is sent';
// Closing would not wait for a peer that takes its time.
const done = await session.declareSubscriber('done');
await session.put('last', `${sent}`, options);
console.log('sent');
doing = 'waiting for the end';
await done.receiver().receive();
clearInterval(telling);
await session.close();
