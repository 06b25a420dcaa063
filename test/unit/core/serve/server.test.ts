// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Where the server listens, whom it lets in, and how it ends.
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { SampleKind, Session } from '@zenoh-segments/core';
import { ASK, message, put, text, u8, u32 } from '../../../support/remote-api/messages.js';
import { RawClient } from '../../../support/remote-api/raw-client.js';
import { serving } from '../../../support/serving.js';
import { freePort, isolated, listening } from '../../../support/sessions.js';
import { until } from '../../../support/until.js';

test('port 0 is a free port, told as a locator and as a URL; a text alone is the place', async () => {
  await using session = await Session.open(isolated(), { serve: { websocket: 'ws://[::1]:0' } });
  const { locator, url } = session.websocketServer ?? {};
  expect(locator).toMatch(/^ws\/\[::1\]:[1-9]\d+$/);
  expect(url).toBe(locator?.replace('/', '://'));
  const client = await RawClient.connect(url as string);
  expect(await client.ping()).toMatch(
    /^[0-9a-f-]{36} zenoh-segments\/\d+\.\d+\.\d+ max-message=67108864 max-frame=67108864$/,
  );
});

test('a session that serves nothing has no server', async () => {
  await using session = await Session.open(isolated());
  expect(session.websocketServer).toBeUndefined();
  await using other = await Session.open(isolated(), { serve: {} });
  expect(other.websocketServer).toBeUndefined();
});

test.each([
  ['ws/127.0.0.1', 'a place is written as ws/127.0.0.1:8080'],
  ['tcp/127.0.0.1:0', 'a place is written as ws/127.0.0.1:8080'],
  ['ws/127.0.0.1:99999', 'a place is written as ws/127.0.0.1:8080'],
  ['ws/::1:0', 'a place is written as ws/127.0.0.1:8080'],
  ['ws/192.0.2.1:0', 'can not serve on ws/192.0.2.1:0: Cannot assign requested address'],
  ['wss/127.0.0.1:0', 'wss needs `tls`'],
])('%s is refused', async (websocket, text) => {
  await expect(Session.open(isolated(), { serve: { websocket } })).rejects.toMatchObject({
    code: 'SERVE_FAILED',
    message: expect.stringContaining(text),
  });
});

test.each([
  [{ listen: 1 }, 'serve.websocket.listen'],
  [{ listen: 'ws/:0', origins: 'x' }, 'serve.websocket.origins'],
  [{ listen: 'ws/:0', maxMessage: 1 }, 'serve.websocket.maxMessage'],
  [{ listen: 'ws/:0', maxClients: 0 }, 'serve.websocket.maxClients'],
  [{ listen: 'ws/:0', backlog: -1 }, 'serve.websocket.backlog'],
  [{ listen: 'ws/:0', silenceLimit: 0 }, 'serve.websocket.silenceLimit'],
])('options %j are refused', async (websocket, name) => {
  await expect(Session.open(isolated(), { serve: { websocket: websocket as never } })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(name),
  });
});

test('an address in use is told, and nothing is left open', async () => {
  await serving({}, async (server) => {
    const config = listening(await freePort());
    const taken = server.locator;
    await expect(Session.open(config, { serve: { websocket: taken } })).rejects.toMatchObject({
      code: 'SERVE_FAILED',
      message: expect.stringMatching(new RegExp(`can not serve on ${taken}: Address already in use`)),
    });
    // The port of zenoh itself is free again.
    await (await Session.open(config)).close();
  });
});

test.each([
  [{ server: {} }, '`server` is no option of `Session.open`; those are serve'],
  [{ serve: { websockets: 'ws/127.0.0.1:0' } }, '`websockets` is no option of `serve`; those are websocket'],
  [
    { serve: { websocket: { listen: 'ws/127.0.0.1:0', origin: '*' } } },
    '`origin` is no option of `serve.websocket`; those are listen, tls, origins, backlog, maxMessage, maxClients, silenceLimit',
  ],
  [
    { serve: { websocket: { listen: 'wss/127.0.0.1:0', tls: { certificate: 'a', key: 'b' } } } },
    '`key` is no option of `serve.websocket.tls`; those are certificate, privateKey',
  ],
])('an option that there is not is refused: %j', async (options, message) => {
  const opening = Session.open(isolated(), options as object);
  await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
});

test('when zenoh can not open the session, the port of the server is free', async () => {
  const port = await freePort();
  await using other = await Session.open(listening(port));
  const websocket = `ws/127.0.0.1:${await freePort()}`;
  await expect(Session.open(listening(port), { serve: { websocket } })).rejects.toMatchObject({ code: 'OPEN_FAILED' });
  await using session = await Session.open(isolated(), { serve: { websocket } });
  expect(session.websocketServer?.locator).toBe(websocket);
  expect(other.isClosed()).toBe(false);
});

test('a browser that only looks is told what this is', async () => {
  await serving({}, async (server) => {
    const response = await fetch(server.url.replace('ws', 'http'));
    expect(response.status).toBe(426);
    expect(response.headers.get('upgrade')).toBe('websocket');
    expect(await response.text()).toContain('This port serves zenoh');
    expect(server.stats().refused).toEqual({ origin: 0, full: 0, handshake: 1 });
  });
});

