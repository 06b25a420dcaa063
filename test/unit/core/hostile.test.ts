// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What hostile testing broke once; each case failed before it was mended.
import { expect, test } from '@jest/globals';
import {
  alloc,
  type CongestionControl,
  CoreError,
  type Locality,
  RingChannel,
  type Sample,
  type Session,
  scout,
  ZBytes,
} from '@zenoh-segments/core';
import { reachOf } from '../../conformance/pair.js';
import { isolated, withPair, withSession } from '../../support/sessions.js';
import { until } from '../../support/until.js';

const coded = (code: string) => expect.objectContaining({ code });

async function received(session: Session, key: string, put: () => Promise<unknown>): Promise<Sample> {
  const samples: Sample[] = [];
  const subscriber = await session.declareSubscriber(key, { handler: (sample) => samples.push(sample) });
  await put();
  await until(`a sample on ${key}`, () => samples.length > 0);
  await subscriber.undeclare();
  return samples[0] as Sample;
}

test('a getter among the segments can not run between reading an address and using it', async () => {
  await withSession(async (session) => {
    const payload = new ZBytes(new Uint8Array(10_000).fill(1));
    const attachment = new ZBytes(new Uint8Array(8));
    expect(() => Object.defineProperty(attachment.segments(), 0, { get: () => new Uint8Array(1) })).toThrow(TypeError);
    await session.put('hostile/getter', payload, { attachment });
  });
});

