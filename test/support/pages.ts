// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

/** A web server for one folder, on a free port of the loopback interface. */
export async function servePages(folder: URL) {
  const files = sirv(fileURLToPath(folder), { dev: true });
  const served = { headers: {} as Record<string, string>, port: 0, close: () => closed() };
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(served.headers)) response.setHeader(name, value);
    files(request, response);
  });
  const closed = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  served.port = (server.address() as AddressInfo).port;
  return served;
}
