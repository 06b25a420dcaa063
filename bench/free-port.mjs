// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A TCP port of the loopback interface that was free a moment ago. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}
