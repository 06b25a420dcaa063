// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Receives shared memory: `drain` gives every payload back at once, `hold` keeps all of them. Counts on SIGUSR2.
import { Config, Session } from '@zenoh-segments/core';

const [port, mode] = process.argv.slice(2);
const config = new Config();
config.insertJson5('scouting/multicast/enabled', 'false');
config.insertJson5('scouting/delay', '0');
config.insertJson5('listen/endpoints', '[]');
config.insertJson5('connect/endpoints', `["tcp/127.0.0.1:${port}"]`);
config.insertJson5('transport/link/tcp/so_rcvbuf', '65536');
config.insertJson5('transport/link/tx/lease', '300000');
const session = await Session.open(config);
let received = 0;
const kept = [];
await session.declareSubscriber('stress/shm', {
  bounds: { count: 1 << 20, bytes: 2 ** 30, policy: 'block' },
  handler: (sample) => {
    received++;
    const payload = sample.payload();
    if (mode === 'hold') kept.push(payload);
    else payload[Symbol.dispose]();
  },
});
process.on('SIGUSR2', () => console.log(`received ${received} end`));
console.log('reading');
