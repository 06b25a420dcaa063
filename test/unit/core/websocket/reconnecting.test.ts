// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ConnectionEvent, type Query, ReplyError, type Sample, type Session } from '@zenoh-segments/core';
import type { ConfigOptions } from '@zenoh-segments/core/websocket';
import { answer, event, FakeServer, sample, text } from '../../../support/fake-server.js';
import { until } from '../../../support/until.js';
import { FAST, withRemote } from '../../../support/websocket.js';

// Kinds of messages to the server.
const [DECLARE_PUBLISHER, DECLARE_SUBSCRIBER, DECLARE_QUERYABLE, DECLARE_TOKEN, PUT, GET] = [0, 2, 4, 8, 14, 18];
const LISTEN_MATCHING = 26;

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.kill());

const kinds = (events: readonly ConnectionEvent[]) => events.map(({ kind }) => kind);

/** The same port again, and everything forgotten. */
async function restart(): Promise<void> {
  const { port } = server;
  await server.kill();
  server = await FakeServer.start(port);
}

const withSession = (options: ConfigOptions, run: (session: Session, events: ConnectionEvent[]) => Promise<void>) =>
  withRemote(server.locator, { ...FAST, ...options }, run);

const restored = (events: readonly ConnectionEvent[]) =>
  until('the connection is back', () => events.at(-1)?.kind === 'restored');

