// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A server that can be killed: serves pages on one port, and other processes on another.
import { Config, Session } from '@zenoh-segments/core';

const [websocket, tcp] = process.argv.slice(2);
const config = new Config();
config.insertJson5('scouting/multicast/enabled', 'false');
config.insertJson5('listen/endpoints', `["tcp/127.0.0.1:${tcp}"]`);
const session = await Session.open(config, { serve: { websocket: `ws/127.0.0.1:${websocket}` } });
// Queries for it are kept, and never answered.
const queries = [];
await session.declareQueryable('silent', {
  handler: (query) => {
    queries.push(query);
    console.log('asked');
  },
});
console.log('serving');
