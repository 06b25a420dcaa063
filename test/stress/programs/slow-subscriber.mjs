// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Config, Session } from '@zenoh-segments/core';

const config = new Config();
config.insertJson5('scouting/multicast/enabled', 'false');
config.insertJson5('listen/endpoints', '[]');
config.insertJson5('connect/endpoints', `["tcp/127.0.0.1:${process.argv[2]}"]`);
const session = await Session.open(config);
await session.declareSubscriber('slow', { handler: () => {} });
