// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A put of plain bytes, without options, takes a way of its own through the publisher: it promises what any other put does.
import { expect, test } from '@jest/globals';
import { alloc, type ChannelReceiver, CongestionControl, FifoChannel, type Sample, ZBytes } from '@zenoh-segments/core';
import { matched } from '../../support/matched.js';
import { withPair, withSession } from '../../support/sessions.js';
import { until } from '../../support/until.js';

const BLOCK = { congestionControl: CongestionControl.BLOCK };
const WHOLE = 'plain';

/** What TypeScript's library for older engines does not know. */
type Resizable = ArrayBuffer & { resize(length: number): void };
const resizable = (length: number, maxByteLength: number) =>
  Reflect.construct(ArrayBuffer, [length, { maxByteLength }]) as Resizable;

test('is counted by publisher and session, and copied nowhere', () =>
  withSession(async (session) => {
    const publisher = await session.declarePublisher(WHOLE, BLOCK);
    expect(await publisher.put(new Uint8Array(10))).toBe('done');
    expect(await publisher.put(Buffer.from('abc'))).toBe('done');
    const told = { carried: 13, copied: 0, puts: 2, done: 2, failed: 0, pending: 0 };
    expect(publisher.stats()).toMatchObject(told);
    expect(session.ledger.snapshot()).toMatchObject({ carried: 13, copied: 0 });
  }));

test('a local subscriber gets the very memory', () =>
  withSession(async (session) => {
    const samples: Sample[] = [];
    await session.declareSubscriber(WHOLE, { handler: (sample) => samples.push(sample) });
    const publisher = await session.declarePublisher(WHOLE, BLOCK);
    const [first, second] = [new Uint8Array(5).fill(1), new Uint8Array(200_000).fill(2)];
    await Promise.all([publisher.put(first), publisher.put(second)]);
    await until('both came', () => samples.length === 2);
    expect(samples.map((sample) => sample.payload().segments()[0])).toEqual([first, second]);
    expect(samples[1]?.payload().segments()[0]?.buffer).toBe(second.buffer);
    expect(publisher.ledger.copied).toBe(0);
  }));

test('memory that threads share is copied first, and counted', () =>
  withSession(async (session) => {
    const publisher = await session.declarePublisher(WHOLE, BLOCK);
    await publisher.put(new Uint8Array(new SharedArrayBuffer(8)));
    expect(publisher.ledger.copiedFor('unstable-memory')).toBe(8);
  }));

test('what is detached, or nothing, is told apart', () =>
  withSession(async (session) => {
    const samples: Sample[] = [];
    await session.declareSubscriber(WHOLE, { handler: (sample) => samples.push(sample) });
    const publisher = await session.declarePublisher(WHOLE, BLOCK);
    const gone = new Uint8Array(8);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    await expect(publisher.put(gone)).rejects.toMatchObject({ code: 'BUFFER_DETACHED' });
    expect(publisher.stats()).toMatchObject({ carried: 0, pending: 0 });
    await publisher.put(new Uint8Array(0));
    await until('the empty one came', () => samples.length === 1);
    expect(samples[0]?.payload().length).toBe(0);
    await publisher.undeclare();
    await expect(publisher.put(new Uint8Array(1))).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
  }));

test('small ones keep their order behind large ones that go by a native thread', () =>
  withPair(async (sender, receiver) => {
    const seen: number[] = [];
    await receiver.declareSubscriber(WHOLE, {
      handler: (sample) => seen.push(sample.payload().range(0, 1)[0] as number),
    });
    await matched(sender, WHOLE);
    const publisher = await sender.declarePublisher(WHOLE, BLOCK);
    const sizes = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 2 ** 20 : 64));
    const puts = sizes.map((size, i) => publisher.put(new Uint8Array(size).fill(i)));
    expect(new Set(await Promise.all(puts))).toEqual(new Set(['done']));
    await until('all came', () => seen.length === sizes.length);
    expect(seen).toEqual(sizes.map((_, i) => i));
    const carried = sizes.reduce((sum, size) => sum + size, 0);
    expect(publisher.ledger.snapshot().carried).toBe(carried);
    expect(Object.keys(publisher.ledger.snapshot().reasons)).toEqual(['offload']);
    expect(publisher.stats()).toMatchObject({ puts: 60, done: 60, pending: 0 });
  }));

test('native memory goes by reference, whatever way it takes', () =>
  withPair(async (sender, receiver) => {
    let bytes = 0;
    await receiver.declareSubscriber(WHOLE, { handler: (sample) => (bytes += sample.payload().length) });
    await matched(sender, WHOLE);
    const publisher = await sender.declarePublisher(WHOLE, BLOCK);
    const memory = alloc(2 ** 20);
    await Promise.all([publisher.put(memory.bytes), publisher.put(memory.bytes.subarray(0, 100_000))]);
    await until('both came', () => bytes === 2 ** 20 + 100_000);
    expect(publisher.ledger.copied).toBe(0);
  }));

test('a view that follows its resizable buffer goes out as it was when it was put', () =>
  withPair(async (sender, receiver) => {
    const subscriber = await receiver.declareSubscriber(WHOLE, { handler: new FifoChannel<Sample>(1) });
    const channel = subscriber.receiver() as ChannelReceiver<Sample>;
    await matched(sender, WHOLE);
    const publisher = await sender.declarePublisher(WHOLE, BLOCK);
    // A reader that leaves its queue full holds the link up: no more gets through than the sockets take.
    const ahead = [1, 2, 3, 4];
    for (const length of ahead) await publisher.put(new Uint8Array(length));
    const buffers = [1000, 4000].map((length) => resizable(length, 4000));
    // More than that fills the native lane: what comes after it waits in line, untouched.
    const before = publisher.put(new Uint8Array(64 << 20));
    const [grows, shrinks] = buffers.map((buffer) => publisher.put(new Uint8Array(buffer)));
    const refused = expect(shrinks).rejects.toMatchObject({ code: 'BUFFER_DETACHED' });
    expect(publisher.stats()).toMatchObject({ puts: ahead.length + 3, done: ahead.length, pending: 3 });
    buffers[0]?.resize(4000);
    buffers[1]?.resize(300);
    const lengths: number[] = [];
    while (lengths.length < ahead.length + 2) lengths.push((await channel.receive()).payload().length);
    expect(lengths).toEqual([...ahead, 64 << 20, 1000]);
    expect(await Promise.all([before, grows])).toEqual(['done', 'done']);
    await refused;
    expect(publisher.ledger.carried).toBe(10 + (64 << 20) + 1000);
  }));

test('a view beyond the end of its resized buffer is refused, and so is no payload at all', () =>
  withSession(async (session) => {
    const publisher = await session.declarePublisher(WHOLE, BLOCK);
    const buffer = resizable(64, 64);
    const views = [new Uint8Array(buffer, 32, 16), new DataView(buffer, 32, 16)];
    const empty = new Uint8Array(buffer, 8, 0);
    buffer.resize(40);
    const code = 'BUFFER_DETACHED';
    await expect(publisher.put(views[0] as Uint8Array)).rejects.toMatchObject({ code });
    for (const view of views) expect(() => ZBytes.fromSegments([view])).toThrow(expect.objectContaining({ code }));
    expect(await publisher.put(empty)).toBe('done');
    await expect(publisher.put(undefined as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(publisher.stats()).toMatchObject({ carried: 0, done: 1, failed: 0, pending: 0 });
  }));
