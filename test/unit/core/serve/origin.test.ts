// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Any web page can make a browser connect to a loopback server: the server has to look who asks.
import { networkInterfaces } from 'node:os';
import { expect, test } from '@jest/globals';
import { RawClient } from '../../../support/remote-api/raw-client.js';
import { serving } from '../../../support/serving.js';

async function admitted(url: string, origin: string | undefined, headers: Record<string, string> = {}) {
  const options = origin === undefined ? { headers } : { headers: { ...headers, Origin: origin } };
  try {
    await (await RawClient.connect(url, options)).ping();
    return 'admitted';
  } catch (error) {
    return (error as Error).message;
  }
}

const refusal = (origin: string) =>
  `403 Pages of ${origin} may not connect: it is not among the server's \`origins\`.\n`;

test.each([
  undefined,
  'http://localhost',
  'http://localhost:5173',
  'https://LOCALHOST',
  'http://app.localhost:3000',
  'http://127.0.0.1:8080',
  'http://127.1.2.3',
  'http://[::1]:8080',
])('on loopback, %s may connect', async (origin) => {
  await serving({}, async (server) => {
    expect(await admitted(server.url, origin)).toBe('admitted');
    expect(server.stats()).toMatchObject({ accepted: 1, refused: { origin: 0 } });
  });
});

test.each([
  'https://example.org',
  'http://127.0.0.1.example.org',
  'http://localhost.example.org',
  'http://notlocalhost',
  'http://[::2]',
  'http://192.0.2.1',
  'null',
  'file://',
  'chrome-extension://localhost',
  '',
])('on loopback, pages of %j may not', async (origin) => {
  await serving({}, async (server) => {
    // An attacker's name may lead to this machine.
    for (const headers of [{}, { Host: 'example.org' }] as Record<string, string>[])
      expect(await admitted(server.url, origin, headers)).toBe(refusal(origin));
    expect(server.stats()).toMatchObject({ accepted: 0, refused: { origin: 2 } });
  });
});

test('origins are compared whole; * is any', async () => {
  await serving({ origins: ['https://example.org', 'null'] }, async (server) => {
    expect(await admitted(server.url, 'https://example.org')).toBe('admitted');
    expect(await admitted(server.url, 'null')).toBe('admitted');
    expect(await admitted(server.url, 'http://localhost:1')).toBe('admitted');
    for (const other of ['http://example.org', 'https://example.org:8443', 'https://sub.example.org'])
      expect(await admitted(server.url, other)).toBe(refusal(other));
  });
  await serving({ origins: ['*'] }, async (server) => {
    for (const any of ['https://example.org', 'null', 'chrome-extension://x'])
      expect(await admitted(server.url, any)).toBe('admitted');
  });
});

test('on another address, pages of the host that was called may connect', async () => {
  const own = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find((one) => one.family === 'IPv4' && !one.internal)?.address;
  await serving({ listen: 'ws/0.0.0.0:0' }, async (server) => {
    const url = server.url.replace('0.0.0.0', own ?? '127.0.0.1');
    const host = new URL(url).host;
    expect(await admitted(url, undefined)).toBe('admitted');
    expect(await admitted(url, `http://${host}`)).toBe('admitted');
    expect(await admitted(url, `http://${new URL(url).hostname}:8080`)).toBe('admitted');
    expect(await admitted(url, 'http://zenoh.example', { Host: 'zenoh.example:1234' })).toBe('admitted');
    expect(await admitted(url, 'http://localhost')).toBe(refusal('http://localhost'));
    expect(await admitted(url, 'https://example.org')).toBe(refusal('https://example.org'));
  });
});
