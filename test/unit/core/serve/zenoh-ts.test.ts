// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Eclipse's own client at the other end: the protocol is what it says it is.
import { expect, test } from '@jest/globals';
import { CongestionControl, Encoding, Priority, SampleKind, Session } from '@zenoh-segments/core';
import { JsonPeer } from '../../../support/json-peer.js';
import { serving } from '../../../support/serving.js';
import { connecting, freePort, listening } from '../../../support/sessions.js';
import { HANG_MS, until } from '../../../support/until.js';

/** With a client of the server. */
function withPeer(run: (peer: JsonPeer, session: Session) => Promise<void>): Promise<void> {
  return serving({}, (server, session) =>
    JsonPeer.with('zenoh_ts_peer.mjs', async (peer) => {
      await peer.call('open', { locator: server.locator });
      await run(peer, session);
      expect(server.stats()).toMatchObject({ accepted: 1, dropped: 0, malformed: 0, failed: 0 });
    }),
  );
}

async function received<T>(peer: JsonPeer, key: string, count: number): Promise<T[]> {
  let all: T[] = [];
  const deadline = performance.now() + HANG_MS;
  while (all.length < count && performance.now() < deadline) all = await peer.call('received', { key });
  expect(all).toHaveLength(count);
  return all;
}

const sum = (bytes: Uint8Array) => bytes.reduce((total, byte) => total + byte, 0);

test('samples both ways, with all that a message may carry', async () => {
  await withPeer(async (peer, session) => {
    const key = 'serve/samples';
    const subscriber = await session.declareSubscriber(key);
    const timestamp = await peer.call<string>('put', {
      key,
      body: { text: 'from zenoh-ts' },
      attachment: 'attached',
      encoding: 'application/json;v1',
      timestamped: true,
    });
    const sample = await subscriber.receiver()?.receive();
    expect(sample?.payload().toString()).toBe('from zenoh-ts');
    expect(sample?.attachment()?.toString()).toBe('attached');
    expect(sample?.encoding().toString()).toBe('application/json;v1');
    expect(sample?.timestamp()?.getNtp64().toString()).toBe(timestamp);
    expect(sample?.priority()).toBe(Priority.REAL_TIME);
    expect(sample?.congestionControl()).toBe(CongestionControl.BLOCK);
    expect(sample?.express()).toBe(true);
    await peer.call('delete', { key });
    expect((await subscriber.receiver()?.receive())?.kind()).toBe(SampleKind.DELETE);

    await peer.call('subscribe', { key: 'serve/back/**' });
    const now = await session.newTimestamp();
    await session.put('serve/back/one', 'from node', {
      attachment: 'also attached',
      encoding: Encoding.fromString('text/plain;utf-8'),
      timestamp: now,
      priority: Priority.INTERACTIVE_HIGH,
      congestionControl: CongestionControl.BLOCK,
      express: true,
    });
    await session.delete('serve/back/two');
    const [one, two] = await received(peer, 'serve/back/**', 2);
    expect(one).toEqual({
      key: 'serve/back/one',
      payload: Buffer.from('from node').toString('hex'),
      kind: 'PUT',
      encoding: 'text/plain;utf-8',
      attachment: 'also attached',
      timestamp: now.getNtp64().toString(),
      priority: Priority.INTERACTIVE_HIGH,
      congestion: CongestionControl.BLOCK,
      express: true,
    });
    expect(two).toMatchObject({ key: 'serve/back/two', kind: 'DELETE', payload: '' });
  });
});

test('payloads of 40 MB both ways: the plugin of zenohd drops the connection above 16 MiB', async () => {
  await withPeer(async (peer, session) => {
    const size = 40_000_000;
    const subscriber = await session.declareSubscriber('serve/large');
    await peer.call('put', { key: 'serve/large', body: { size, fill: 3 } });
    const payload = (await subscriber.receiver()?.receive())?.payload();
    expect(payload?.length).toBe(size);
    expect(sum(payload?.toBytes() as Uint8Array)).toBe(3 * size);
    // One reference to the frame, from the network to here.
    expect(payload?.segments()).toHaveLength(1);
    await peer.call('subscribe', { key: 'serve/large-back' });
    await session.put('serve/large-back', new Uint8Array(size).fill(5), { congestionControl: CongestionControl.BLOCK });
    const [sample] = await received<{ payload: unknown }>(peer, 'serve/large-back', 1);
    expect(sample?.payload).toEqual({ length: size, sum: 5 * size });
  });
});

test('a publisher hears who matches; its settings hold for what it puts', async () => {
  await withPeer(async (peer, session) => {
    const key = 'serve/publisher';
    expect(await peer.call('publisher', { key })).toBe(false);
    const subscriber = await session.declareSubscriber(key);
    expect(await received(peer, `${key} matching`, 1)).toEqual([true]);
    await peer.call('publish', { key, body: { text: 'published' } });
    const sample = await subscriber.receiver()?.receive();
    expect([sample?.payload().toString(), sample?.encoding().toString()]).toEqual(['published', 'text/plain']);
    await subscriber.undeclare();
    expect(await received(peer, `${key} matching`, 2)).toEqual([true, false]);
    await peer.call('undeclare', { key });
  });
});

