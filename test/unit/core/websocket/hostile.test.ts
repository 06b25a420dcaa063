// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FifoChannel } from '@zenoh-segments/core';
import { answer, event, FakeServer, sample, text } from '../../../support/fake-server.js';
import { until } from '../../../support/until.js';
import { FAST, withRemote } from '../../../support/websocket.js';

const [DECLARE_SUBSCRIBER, UNDECLARE_SUBSCRIBER, DECLARE_QUERYABLE, SESSION_INFO, GET] = [2, 3, 4, 12, 18];

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.kill());

const idOf = (kind: number) => server.of(kind)[0]?.body.readUInt32LE(0) as number;

describe('a server that is not to be trusted', () => {
  test('does not fill the memory with long keys: they count in the queue', () =>
    withRemote(server.locator, {}, async (session) => {
      const subscriber = await session.declareSubscriber('**', {
        handler: new FifoChannel(100, { maxBytes: 100_000 }),
      });
      const key = 'k'.repeat(60_000);
      const long = Buffer.concat([
        event(5, idOf(DECLARE_SUBSCRIBER), [0xe0, 0xd4, 0x03]),
        Buffer.from(key),
        Buffer.from([1, 7, 0, 0, 0, 0, 0, 0, 37]),
      ]);
      for (let i = 0; i < 5; i++) server.tell(long);
      await session.info();
      expect(subscriber.stats()).toMatchObject({
        received: 5,
        queued: 1,
        queuedBytes: long.length,
        dropped: { newest: 4 },
      });
    }));

  test.each([
    ['a key that is none', [...text('a//b'), 0, 0, 0, 0, 0, 0, 0, 37]],
    ['the time of a clock that has no id', [...text('a'), 0, 0, 0, 0, 0, 0, 1, ...Array(8).fill(1), 1, 0, 37]],
  ])('is left for %s, before any callback sees it', (_, body) =>
    withRemote(server.locator, FAST, async (session, events) => {
      let seen = 0;
      await session.declareSubscriber('a', { handler: () => seen++ });
      server.tell(event(5, idOf(DECLARE_SUBSCRIBER), body));
      await until('the loss is told', () => events.length > 0);
      expect(events[0]).toMatchObject({ kind: 'lost', error: { code: 'NOT_REMOTE_API' } });
      await until('the connection is back', () => session.connection() === 'connected');
      expect(seen).toBe(0);
    }),
  );

  test('that greets and goes again and again is asked less and less often', () =>
    withRemote(server.locator, { reconnect: { initialDelay: 10, maxDelay: 100 } }, async (session, events) => {
      let rounds = 0;
      server.onMessage = ({ kind }, socket) => {
        // After the greeting.
        if (kind === SESSION_INFO) setTimeout(() => socket.terminate(), 5);
        return false;
      };
      server.sockets[0]?.terminate();
      await until('it was restored five times', () => {
        rounds = events.filter(({ kind }) => kind === 'restored').length;
        return rounds === 5;
      });
      const attempts = events.flatMap((each) => (each.kind === 'restored' ? [each.attempts] : []));
      expect(attempts).toEqual([1, 2, 3, 4, 5]);
      expect(session.isClosed()).toBe(false);
    }));

  test('that says goodbye and stays is left at once: a put does not vanish', () =>
    withRemote(server.locator, { ...FAST, putsWhileDown: 'queue' }, async (session, events) => {
      // The end of the socket never comes.
      const [socket] = server.sockets as unknown as { _socket: { end(): void; write(bytes: Uint8Array): void } }[];
      if (socket !== undefined) socket._socket.end = () => {};
      socket?._socket.write(Buffer.from([0x88, 2, 0x03, 0xe9]));
      const puts: Promise<unknown>[] = [];
      await until('the loss is seen', () => {
        puts.push(session.put('k', `${puts.length}`));
        return events.length > 0;
      });
      expect(events[0]).toMatchObject({ kind: 'lost', error: { code: 'DISCONNECTED' } });
      await Promise.all(puts);
      expect(session.connection()).toBe('connected');
    }));

  test('that floods with queries and takes nothing is given up', () =>
    withRemote(server.locator, { ...FAST, reconnect: false }, async (session, events) => {
      await session.declareQueryable('q', { handler: new FifoChannel(1, { maxBytes: 1 }) });
      const query = event(6, idOf(DECLARE_QUERYABLE), [1, 0, 0, 0, ...text('q'), 0, 0, 0, 0, 1]);
      for (const socket of server.sockets) socket.pause();
      // Fills the WebSocket, so that the ends of the queries wait here.
      const put = session.put('k', new Uint8Array(12_000_000)).catch(() => {});
      for (let i = 0; i < 70_000; i++) server.tell(query);
      await until('it is given up', () => events.length > 0, 20_000);
      expect(events[0]).toMatchObject({ kind: 'lost', error: { message: expect.stringContaining('takes nothing') } });
      await put;
    }));

  test('does not hold up the end of a session, nor make it fail', () =>
    withRemote(server.locator, {}, async (session) => {
      await session.declareSubscriber('a');
      server.onMessage = ({ kind }) => kind === UNDECLARE_SUBSCRIBER;
      await session.close();
      expect(session.connection()).toBe('closed');
    }));
});

test('the longest timeouts are no short ones', () =>
  withRemote(server.locator, { messageResponseTimeoutMs: 2 ** 31 - 1 }, async (session) => {
    server.onMessage = ({ kind }) => kind === GET;
    const replies = await session.get('a', { timeout: 2 ** 31 - 1 });
    await until('it is asked', () => server.of(GET).length === 1);
    await session.info();
    server.tell(event(7, idOf(GET), [1, ...sample('a', [7])]));
    expect((await replies?.receive())?.result().payload().length).toBe(1);
    server.tell(event(8, idOf(GET)));
    await expect(replies?.receive()).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
  }));

test('what is undeclared while the new connection is being made is simply gone', () =>
  withRemote(server.locator, FAST, async (session, events) => {
    const subscriber = await session.declareSubscriber('a');
    const { port } = server;
    await server.kill();
    server = await FakeServer.start(port);
    let asked: (() => void) | undefined;
    server.onMessage = ({ kind, sequence }, socket) => {
      if (kind === SESSION_INFO) {
        asked = () => socket.send(answer(4, sequence ?? 0, [16, 1, ...Array(15).fill(0), 0, 0]));
        return true;
      }
      if (kind === UNDECLARE_SUBSCRIBER) socket.send(answer(2, sequence ?? 0, text('there is no subscriber')));
      return kind === UNDECLARE_SUBSCRIBER;
    };
    await until('the new server is asked', () => asked !== undefined);
    await subscriber.undeclare();
    asked?.();
    await until('the connection is back', () => events.at(-1)?.kind === 'restored');
    expect(events.at(-1)).toMatchObject({ declared: 0, refused: [] });
  }));