test.each([
  ['what is no HTTP', 'this is not HTTP\r\n\r\n', /^HTTP\/1.1 400 .*this is no HTTP request/s],
  ['an endless request', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}`, /^HTTP\/1.1 400 .*the request is too long/s],
  ['no version', 'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n', /^HTTP\/1.1 426 .*version 13/s],
  [
    'no key',
    'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n',
    /^HTTP\/1.1 400 .*Sec-WebSocket-Key is missing/s,
  ],
])('%s is answered', async (_, request, answer) => {
  await serving({}, async (server) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let said = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      said += part;
    });
    socket.write(request);
    await until(`it answers: ${said}`, () => answer.test(said));
    socket.destroy();
  });
});

test('who connects and says nothing is cut off after 10 s', async () => {
  await serving({ maxClients: 1 }, async (server) => {
    const started = performance.now();
    const mute = connect(Number(new URL(server.url).port), '127.0.0.1');
    await until('it is cut off', () => server.stats().refused.handshake === 1, 15_000);
    expect(performance.now() - started).toBeGreaterThan(9_000);
    mute.destroy();
    await (await RawClient.connect(server.url)).ping();
  });
});

test('as many clients as agreed; the next is told, and gets in when one has left', async () => {
  await serving({}, async (server) => {
    const attempts = await Promise.allSettled(Array.from({ length: 300 }, () => RawClient.connect(server.url)));
    const clients = attempts.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(clients).toHaveLength(256);
    const refusals = new Set(attempts.flatMap((one) => (one.status === 'rejected' ? [`${one.reason.message}`] : [])));
    // Beyond a few that are told at a time, the rest are cut off.
    expect([...refusals]).toContain('503 The server has 256 clients already, its `maxClients`.\n');
    expect(server.stats()).toMatchObject({ clients: 256, accepted: 256, refused: { full: 44 } });
    await Promise.all(clients.map((client) => client.ping()));
    for (const client of clients) client.socket.close();
    await until('all have left', () => server.stats().clients === 0);
    await (await RawClient.connect(server.url)).ping();
  });
});

test('what a client declared goes with it, however it goes', async () => {
  await serving({}, async (server, session) => {
    const events: SampleKind[] = [];
    await session.liveliness().declareSubscriber('serve/gone', { handler: (sample) => events.push(sample.kind()) });
    const publisher = await session.declarePublisher('serve/gone/samples');
    const querier = await session.declareQuerier('serve/gone/asked');
    const matching = async () => [
      (await publisher.matchingStatus()).matching(),
      (await querier.matchingStatus()).matching(),
    ];
    for (const end of ['terminate', 'close'] as const) {
      const client = await RawClient.connect(server.url);
      await client.ask(ASK.declareToken, u32(1), text('serve/gone'));
      await client.subscribe(1, 'serve/gone/samples');
      await client.ask(ASK.declareQueryable, u32(1), text('serve/gone/asked'), u8(1), u8(2));
      await until('its token is seen', () => events.length === 1);
      expect(await matching()).toEqual([true, true]);
      client.socket[end]();
      await until('its token is gone', () => events.length === 2, 5_000);
      await until('it is gone', () => server.stats().clients === 0);
      expect(await matching()).toEqual([false, false]);
      expect(events.splice(0)).toEqual([SampleKind.PUT, SampleKind.DELETE]);
    }
  });
});

test('256 clients that subscribed end with the session, each told so', async () => {
  await serving({}, async (server, session) => {
    const clients = await Promise.all(Array.from({ length: 256 }, () => RawClient.connect(server.url)));
    await Promise.all(clients.map((client, i) => client.subscribe(1, `serve/crowd/${i}`)));
    await session.put('serve/crowd/*', 'all');
    await until('all have it', () => clients.every((client) => client.samples().length === 1));
    await session.close();
    const ends = await Promise.all(clients.map((client) => client.ended()));
    expect(ends.filter(({ code, reason }) => code === 1001 && reason === 'the server closes')).toHaveLength(256);
  });
});

test('closing the session ends busy clients, and frees the port', async () => {
  const session = await Session.open(isolated(), { serve: { websocket: 'ws/127.0.0.1:0' } });
  const server = session.websocketServer as NonNullable<typeof session.websocketServer>;
  let samples = 0;
  await session.declareSubscriber('serve/busy', { handler: () => samples++ });
  const clients = await Promise.all([1, 2, 3].map(() => RawClient.connect(server.url)));
  await clients[0]?.subscribe(1, 'serve/busy');
  let busy = true;
  for (const client of clients) {
    const flood = () => {
      client.send(message(ASK.put, undefined, ...put('serve/busy', Buffer.alloc(100_000))));
      if (busy && client.closed === undefined) setImmediate(flood);
    };
    flood();
  }
  await until('samples flow', () => samples > 100);
  await session.close();
  busy = false;
  for (const client of clients) expect([1001, 1006]).toContain((await client.ended()).code);
  expect(server.stats().clients).toBe(0);
  await expect(RawClient.connect(server.url)).rejects.toThrow('ECONNREFUSED');
  await using again = await Session.open(isolated(), { serve: { websocket: server.locator } });
  await (await RawClient.connect(again.websocketServer?.url as string)).ping();
});