describe('a WebSocket session whose server goes', () => {
  test('declares everything again, in the order of before, and tells what happened', () =>
    withSession({}, async (session, events) => {
      const samples: Sample[] = [];
      const publisher = await session.declarePublisher('a/p', { encoding: 'text/plain' });
      const changes: boolean[] = [];
      await publisher.matchingListener({ handler: (status) => changes.push(status.matching()) });
      await session.declareSubscriber('a/s', { handler: (each) => samples.push(each) });
      await session.declareQueryable('a/q', { handler: () => {} });
      await session.liveliness().declareToken('a/t');
      const gone = await session.declareSubscriber('a/gone', { handler: () => {} });
      await gone.undeclare();
      const declared = () => server.asked.filter(({ kind }) => kind <= DECLARE_TOKEN || kind === LISTEN_MATCHING);
      const before = declared().filter(({ body }) => !body.includes('a/gone') && body.length > 4);
      const listener = server.of(LISTEN_MATCHING)[0]?.body.readUInt32LE(0) as number;
      server.tell(event(10, listener, [1]));
      await until('the match is told', () => changes.length === 1);

      await restart();
      await restored(events);
      expect(kinds(events)[0]).toBe('lost');
      expect(events[0]).toMatchObject({ error: { code: 'DISCONNECTED' }, unsent: 0 });
      expect(events.at(-1)).toMatchObject({ declared: 5, refused: [], gap: expect.any(Number) });
      expect(session.connection()).toBe('connected');
      const again = declared();
      expect(again.map(({ kind, body }) => [kind, body.toString('hex')])).toEqual(
        before.map(({ kind, body }) => [kind, body.toString('hex')]),
      );
      // Nothing matches any more until the new server says so, and then it does again.
      server.tell(event(10, listener, [1]));
      const subscriber = server.of(DECLARE_SUBSCRIBER)[0]?.body.readUInt32LE(0) as number;
      server.tell(event(5, subscriber, sample('a/s', [1, 2, 3])));
      await until('a sample comes again', () => samples.length === 1 && changes.length === 3);
      expect(changes).toEqual([true, false, true]);
      expect([...(samples[0]?.payload().toBytes() ?? [])]).toEqual([1, 2, 3]);
      await publisher.put('x');
      await until('a put goes out again', () => server.of(16).length === 1);
    }));

  test('refuses everything while it is gone, with DISCONNECTED, and undeclares in peace', () =>
    withSession({ reconnect: { initialDelay: 10_000, maxDelay: 10_000 } }, async (session, events) => {
      const publisher = await session.declarePublisher('a');
      const subscriber = await session.declareSubscriber('b');
      await server.kill();
      await until('the first attempt failed', () => kinds(events).includes('failed'));
      expect(session.connection()).toBe('reconnecting');
      expect(session.isClosed()).toBe(false);
      const gone = { code: 'DISCONNECTED', message: expect.stringContaining('there is no connection to ws://') };
      await expect(session.put('a', 'x')).rejects.toMatchObject(gone);
      expect(() => session.putSync('a', 'x')).toThrow(expect.objectContaining(gone));
      await expect(publisher.put('x')).rejects.toMatchObject(gone);
      await expect(session.delete('a')).rejects.toMatchObject(gone);
      await expect(session.get('a')).rejects.toMatchObject(gone);
      await expect(session.declareSubscriber('a')).rejects.toMatchObject(gone);
      await expect(session.liveliness().declareToken('a')).rejects.toMatchObject(gone);
      await expect(session.info()).rejects.toMatchObject(gone);
      await expect(publisher.matchingStatus()).rejects.toMatchObject(gone);
      await subscriber.undeclare();
      await publisher.undeclare();
      expect(session.ledger.copiedFor('websocket')).toBe(0);
    }));

  test('keeps puts for the new connection, if asked to, in order and no more than the backlog', () =>
    withSession({ putsWhileDown: 'queue', backlog: 1000 }, async (session, events) => {
      const { port } = server;
      await server.kill();
      await until('the loss is told', () => events[0]?.kind === 'lost');
      const puts = ['1', '2', '3'].map((each) => session.put('k', each));
      await expect(session.put('k', new Uint8Array(1000))).rejects.toMatchObject({
        code: 'BACKLOG_FULL',
        limit: 1000,
        size: expect.any(Number),
      });
      expect(() => session.putSync('k', 'x')).toThrow(expect.objectContaining({ code: 'DISCONNECTED' }));
      server = await FakeServer.start(port);
      expect(await Promise.all(puts)).toEqual(['done', 'done', 'done']);
      await until('all came', () => server.of(PUT).length === 3);
      // Key and payload, a byte of length before each.
      expect(server.of(PUT).map(({ body }) => body.subarray(3, 4).toString())).toEqual(['1', '2', '3']);
    }));

  test('keeps nothing else: what belongs to the lost connection is not sent on the next one', () =>
    withSession({ putsWhileDown: 'queue' }, async (session, events) => {
      const queries: Query[] = [];
      await session.declareQueryable('q', { handler: (query) => queries.push(query) });
      const queryable = server.of(DECLARE_QUERYABLE)[0]?.body.readUInt32LE(0) as number;
      // A query: number 1, key, no parameters, payload, encoding or attachment, replies that match.
      server.tell(event(6, queryable, [1, 0, 0, 0, ...text('q'), 0, 0, 0, 0, 1]));
      await until('the query came', () => queries.length === 1);
      for (const socket of server.sockets) socket.pause();
      // Enough for the WebSocket to be busy: all that follows waits here.
      const puts = [session.put('k', new Uint8Array(12_000_000)), session.put('k', '2')];
      const reply = queries[0]?.reply('q', 'too late');
      const refused = expect(reply).rejects.toMatchObject({ code: 'DISCONNECTED' });
      await queries[0]?.finalize();
      const replies = await Promise.race([session.get('g'), undefined]);
      const info = expect(session.info()).rejects.toMatchObject({ code: 'DISCONNECTED' });
      await restart();
      await restored(events);
      await Promise.all([...puts, refused, info]);
      await until('the put came', () => server.of(PUT).length > 0);
      await session.info();
      expect(replies).toBeUndefined();
      expect(server.asked.map(({ kind }) => kind).filter((kind) => kind > DECLARE_TOKEN)).toEqual([25, 12, PUT, 12]);
    }));

  test('ends gets with DISCONNECTED: a channel rejects, a callback is given an error', () =>
    withSession({}, async (session, events) => {
      server.onMessage = ({ kind }) => kind === GET;
      const replies = await session.get('a');
      const told: string[] = [];
      let ended = false;
      const handler: [(reply: { result(): unknown }) => void, () => void] = [
        (reply) => {
          const result = reply.result() as ReplyError;
          if (result instanceof ReplyError) told.push(result.payload().toString());
        },
        () => {
          ended = true;
        },
      ];
      await session.get('b', { handler });
      await restart();
      await expect(replies?.receive()).rejects.toMatchObject({ code: 'DISCONNECTED' });
      await until('the callback is told', () => ended);
      expect(told).toEqual([expect.stringMatching(/^DISCONNECTED: the connection to the server was lost/)]);
      await restored(events);
      expect(server.of(GET)).toEqual([]);
    }));

  test('asks gets again, if asked to, in what is left of their time', () =>
    withSession({ getsWhileDown: 'retry' }, async (session, events) => {
      server.onMessage = ({ kind }) => kind === GET;
      const replies = await session.get('a?b=c', { timeout: 5000 });
      await until('it is asked', () => server.of(GET).length === 1);
      const limitOf = ({ body }: { body: Buffer }) => body.readUInt32LE(body.length - 4);
      const [first] = server.of(GET).map(limitOf);
      const { port } = server;
      await server.kill();
      await until('the loss is told', () => events[0]?.kind === 'lost');
      const later = await session.get('later');
      server = await FakeServer.start(port);
      await until('both gets are asked', () => server.of(GET).length === 2);
      const [again, second] = server.of(GET);
      expect(limitOf(again as never)).toBeLessThan(first as number);
      expect(again?.body.toString()).toContain('b=c');
      const id = again?.body.readUInt32LE(0) as number;
      server.tell(event(7, id, [1, ...sample('a', [7])]));
      server.tell(event(8, id));
      server.tell(event(8, second?.body.readUInt32LE(0) as number));
      const results: unknown[] = [];
      for await (const reply of replies ?? []) results.push([...(reply.result().payload().toBytes() ?? [])]);
      expect(results).toEqual([[7]]);
      await expect(later?.receive()).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
    }));

  test('is given up after its attempts, and is closed then', () =>
    withSession({ reconnect: { initialDelay: 1, attempts: 3 } }, async (session, events) => {
      const subscriber = await session.declareSubscriber('a');
      const next = subscriber.receiver()?.receive();
      await server.kill();
      await expect(next).rejects.toMatchObject({
        code: 'DISCONNECTED',
        message: expect.stringContaining('not made again'),
      });
      expect(kinds(events)).toEqual(['lost', 'failed', 'failed', 'failed', 'given up']);
      expect(events.filter(({ kind }) => kind === 'failed').at(-1)).toMatchObject({ attempt: 3, retryIn: undefined });
      expect(session.connection()).toBe('closed');
      expect(session.isClosed()).toBe(true);
      await expect(session.put('a', 'x')).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    }));

  test('is closed at once where it is not to come back', () =>
    withSession({ reconnect: false }, async (session, events) => {
      await server.kill();
      await until('it is given up', () => kinds(events).includes('given up'));
      expect(kinds(events)).toEqual(['lost', 'given up']);
      expect(session.isClosed()).toBe(true);
    }));

  test('tells what the new server refuses; the rest stands', () =>
    withSession({}, async (session, events) => {
      const refused = await session.declareSubscriber('refused');
      const next = refused.receiver()?.receive();
      await session.declarePublisher('p');
      const { port } = server;
      await server.kill();
      server = await FakeServer.start(port);
      server.onMessage = ({ kind, sequence }, socket) => {
        if (kind === DECLARE_SUBSCRIBER) socket.send(answer(2, sequence as number, text('no')));
        return kind === DECLARE_SUBSCRIBER;
      };
      await expect(next).rejects.toMatchObject({ code: 'NETWORK', message: 'the server refused: no' });
      await restored(events);
      expect(events.at(-1)).toMatchObject({ declared: 1, refused: [{ code: 'NETWORK' }] });
      expect(server.of(DECLARE_PUBLISHER)).toHaveLength(1);
      expect(server.of(DECLARE_QUERYABLE)).toEqual([]);
      await refused.undeclare();
    }));

  test('and loses it again while it declares, tries on', () =>
    withSession({}, async (session, events) => {
      await session.declareSubscriber('a');
      const { port } = server;
      await server.kill();
      server = await FakeServer.start(port);
      let hangups = 0;
      server.onMessage = ({ kind }, socket) => {
        if (kind !== DECLARE_SUBSCRIBER || hangups === 2) return false;
        hangups++;
        socket.terminate();
        return true;
      };
      await restored(events);
      expect(hangups).toBe(2);
      expect(events.filter(({ kind }) => kind === 'failed').at(-1)).toMatchObject({ error: { code: 'DISCONNECTED' } });
    }));

  test('closes while it declares again, and the new connection with it', () =>
    withSession({}, async (session, events) => {
      await session.declareSubscriber('a');
      const { port } = server;
      await server.kill();
      server = await FakeServer.start(port);
      server.onMessage = ({ kind }) => kind === DECLARE_SUBSCRIBER;
      await until('the declaration came', () => server.of(DECLARE_SUBSCRIBER).length === 1);
      let closed = false;
      server.sockets[0]?.once('close', () => {
        closed = true;
      });
      await session.close();
      await until('the server sees the end', () => closed);
      expect(kinds(events)).not.toContain('restored');
    }));

  test('closes while it tries, without waiting', () =>
    withSession({ reconnect: { initialDelay: 60_000, maxDelay: 60_000 } }, async (session, events) => {
      await server.kill();
      await until('the first attempt failed', () => kinds(events).includes('failed'));
      await session.close();
      expect(session.connection()).toBe('closed');
    }));
});
