// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CongestionControl, Session, scout, WhatAmI } from '@zenoh-segments/core';
import { Config } from '@zenoh-segments/core/websocket';
import { WebSocket } from 'ws';
import { answer, event, FakeServer, PING, SESSION_INFO, text } from '../../../support/fake-server.js';
import { serving } from '../../../support/serving.js';
import { freePort, isolated, listening } from '../../../support/sessions.js';
import { until } from '../../../support/until.js';
import { remote, withRemote } from '../../../support/websocket.js';

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.kill());

const opened = (locator: string, options = {}) => Session.open(remote(locator, options));

describe('a WebSocket session', () => {
  test.each([
    ['', 'CONFIG_INVALID'],
    ['tcp/127.0.0.1:1', 'CONFIG_INVALID'],
    ['http://127.0.0.1:1', 'CONFIG_INVALID'],
    ['ws/', 'CONFIG_INVALID'],
    ['ws/127.0.0.1:99999', 'CONFIG_INVALID'],
  ])('refuses the locator `%s`', (locator, code) => {
    expect(() => remote(locator)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('is no locator of a remote-api server') }),
    );
  });

  test.each(['ws/[::1]:80', 'wss/example.org:443?x=1', 'ws://localhost:1/path#there'])('takes %s', (locator) => {
    expect(remote(locator).locator).toBe(locator);
  });

  test.each([
    ['messageResponseTimeoutMs', -1],
    ['connectTimeoutMs', 0],
    ['putsWhileDown', 'maybe'],
    ['getsWhileDown', 'maybe'],
    ['backlog', Number.NaN],
    ['maxMessage', -5],
    ['heartbeatMs', '1'],
  ])('refuses the option %s: %s', (name, value) => {
    expect(() => remote('ws/localhost:1', { [name]: value })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    );
  });

  test('refuses options that there are not, and says which there are', () => {
    const refused = (message: string) => expect.objectContaining({ code: 'INVALID_ARGUMENT', message });
    expect(() => new Config('ws/localhost:1', { WebSocket, reconect: false } as object)).toThrow(
      refused(
        '`reconect` is no option of `Config`; those are messageResponseTimeoutMs, connectTimeoutMs, reconnect, putsWhileDown, getsWhileDown, backlog, maxMessage, heartbeatMs, WebSocket',
      ),
    );
    expect(() => new Config('ws/localhost:1', { WebSocket, reconnect: { delay: 1 } as object })).toThrow(
      refused('`delay` is no option of `reconnect`; those are initialDelay, maxDelay, attempts'),
    );
  });

  test('says what to do where there is no WebSocket', () => {
    const had = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    Reflect.deleteProperty(globalThis, 'WebSocket');
    try {
      expect(() => new Config('ws/localhost:1')).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('new Config(locator, {') }),
      );
    } finally {
      if (had !== undefined) Object.defineProperty(globalThis, 'WebSocket', had);
    }
  });

  test("takes zenoh-ts's form of the config", () => {
    const had = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    Object.defineProperty(globalThis, 'WebSocket', { value: WebSocket, configurable: true });
    try {
      expect(new Config('ws/localhost:1', 700).messageResponseTimeoutMs).toBe(700);
    } finally {
      if (had === undefined) Reflect.deleteProperty(globalThis, 'WebSocket');
      else Object.defineProperty(globalThis, 'WebSocket', had);
    }
  });

  test('fails to open where nobody listens', async () => {
    const opening = opened(`ws/127.0.0.1:${await freePort()}`);
    await expect(opening).rejects.toMatchObject({
      code: 'OPEN_FAILED',
      message: expect.stringMatching(/ECONNREFUSED.*session with `serve`/),
    });
  });

  describe('says what a refusal means, where that can be known:', () => {
    class Stranger extends WebSocket {
      constructor(url: string) {
        super(url, { origin: 'http://stranger.test' });
      }
    }
    const refusal = (locator: string, text: RegExp, options = {}) =>
      expect(opened(locator, options)).rejects.toMatchObject({
        code: 'OPEN_FAILED',
        message: expect.stringMatching(text),
      });

    test('an origin that the server does not let in', () =>
      serving({}, (own) =>
        refusal(own.locator, /403\)\. The server does not let this origin in/, { WebSocket: Stranger }),
      ));

    test('a server that is full', () =>
      serving({ maxClients: 1 }, async (own) => {
        const session = await opened(own.locator);
        await refusal(own.locator, /503\)\. The server has as many clients as it takes/);
        await session.close();
      }));

    test('a web server', async () => {
      const web = createWebServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
      await once(web, 'listening');
      const { port } = web.address() as { port: number };
      await refusal(`ws/127.0.0.1:${port}`, /404\)\. A web server answers there, but no WebSocket server/);
      web.close();
    });

    test('zenoh itself', async () => {
      const port = await freePort();
      const zenoh = await Session.open(listening(port));
      await refusal(`ws/127.0.0.1:${port}`, /within 300 ms: .* Zenoh's own `tcp\/` port/, { connectTimeoutMs: 300 });
      await zenoh.close();
    });

    test('what hangs up', async () => {
      const rude = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
      await once(rude, 'listening');
      const { port } = rude.address() as { port: number };
      await refusal(`ws/127.0.0.1:${port}`, /What listens there speaks no HTTP/);
      rude.close();
    });

    test('a server that is not encrypted', () =>
      serving({}, (own) => refusal(own.locator.replace('ws/', 'wss/'), /not encrypted: is `ws` meant/)));

    test('no port', () => refusal('ws/127.0.0.1', /No port is given: 80 was tried\.$/));
  });

  test('fails to open, in time, where somebody listens and says nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    await expect(opened(`ws/127.0.0.1:${port}`, { connectTimeoutMs: 100 })).rejects.toMatchObject({
      code: 'OPEN_FAILED',
      message: expect.stringContaining('no answer within 100 ms'),
    });
    silent.close();
  });

  test("says that zenoh's own websocket listener is no remote-api server", async () => {
    const port = await freePort();
    const config = isolated();
    config.insertJson5('listen/endpoints', `["ws/127.0.0.1:${port}"]`);
    const zenoh = await Session.open(config);
    try {
      await expect(opened(`ws/127.0.0.1:${port}`, { messageResponseTimeoutMs: 2000 })).rejects.toMatchObject({
        code: 'NOT_REMOTE_API',
        message: expect.stringContaining("zenoh's own `ws/` listeners are none"),
      });
    } finally {
      await zenoh.close();
    }
  });

  test.each<[string, (server: FakeServer) => void]>([
    [
      'echoes',
      (fake) => {
        fake.onMessage = ({ kind, sequence, body }, socket) => {
          socket.send(Buffer.concat([answer(kind, sequence ?? 0), body]));
          return true;
        };
      },
    ],
    [
      'answers in text',
      (fake) => {
        fake.onMessage = (_, socket) => {
          socket.send('hello');
          return true;
        };
      },
    ],
    [
      'answers with nothing',
      (fake) => {
        fake.onMessage = (_, socket) => {
          socket.send(Buffer.alloc(0));
          return true;
        };
      },
    ],
    [
      'does not answer',
      (fake) => {
        fake.onMessage = () => true;
      },
    ],
    [
      'hangs up',
      (fake) => {
        fake.onMessage = (_, socket) => {
          socket.close();
          return true;
        };
      },
    ],
    [
      'has a session info of zeros',
      (fake) => {
        fake.onMessage = ({ kind, sequence }, socket) => {
          if (kind === SESSION_INFO) socket.send(answer(4, sequence ?? 0, Array<number>(40).fill(0)));
          return kind === SESSION_INFO;
        };
      },
    ],
    [
      'answers another request',
      (fake) => {
        fake.onMessage = ({ kind, sequence }, socket) => {
          if (kind === PING) socket.send(answer(4, sequence ?? 0));
          return kind === PING;
        };
      },
    ],
  ])('says that a server that %s is no remote-api server', async (_, behave) => {
    behave(server);
    await expect(opened(server.locator, { messageResponseTimeoutMs: 200 })).rejects.toMatchObject({
      code: 'NOT_REMOTE_API',
      message: expect.stringContaining('does not answer as a remote-api server does'),
    });
  });

  test('can not serve, scout, or have shared memory, sources and advanced entities', async () => {
    const unsupported = { code: 'UNSUPPORTED', message: expect.stringContaining('remote-api protocol') };
    await expect(
      Session.open(remote(server.locator), { serve: { websocket: 'ws/127.0.0.1:0' } }),
    ).rejects.toMatchObject(unsupported);
    await expect(scout(WhatAmI.PEER, remote(server.locator))).rejects.toMatchObject(unsupported);
    await withRemote(server.locator, {}, async (session) => {
      await expect(session.diagnoseShm()).rejects.toMatchObject(unsupported);
      await expect(session.shmProvider()).rejects.toMatchObject({ code: 'SHM_UNAVAILABLE' });
      await expect(session.declareAdvancedPublisher('a')).rejects.toMatchObject(unsupported);
      await expect(session.declareAdvancedSubscriber('a')).rejects.toMatchObject(unsupported);
      const declared = [
        await session.declarePublisher('a'),
        await session.declareSubscriber('a'),
        await session.declareQueryable('a'),
        await session.declareQuerier('a'),
      ];
      for (const each of [session, ...declared]) expect(() => each.id()).toThrow(expect.objectContaining(unsupported));
    });
  });

  test('waits for no answer to what it refuses to send', async () => {
    await withRemote(server.locator, {}, async (session) => {
      const refused = { code: 'UNSUPPORTED', message: expect.stringContaining('BLOCK_FIRST') };
      const congestionControl = CongestionControl.BLOCK_FIRST;
      await expect(session.declarePublisher('a', { congestionControl })).rejects.toMatchObject(refused);
      await expect(session.declareQuerier('a', { congestionControl })).rejects.toMatchObject(refused);
      await expect(session.get('a', { congestionControl })).rejects.toMatchObject(refused);
      expect(server.asked.map(({ kind }) => kind)).toEqual([PING, SESSION_INFO]);
      // An answer that somebody still waited for would fail at the end of the session, unheard.
    });
  });

  test('fails with NETWORK where the server refuses, and where it does not answer in time', async () => {
    await withRemote(server.locator, { messageResponseTimeoutMs: 100 }, async (session) => {
      server.onMessage = ({ kind, sequence }, socket) => {
        if (kind === 2) socket.send(answer(2, sequence ?? 0, text('not here')));
        return kind === 2 || kind === 0;
      };
      await expect(session.declareSubscriber('a')).rejects.toMatchObject({
        code: 'NETWORK',
        message: 'the server refused: not here',
      });
      await expect(session.declarePublisher('a')).rejects.toMatchObject({
        code: 'NETWORK',
        message: 'the server did not answer within 100 ms',
      });
    });
  });

  // As a page is whose script computes for long, or whose tab is hidden: browsers then run timers once a minute.
  test('asks before it gives a server up, however late its own timers are', async () => {
    const times = { heartbeatMs: 50, messageResponseTimeoutMs: 500 };
    await withRemote(server.locator, times, async (session, events) => {
      const pings = server.of(PING).length;
      for (const begun = performance.now(); performance.now() - begun < 1000; );
      await until('the server was asked', () => server.of(PING).length > pings + 1);
      expect(events).toEqual([]);
      expect(session.connection()).toBe('connected');
    });
  });

  test('finds out about a server that is gone without a word', async () => {
    await withRemote(server.locator, { heartbeatMs: 20, messageResponseTimeoutMs: 50 }, async (session, events) => {
      server.onMessage = () => true;
      const lost = new Promise<unknown>((resolve) => {
        void session.connectionListener({ handler: (each) => each.kind === 'lost' && resolve(each.error) });
      });
      expect(await lost).toMatchObject({
        code: 'DISCONNECTED',
        message: expect.stringContaining('nothing came from the server for'),
      });
      expect(events[0]?.kind).toBe('lost');
    });
  });

  test('is left by events that nobody waits for', async () => {
    await withRemote(server.locator, {}, async (session, events) => {
      for (const kind of [5, 6, 7, 8, 10, 13, 14]) server.tell(event(kind, 4711));
      await session.info();
      expect(events).toEqual([]);
    });
  });
});
