// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Serves with few descriptors; tells once that they ran out.
import { openSession } from './common.mjs';

const session = await openSession({}, { serve: { websocket: 'ws/127.0.0.1:0' } });
const server = session.websocketServer;
console.log(`url ${server.url} end`);
const watch = setInterval(() => {
  if (server.stats().acceptErrors === 0) return;
  clearInterval(watch);
  console.log('ran out');
}, 1);
