// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Connects to a port, and declares and undeclares a subscriber again and again.
import { Config, Session } from '@zenoh-segments/core';

const [port, key, times] = process.argv.slice(2);
const config = new Config();
config.insertJson5('scouting/multicast/enabled', 'false');
config.insertJson5('listen/endpoints', '[]');
config.insertJson5('connect/endpoints', `["tcp/127.0.0.1:${port}"]`);
const session = await Session.open(config);
for (let i = 0; i < Number(times); i++) {
  const subscriber = await session.declareSubscriber(key, { handler: () => {} });
  await subscriber.undeclare();
}
await session.close();