test('queries both ways: replies, deletions, errors, and their end', async () => {
  await withPeer(async (peer, session) => {
    await session.declareQueryable('serve/node/**', {
      handler: async (query) => {
        const told = `${query.parameters()} ${query.payload()?.toString()} ${query.attachment()?.toString()}`;
        await query.reply(query.keyExpr(), told);
        await query.replyErr('and an error');
        await query.finalize();
      },
    });
    const asked = await peer.call<{ payload?: string; error?: string }[]>('get', {
      selector: 'serve/node/x?a=1',
      body: { text: 'question' },
      attachment: 'attached',
    });
    // zenoh holds replies back until it knows which are the latest; errors it does not.
    expect(asked.map(({ payload, error }) => error ?? Buffer.from(payload ?? '', 'hex').toString())).toEqual([
      'and an error',
      'a=1 question attached',
    ]);
    expect(await peer.call('querier', { key: 'serve/node/y', parameters: 'b=2' })).toMatchObject({
      matching: true,
      replies: [{ error: 'and an error' }, { key: 'serve/node/y' }],
    });
    expect(await peer.call('get', { selector: 'serve/nobody' })).toEqual([]);

    await peer.call('queryable', { key: 'serve/peer/**' });
    const ask = async (selector: string) => {
      const results: string[] = [];
      for await (const reply of (await session.get(selector, { payload: 'echo', attachment: 'too' })) ?? []) {
        const result = reply.result();
        results.push(
          'kind' in result
            ? `${result.kind()} ${result.payload()} ${result.attachment()}`
            : `error ${result.payload()}`,
        );
      }
      return results;
    };
    expect(await ask('serve/peer/x')).toEqual([`${SampleKind.PUT} echo too`]);
    expect(await ask('serve/peer/x?delete')).toEqual([`${SampleKind.DELETE}  undefined`]);
    expect(await ask('serve/peer/x?error')).toEqual(['error no']);
  });
});

test('liveliness: tokens are seen from both sides, and go with the connection', async () => {
  await serving({}, async (server, session) => {
    const events: [string, SampleKind][] = [];
    await session.liveliness().declareSubscriber('serve/alive/**', {
      handler: (sample) => events.push([sample.keyexpr().toString(), sample.kind()]),
    });
    await JsonPeer.with('zenoh_ts_peer.mjs', async (peer) => {
      await peer.call('open', { locator: server.locator });
      await peer.call('token', { key: 'serve/alive/peer' });
      await until('the token is seen', () => events.length === 1);
      const token = await session.liveliness().declareToken('serve/here/node');
      expect(await peer.call('livelinessGet', { key: 'serve/here/*' })).toEqual(['serve/here/node']);
      await peer.call('livelinessSubscribe', { key: 'serve/here/**', history: true });
      await token.undeclare();
      expect(await received(peer, 'serve/here/**', 2)).toEqual([
        { key: 'serve/here/node', kind: 'PUT' },
        { key: 'serve/here/node', kind: 'DELETE' },
      ]);
    });
    await until('the token is gone', () => events.length === 2);
    expect(events).toEqual([
      ['serve/alive/peer', SampleKind.PUT],
      ['serve/alive/peer', SampleKind.DELETE],
    ]);
    await until('nobody is left', () => server.stats().clients === 0);
  });
});

/** The id as zenoh-ts writes it: zenoh leaves a leading zero out. */
function wholeBytes(session: Session): string {
  const digits = session.zid().toString();
  return digits.padStart(digits.length + (digits.length % 2), '0');
}

test('it knows the session that serves it, its clock and whom it knows', async () => {
  const port = await freePort();
  await using session = await Session.open(listening(port), { serve: { websocket: 'ws/127.0.0.1:0' } });
  await JsonPeer.with('zenoh_ts_peer.mjs', async (peer) => {
    await peer.call('open', { locator: session.websocketServer?.locator });
    const zid = wholeBytes(session);
    expect(await peer.call('info')).toEqual({ zid, peers: [], routers: [], transports: [], links: [] });
    await peer.call('listen');
    const friend = await Session.open(connecting(port));
    const id = wholeBytes(friend);
    expect(await received(peer, 'transports', 1)).toEqual([['PUT', id]]);
    expect(await received(peer, 'links', 1)).toEqual([['PUT', id]]);
    const link = expect.stringMatching(/^tcp\/127\.0\.0\.1:\d+$/);
    expect(await peer.call('info')).toEqual({ zid, peers: [id], routers: [], transports: [id], links: [link] });
    await friend.close();
    expect(await received(peer, 'transports', 2)).toEqual([
      ['PUT', id],
      ['DELETE', id],
    ]);
    const before = BigInt((await session.newTimestamp()).getNtp64());
    const between = BigInt(await peer.call<string>('newTimestamp'));
    const after = BigInt((await session.newTimestamp()).getNtp64());
    expect(between >= before && after >= between).toBe(true);
  });
});
