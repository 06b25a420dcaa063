// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A subscriber whose callback holds the event loop for 50 ms, until SIGUSR2; then it hurries, and once as many samples as
// were sent have come (the publisher tells by a last message), it accounts for all of them.
import { Config, Session } from '@zenoh-segments/core';

const [policy, port, count] = process.argv.slice(2);
const config = new Config();
config.insertJson5('scouting/multicast/enabled', 'false');
config.insertJson5('listen/endpoints', `["tcp/127.0.0.1:${port}"]`);
const session = await Session.open(config);

const sleeper = new Int32Array(new SharedArrayBuffer(4));
let hurry = false;
process.on('SIGUSR2', () => {
  hurry = true;
});
let handled = 0;
let deepest = 0;
let overflow;
process.on('uncaughtException', (error) => {
  overflow = error.code;
});
const subscriber = await session.declareSubscriber('fast', {
  handler: () => {
    handled++;
    deepest = Math.max(deepest, subscriber.stats().queued);
    if (!hurry) Atomics.wait(sleeper, 0, 0, 50);
  },
  bounds: { count: Number(count), policy },
});
const memory = [];
const sampling = setInterval(() => memory.push(process.memoryUsage().rss), 1000);
// What a failure is explained with.
const telling = setInterval(() => {
  const { connections } = session.stats();
  console.log(JSON.stringify({ hurry, handled, overflow, connections, ...subscriber.stats() }));
}, 10_000);
const last = await session.declareSubscriber('last');
console.log('listening');
const sent = Number((await last.receiver().receive()).payload().toString());
while (subscriber.stats().received < sent) await new Promise(setImmediate);
while (subscriber.stats().queued > 0 && overflow === undefined) await new Promise(setImmediate);
await new Promise(setImmediate);
clearInterval(sampling);
clearInterval(telling);
const { received, delivered, dropped, queued, waiting, highWater } = subscriber.stats();
const figures = { sent, received, delivered, handled, dropped, queued, waiting, highWater, deepest, overflow };
const grown = Math.max(...memory) - (memory[Math.floor(memory.length / 4)] ?? 0);
console.log(`result ${JSON.stringify({ ...figures, grown })} end`);
await session.put('done', '');
await session.close();