test('texts too long for the wire are refused, and the session goes on', async () => {
  await withPair(async (sender, receiver) => {
    const reach = reachOf(sender, receiver);
    const inbox = await reach('hostile/long');
    const long = 'x'.repeat(256);
    await expect(sender.put('hostile/long', '', { encoding: long })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(sender.put('hostile/long', '', { encoding: `text/plain;${long}` })).rejects.toThrow(CoreError);
    await expect(sender.put('k'.repeat(65_536), '')).rejects.toMatchObject({ code: 'KEY_EXPR_INVALID' });
    await expect(sender.declareSubscriber('k'.repeat(65_536))).rejects.toMatchObject({ code: 'KEY_EXPR_INVALID' });
    await sender.put('hostile/long', 'still here', { encoding: 'x'.repeat(255) });
    expect((await inbox.at(0)).payload().toString()).toBe('still here');
  });
});

test('bounds that hold nothing are refused', async () => {
  await withSession(async (session) => {
    for (const bounds of [{ count: 0 }, { bytes: 0 }, { count: 1.5 }, { bytes: Number.NaN }]) {
      await expect(session.declareSubscriber('hostile/bounds', { handler: () => {}, bounds })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    }
  });
});

test('allocations beyond the longest ArrayBuffer are refused', () => {
  expect(() => alloc(2 ** 32 + 1)).toThrow(coded('INVALID_ARGUMENT'));
});

test('native memory disposed right after its put reaches a local subscriber whole', async () => {
  await withSession(async (session) => {
    const memory = alloc(10_000);
    memory.bytes.fill(7);
    const sample = await received(session, 'hostile/native', () => {
      const put = session.put('hostile/native', memory.bytes);
      memory[Symbol.dispose]();
      return put;
    });
    expect(sample.payload().length).toBe(10_000);
    expect(sample.payload().range(9_999, 10_000)[0]).toBe(7);
    sample.payload().assertZeroCopy();
  });
});

test('an attachment is released no sooner than its payload', async () => {
  await withSession(async (session) => {
    const events: string[] = [];
    await session.declareSubscriber('hostile/attachment', { handler: () => events.push('delivered') });
    const attachment = new ZBytes(Uint8Array.of(7));
    await session.put('hostile/attachment', Uint8Array.of(1), { attachment });
    void attachment.released.then(() => events.push('released'));
    await until('the attachment is released', () => events.includes('released'));
    expect(events).toEqual(['delivered', 'released']);
  });
});

test('a small payload can not be transferred away with its neighbours', async () => {
  await withPair(async (sender, receiver) => {
    const reach = reachOf(sender, receiver);
    const inbox = await reach('hostile/slab');
    for (let i = 0; i < 20; i++) await sender.put('hostile/slab', Uint8Array.of(i, i, i));
    await inbox.at(19);
    const [first] = (inbox.samples[0] as Sample).payload().segments();
    expect(() => ZBytes.fromSegments([first as Uint8Array], { ownership: 'transfer' })).toThrow(
      coded('BUFFER_UNSUPPORTED'),
    );
    expect(inbox.samples.map((sample) => [...sample.payload().toBytes()])).toEqual(
      Array.from({ length: 20 }, (_, i) => [i, i, i]),
    );
  });
});

test.each(['retain', 'transfer', 'copy'] as const)(
  'an iterable that detaches what it gave is refused: %s',
  (ownership) => {
    function* hostile() {
      const first = new Uint8Array(10);
      yield first;
      structuredClone(first.buffer, { transfer: [first.buffer] });
      yield new Uint8Array(10);
    }
    expect(() => ZBytes.fromSegments(hostile(), { ownership })).toThrow(coded('BUFFER_DETACHED'));
  },
);

test('a range over memory that shrank says so, and counts nothing', () => {
  const source = new Uint8Array(100);
  const payload = ZBytes.fromSegments([source, new Uint8Array(10)]);
  payload.range(0, 10);
  structuredClone(source.buffer, { transfer: [source.buffer] });
  expect(() => payload.range(50, 105)).toThrow(coded('BUFFER_DETACHED'));
  payload.assertZeroCopy();
});

test('the names of enum values are not their values', async () => {
  await withSession(async (session) => {
    const options = [
      { allowedDestination: 'REMOTE' as unknown as Locality },
      { congestionControl: 'BLOCK' as unknown as CongestionControl },
    ];
    for (const option of options) {
      await expect(session.put('hostile/enum', '', option)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
    const origin = { allowedOrigin: Number.NaN as Locality };
    await expect(session.declareSubscriber('hostile/enum', origin)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

test('what is taken but dropped by undeclare is counted as dropped', async () => {
  await withSession(async (session) => {
    let calls = 0;
    const subscriber = await session.declareSubscriber('hostile/undeclare', {
      handler: () => {
        calls++;
        void subscriber.undeclare();
      },
    });
    for (let i = 0; i < 10; i++) await session.put('hostile/undeclare', '');
    await until('the callback ran', () => calls > 0);
    await subscriber.undeclare();
    const { delivered, dropped } = subscriber.stats();
    expect({ calls, delivered, closed: dropped.closed }).toEqual({ calls: 1, delivered: 1, closed: 9 });
    const ring = await session.declareSubscriber('hostile/ring', { handler: new RingChannel<Sample>(5) });
    await session.put('hostile/ring', '');
    await ring.undeclare();
    await expect(ring.receiver()?.receive()).rejects.toMatchObject({ code: 'RECEIVER_CLOSED' });
  });
});

test.each([
  ['a timeout that is no number', (s: Session) => s.get('hostile/a', { timeout: '5' as never })],
  [
    'a period that is an object',
    (s: Session) => s.declareAdvancedSubscriber('hostile/a', { queryTimeout: {} as never }),
  ],
  ['options that are null', (s: Session) => s.put('hostile/a', 'x', null as never)],
  ['an encoding that is null', (s: Session) => s.put('hostile/a', 'x', { encoding: null as never })],
  ['an encoding that is a number', (s: Session) => s.put('hostile/a', 'x', { encoding: 5 as never })],
  ['a signal that is none', () => scout('peer', isolated(), { signal: 5 as never })],
])('%s is refused with a code', (_, run) =>
  withSession(async (session) => {
    await expect(run(session)).rejects.toMatchObject({ name: 'CoreError', code: 'INVALID_ARGUMENT' });
  }),
);
