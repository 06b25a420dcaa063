// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FifoChannel, LimitError, RingChannel, type Sample, type Session, ZBytes } from '@zenoh-segments/core';
import { WebSocket } from 'ws';
import { event, FakeServer, sample } from '../../../support/fake-server.js';
import { until } from '../../../support/until.js';
import { withRemote } from '../../../support/websocket.js';

const [DECLARE_SUBSCRIBER, PUT] = [2, 14];
const MEBIBYTE = 1024 * 1024;

let server: FakeServer;
beforeEach(async () => {
  server = await FakeServer.start();
});
afterEach(() => server.kill());

/** The server reads nothing more until it is told to. */
const stall = () => {
  for (const socket of server.sockets) socket.pause();
};
const goOn = () => {
  for (const socket of server.sockets) socket.resume();
};

/** Sends `count` samples of one byte, and waits until all were heard. */
async function tellSamples(session: Session, count: number): Promise<void> {
  const id = server.of(DECLARE_SUBSCRIBER).at(-1)?.body.readUInt32LE(0) as number;
  for (let i = 0; i < count; i++) server.tell(event(5, id, sample('a', [i])));
  await session.info();
}

const bytesOf = (each: { payload(): ZBytes }) => each.payload().toBytes()[0];

describe('what goes out of a WebSocket session', () => {
  test('waits up to the backlog, then fails, and goes out in order when there is room', () =>
    withRemote(server.locator, { backlog: 16 * MEBIBYTE }, async (session) => {
      stall();
      const puts: Promise<unknown>[] = [];
      let failure: unknown;
      for (let i = 0; i < 64 && failure === undefined; i++) {
        const put = session.put('k', new Uint8Array(MEBIBYTE).fill(i)).catch((error: unknown) => {
          failure = error;
        });
        puts.push(put);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(failure).toBeInstanceOf(LimitError);
      expect(failure).toMatchObject({
        code: 'BACKLOG_FULL',
        limit: 16 * MEBIBYTE,
        message: expect.stringMatching(/bytes wait to be sent already, .* await each put/),
      });
      expect((failure as LimitError).size).toBeGreaterThan(MEBIBYTE);
      expect(() => session.putSync('k', 'x')).toThrow(expect.objectContaining({ code: 'BACKLOG_FULL' }));
      goOn();
      await Promise.all(puts);
      const sent = puts.length - 1;
      await until('all came', () => server.of(PUT).length === sent);
      expect(server.of(PUT).map(({ body }) => body[100])).toEqual(Array.from({ length: sent }, (_, i) => i));
      expect(session.stats().sent).toMatchObject({ failed: 2 });
    }));

  test('is no larger than the server takes: 16 MiB, what it says, or what the config says', async () => {
    const limits: [string, number | undefined, number][] = [
      ['fake', undefined, 16 * MEBIBYTE],
      ['uuid zenoh-segments/0.1.0 max-message=1000 max-frame=1000', undefined, 1000],
      ['uuid zenoh-segments/0.1.0 max-message=1000', 500, 500],
    ];
    for (const [name, maxMessage, limit] of limits) {
      server.name = name;
      await withRemote(server.locator, { maxMessage }, async (session) => {
        const payload = ZBytes.fromSegments([new Uint8Array(limit - 20), new Uint8Array(20)]);
        await expect(session.put('k', payload)).rejects.toMatchObject({
          name: 'LimitError',
          code: 'MESSAGE_TOO_LARGE',
          limit,
          size: expect.any(Number),
        });
        expect(payload.ledger.copied).toBe(0);
        await session.put('k', new Uint8Array(limit - 20));
        await until('it came', () => server.of(PUT).length > 0);
        expect(session.connection()).toBe('connected');
      });
      server.asked.length = 0;
    }
  });

  test('is gathered once: the memory is free when the put returns, also when it waits', () =>
    withRemote(server.locator, {}, async (session) => {
      stall();
      const filler = session.put('k', new Uint8Array(12 * MEBIBYTE));
      const parts = [new Uint8Array(1000).fill(1), new Uint8Array(24).fill(2)];
      const payload = ZBytes.fromSegments(parts);
      const put = session.put('k', payload, { attachment: new Uint8Array(5).fill(3) });
      await payload.released;
      for (const each of parts) each.fill(9);
      expect(payload.ledger.snapshot()).toMatchObject({ copied: 1024, reasons: { websocket: 1024 } });
      goOn();
      await Promise.all([filler, put]);
      await until('both came', () => server.of(PUT).length === 2);
      const body = server.of(PUT)[1]?.body as Buffer;
      expect(body.indexOf(Buffer.concat([Buffer.alloc(1000, 1), Buffer.alloc(24, 2)]))).toBeGreaterThan(0);
      expect(session.ledger.snapshot()).toMatchObject({
        carried: 12 * MEBIBYTE + 1024,
        reasons: { websocket: 12 * MEBIBYTE + 1024 + 5 },
      });
    }));

  test('fails when a segment was detached, and nothing goes out', () =>
    withRemote(server.locator, {}, async (session) => {
      const segment = new Uint8Array(10);
      const payload = ZBytes.fromSegments([new Uint8Array(3), segment]);
      structuredClone(segment.buffer, { transfer: [segment.buffer] });
      await expect(session.put('k', payload)).rejects.toMatchObject({ code: 'BUFFER_DETACHED', segmentIndex: 1 });
      expect(payload.ledger.copied).toBe(0);
      await session.info();
      expect(server.of(PUT)).toEqual([]);
    }));

  test('goes out before the session is closed, or CLOSE_TIMEOUT says that it did not', async () => {
    await withRemote(server.locator, {}, async (session) => {
      const puts = [1, 2, 3].map(() => session.put('k', new Uint8Array(8 * MEBIBYTE)));
      await session.close();
      await Promise.all(puts);
      await until('all came', () => server.of(PUT).length === 3);
    });
    await withRemote(server.locator, {}, async (session) => {
      stall();
      const puts = Promise.allSettled([1, 2, 3].map(() => session.put('k', new Uint8Array(8 * MEBIBYTE))));
      await expect(session.close()).rejects.toMatchObject({ code: 'CLOSE_TIMEOUT' });
      expect((await puts).at(-1)).toMatchObject({ reason: { code: 'SESSION_CLOSED' } });
      goOn();
    }).catch((error: { code?: string }) => expect(error.code).toBe('CLOSE_TIMEOUT'));
  });

  test('is waited for at the close too when all of it is in the WebSocket, as with that of Node', async () => {
    let held = 0;
    class Holding extends WebSocket {
      constructor(url: string) {
        super(url);
        Object.defineProperty(this, 'bufferedAmount', { get: () => held });
      }
    }
    await withRemote(server.locator, { WebSocket: Holding }, async (session) => {
      await session.put('k', 'x');
      held = 1;
      let closed = false;
      const closing = session.close().then(() => {
        closed = true;
      });
      for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
      expect(closed).toBe(false);
      held = 0;
      await closing;
      expect(server.of(PUT)).toHaveLength(1);
    });
  });
});

describe('what comes into a WebSocket session', () => {
  test.each([
    ['a ring', new RingChannel<Sample>(2), [3, 4], { oldest: 3, newest: 0 }],
    // The protocol can not make the publisher wait: what is too much for the count waits here, up to the bytes.
    ['a FIFO', new FifoChannel<Sample>(2), [0, 1, 2, 3, 4], { oldest: 0, newest: 0 }],
  ])('is bounded by %s', (_, handler, kept, dropped) =>
    withRemote(server.locator, {}, async (session) => {
      const subscriber = await session.declareSubscriber('a', { handler });
      await tellSamples(session, 5);
      expect(subscriber.stats()).toMatchObject({ received: 5, dropped, queued: kept.length });
      const got: (number | undefined)[] = [];
      while (got.length < kept.length) got.push(bytesOf((await subscriber.receiver()?.receive()) as Sample));
      expect(got).toEqual(kept);
    }),
  );

  test('is let go of when a ring drops it, although nobody reads', () =>
    withRemote(server.locator, {}, async (session) => {
      const subscriber = await session.declareSubscriber('a', { handler: new RingChannel(2) });
      const id = server.of(DECLARE_SUBSCRIBER)[0]?.body.readUInt32LE(0) as number;
      // Other tests of this process may have left something.
      globalThis.gc?.();
      const before = process.memoryUsage().arrayBuffers;
      // 100,000 bytes; a length of three bytes.
      const message = Buffer.concat([
        event(5, id, [1, 97, 0xa0, 0x8d, 0x06]),
        Buffer.alloc(100_000),
        Buffer.from([0, 0, 0, 0, 0, 0, 37]),
      ]);
      for (let i = 0; i < 1000; i++) {
        server.tell(message);
        if (i % 20 === 0) await session.info();
      }
      await session.info();
      expect(subscriber.stats()).toMatchObject({ received: 1000, queued: 2, dropped: { oldest: 998 } });
      await until('the memory of the dropped is free', () => {
        globalThis.gc?.();
        return process.memoryUsage().arrayBuffers - before < 30e6;
      });
    }));

  test('is bounded in bytes, whatever the policy', () =>
    withRemote(server.locator, {}, async (session) => {
      const subscriber = await session.declareSubscriber('a', { handler: new FifoChannel(100, { maxBytes: 3 * 257 }) });
      await tellSamples(session, 10);
      expect(subscriber.stats()).toMatchObject({
        received: 10,
        queued: 3,
        queuedBytes: 3 * 257,
        dropped: { newest: 7 },
      });
      await subscriber.undeclare();
      expect(subscriber.stats()).toMatchObject({ queued: 0, dropped: { newest: 7, closed: 3 } });
    }));

  test('is a view of the message, without a copy, and detached by dispose when it is large', () =>
    withRemote(server.locator, {}, async (session) => {
      const subscriber = await session.declareSubscriber('a');
      const id = server.of(DECLARE_SUBSCRIBER)[0]?.body.readUInt32LE(0) as number;
      const large = Buffer.alloc(10_000, 7);
      // A length of two bytes: 0x90 0x4e.
      server.tell(
        Buffer.concat([event(5, id, [1, 97, 0x90, 0x4e]), large, Buffer.from([0, 0, 0, 0, 1, 2, 8, 9, 0, 37])]),
      );
      const got = await subscriber.receiver()?.receive();
      const payload = got?.payload() as ZBytes;
      const attachment = got?.attachment() as ZBytes;
      const [view] = payload.segments();
      expect(payload.segments()[0]).toBe(view);
      expect(Buffer.from(view as Uint8Array).equals(large)).toBe(true);
      expect([...attachment.toBytes()]).toEqual([8, 9]);
      expect(view?.buffer).toBe(attachment.segments()[0]?.buffer);
      payload.assertZeroCopy();
      expect(subscriber.ledger.snapshot()).toMatchObject({ carried: 10_002, copied: 0 });
      payload[Symbol.dispose]();
      expect(view?.byteLength).toBe(10_000);
      attachment[Symbol.dispose]();
      expect(view?.byteLength).toBe(0);
    }));
});
