// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { CongestionControl } from '@zenoh-segments/core';
import { useChromium } from '../support/chromium.js';
import { matched } from '../support/matched.js';
import { openIn } from './page.js';
import { Served } from './served.js';
import { difference, next, noise } from './told.js';

const browser = useChromium();
const TEN_MEGABYTES = 10_000_000;

test('segments leave a page by one gather each, counted, and arrive as the bytes they are', async () => {
  await using served = await Served.start();
  const subscriber = await served.peer.declareSubscriber('segments');
  const session = await openIn(await browser.page(), served.locator);
  const counted = await session.evaluate(async (session) => {
    const publisher = await session.declarePublisher('segments', { encoding: 'zenoh/bytes' });
    await helpers.next(await publisher.matchingListener());
    const parts = [Uint8Array.of(1, 2, 3), Float64Array.of(Math.PI), helpers.noise(5, 5000).subarray(1000)];
    const payload = zenoh.ZBytes.fromSegments(parts);
    const before = payload.ledger.snapshot();
    await publisher.put(payload);
    await payload.released;
    // It was read once: what is written now does not reach anybody.
    (parts[0] as Uint8Array).fill(9);
    return {
      segments: payload.segmentCount,
      before,
      payload: payload.ledger.snapshot(),
      publisher: publisher.ledger.snapshot(),
      session: session.ledger.snapshot(),
    };
  });
  const once = { copied: 4011, reasons: { websocket: 4011 } };
  expect(counted).toEqual({
    segments: 3,
    before: { carried: 0, copied: 0, reasons: {} },
    payload: expect.objectContaining(once),
    publisher: { carried: 4011, ...once },
    session: { carried: 4011, ...once },
  });
  const bytes = (await next(subscriber)).payload().toBytes();
  expect([...bytes.subarray(0, 3)]).toEqual([1, 2, 3]);
  expect(new DataView(bytes.buffer, bytes.byteOffset).getFloat64(3, true)).toBe(Math.PI);
  expect(difference(bytes.subarray(11), noise(5, 5000).subarray(1000))).toBe(-1);
});

test('what a page receives are views of the message, without a copy, that end with the payload', async () => {
  await using served = await Served.start();
  const session = await openIn(await browser.page(), served.locator);
  const subscriber = await session.evaluateHandle((session) => session.declareSubscriber('views'));
  await matched(served.peer, 'views');
  const reliably = { congestionControl: CongestionControl.BLOCK };
  await served.peer.put('views', noise(6, 100_000), { ...reliably, attachment: 'beside it' });
  const seen = await subscriber.evaluate(async (subscriber) => {
    const sample = await helpers.next(subscriber);
    const payload = sample.payload();
    const [view] = payload.segments() as [Uint8Array];
    const attachment = sample.attachment()!.segments()[0] as Uint8Array;
    payload.assertZeroCopy();
    subscriber.ledger.assertZeroCopy();
    const seen = {
      segments: payload.segmentCount,
      same: payload.segments()[0] === view && payload.toBytes() === view,
      together: view.buffer === attachment.buffer,
      inside: view.byteOffset > 0 && view.buffer.byteLength < 100_200,
      differs: helpers.difference(view, helpers.noise(6, 100_000)),
      carried: subscriber.ledger.carried,
    };
    payload[Symbol.dispose]();
    const half = view.byteLength;
    sample.attachment()![Symbol.dispose]();
    return { ...seen, half, ended: view.byteLength };
  });
  expect(seen).toEqual({
    segments: 1,
    same: true,
    together: true,
    inside: true,
    differs: -1,
    carried: 100_009,
    // The attachment lies in the same memory, which ends with the last of the two.
    half: 100_000,
    ended: 0,
  });
});

test('ten megabytes go both ways, byte for byte', async () => {
  await using served = await Served.start();
  const session = await openIn(await browser.page(), served.locator);
  const subscriber = await session.evaluateHandle((session) => session.declareSubscriber('large/down'));
  const up = await served.peer.declareSubscriber('large/up');
  await matched(served.peer, 'large/down');
  await served.peer.put('large/down', noise(7, TEN_MEGABYTES), { congestionControl: CongestionControl.BLOCK });
  const arrived = await subscriber.evaluate(async (subscriber, length) => {
    const payload = (await helpers.next(subscriber)).payload();
    return { differs: helpers.difference(payload.toBytes(), helpers.noise(7, length)), copied: payload.ledger.copied };
  }, TEN_MEGABYTES);
  expect(arrived).toEqual({ differs: -1, copied: 0 });

  await session.evaluate(async (session, length) => {
    const publisher = await session.declarePublisher('large/up', { congestionControl: zenoh.CongestionControl.BLOCK });
    await helpers.next(await publisher.matchingListener());
    await publisher.putSegments([helpers.noise(8, length / 2), helpers.noise(9, length / 2)]);
  }, TEN_MEGABYTES);
  const bytes = (await next(up)).payload().toBytes();
  expect(difference(bytes.subarray(0, TEN_MEGABYTES / 2), noise(8, TEN_MEGABYTES / 2))).toBe(-1);
  expect(difference(bytes.subarray(TEN_MEGABYTES / 2), noise(9, TEN_MEGABYTES / 2))).toBe(-1);
});

test('a page learns what its server takes, and is refused more before anything is sent', async () => {
  await using served = await Served.start({ listen: 'ws/127.0.0.1:0', maxMessage: 1_000_000 });
  const session = await openIn(await browser.page(), served.locator);
  const refused = await session.evaluate(async (session) => {
    try {
      await session.put('large', new Uint8Array(1_000_000));
    } catch (error) {
      const { code, limit, size } = error as InstanceType<typeof zenoh.LimitError>;
      return { code, limit, beyond: size > 1_000_000, state: session.connection() };
    }
    throw new Error('it was taken');
  });
  expect(refused).toEqual({ code: 'MESSAGE_TOO_LARGE', limit: 1_000_000, beyond: true, state: 'connected' });
});
