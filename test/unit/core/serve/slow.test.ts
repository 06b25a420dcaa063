// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Clients that do not read, or are not there any more.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CongestionControl, FifoChannel, type Reply, type Session } from '@zenoh-segments/core';
import { ASK, message, put, TOLD, text, u8, u32 } from '../../../support/remote-api/messages.js';
import { RawClient } from '../../../support/remote-api/raw-client.js';
import { serving } from '../../../support/serving.js';
import { until } from '../../../support/until.js';

const MIB = 1024 * 1024;
const privateMiB = () => Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

async function all(asked: ReturnType<Session['get']>): Promise<Reply[]> {
  const replies: Reply[] = [];
  for await (const reply of (await asked) ?? []) replies.push(reply);
  return replies;
}

test('a client that stops reading loses samples, within its bound, and nobody else does', async () => {
  const backlog = 4 * MIB;
  await serving({ backlog }, async (server, session) => {
    const [slow, quick] = [await RawClient.connect(server.url), await RawClient.connect(server.url)];
    await slow.subscribe(1, 'serve/flood');
    await quick.subscribe(1, 'serve/flood');
    slow.pause();
    const before = privateMiB();
    const payload = new Uint8Array(MIB);
    const rounds = 100;
    for (let i = 1; i <= rounds; i++) {
      await session.put('serve/flood', payload, { congestionControl: CongestionControl.BLOCK });
      await until(`the quick one has ${i}`, () => quick.samples().length === i);
    }
    const { dropped, queued, highestQueued } = server.stats();
    // The system's own buffers hold some.
    expect(dropped).toBeGreaterThan(rounds - 40);
    expect(queued).toBeGreaterThan(2 * MIB);
    expect(highestQueued).toBeLessThanOrEqual(backlog);
    // The quick one keeps all 100 in this process.
    expect(privateMiB() - before).toBeLessThan(rounds + 64);
    slow.resume();
    await until('the slow one has caught up', () => slow.samples().length === rounds - dropped);
    await until('nothing is queued', () => server.stats().queued === 0);
    await session.put('serve/flood', 'afterwards');
    await until('it is served again', () => slow.samples().length === rounds - dropped + 1);
    expect(server.stats()).toMatchObject({ clients: 2, slow: 0, dropped });
  });
});

test('one sample larger than the bound still fits alone', async () => {
  await serving({ backlog: 1000 }, async (server, session) => {
    const client = await RawClient.connect(server.url);
    await client.subscribe(1, 'serve/one');
    await session.put('serve/one', new Uint8Array(3 * MIB));
    await until('it arrives', () => client.samples().length === 1);
    expect(client.samples()[0]?.length).toBeGreaterThan(3 * MIB);
  });
});

test('queries are not lost: a client that lets twice the bound pile up is given up, with 1013', async () => {
  await serving({ backlog: 2 * MIB }, async (server, session) => {
    const client = await RawClient.connect(server.url);
    await client.ask(ASK.declareQueryable, u32(1), text('serve/slow'), u8(1), u8(2));
    client.pause();
    const asked = [];
    while (server.stats().slow === 0) {
      asked.push(session.get('serve/slow', { payload: new Uint8Array(MIB), timeout: 20_000 }));
      await new Promise(setImmediate);
      expect(asked.length).toBeLessThan(100);
    }
    client.resume();
    expect(await client.ended()).toEqual({ code: 1013, reason: 'slow consumer: too much waits for this client' });
    // Its queries end with it, long before their timeout.
    for (const replies of asked) expect(await all(replies)).toEqual([]);
    await until('it is gone', () => server.stats().clients === 0);
    expect(server.stats().highestQueued).toBeLessThan(6 * MIB);
  });
});

test('a client that never answers a query holds 1,000 at the most', async () => {
  await serving({}, async (server, session) => {
    const client = await RawClient.connect(server.url);
    await client.ask(ASK.declareQueryable, u32(1), text('serve/mute'), u8(1), u8(2));
    const asked = Array.from({ length: 1_005 }, () => session.get('serve/mute', { timeout: 60_000 }));
    for (const replies of asked.slice(0, 5)) expect(await all(replies)).toEqual([]);
    await until('all were asked', () => client.told.filter((one) => one[0] === TOLD.query).length === 1_005);
    expect(server.stats().evictedQueries).toBe(5);
    // The oldest was taken for dead; the youngest is not.
    const ids = client.told.map((one) => one.subarray(5, 9));
    expect((await client.ask(ASK.responseFinal, ids[0] as Buffer)).id).toBe(TOLD.error);
    expect((await client.ask(ASK.responseFinal, ids[1_004] as Buffer)).id).toBe(TOLD.ok);
    expect(await all(asked[1_004] as (typeof asked)[0])).toEqual([]);
  });
});

test('a client of which nothing is heard is given up; one that answers pings stays', async () => {
  await serving({ silenceLimit: 300 }, async (server) => {
    const [dead, alive] = [await RawClient.connect(server.url), await RawClient.connect(server.url)];
    await Promise.all([dead.ping(), alive.ping()]);
    dead.pause();
    await until('the dead one is given up', () => server.stats().silent === 1);
    await until('it is gone', () => server.stats().clients === 1);
    await until('the other was asked long enough', () => alive.pings > 10);
    await alive.ping();
    expect(server.stats()).toMatchObject({ clients: 1, silent: 1 });
  });
});

test('a put that waits for a full channel holds up its own client alone', async () => {
  await serving({}, async (server, session) => {
    const subscriber = await session.declareSubscriber('serve/wait', { handler: new FifoChannel(2) });
    const [waiting, other] = [await RawClient.connect(server.url), await RawClient.connect(server.url)];
    const count = 50;
    for (let i = 0; i < count; i++) waiting.send(message(ASK.put, undefined, ...put('serve/wait', u8(i))));
    let answered = false;
    const late = waiting.ping().then(() => {
      answered = true;
    });
    await until('the channel is full', () => subscriber.stats().queued >= 2);
    for (let i = 0; i < 100; i++) await other.ping();
    expect(answered).toBe(false);
    const read: number[] = [];
    while (read.length < count) read.push((await subscriber.receiver()?.receive())?.payload().toBytes()[0] as number);
    expect(read).toEqual([...Array(count).keys()]);
    await late;
  });
});
