// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import {
  type ChannelReceiver,
  type Reply,
  ReplyError,
  type Sample,
  SampleKind,
  type Session,
  ZBytes,
} from '@zenoh-segments/core';
import { peerTest } from '../support/peers.js';
import { LINKS, withZenohPeer } from '../support/python-zenoh.js';
import { until } from '../support/until.js';

const PROGRAM = 'query_peer.py';
const KEY = 'interop/question';
const ALIVE = 'interop/alive';

/** Waits until we know of a queryable of the other end. */
async function answered(session: Session, key: string): Promise<void> {
  await using querier = await session.declareQuerier(key);
  let known = false;
  await using _ = await querier.matchingListener({
    handler: (status) => {
      known = status.matching();
    },
  });
  await until('the queryable is known', () => known);
}

async function all(replies: ChannelReceiver<Reply> | undefined): Promise<Reply[]> {
  const seen: Reply[] = [];
  for await (const reply of replies as ChannelReceiver<Reply>) seen.push(reply);
  return seen;
}

describe.each(LINKS)('eclipse-zenoh at the other end, %s', (link) => {
  peerTest('python', 'Python answers: parameters, segments, attachment and errors', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session }) => {
      await python.call('answer', { key: KEY });
      await answered(session, KEY);
      const payload = ZBytes.fromSegments(['one, ', 'two'].map((text) => new TextEncoder().encode(text)));
      const [reply] = (await all(await session.get(`${KEY}?a=1;b=2`, { payload, attachment: 'note' }))) as [Reply];
      expect(reply.result().payload().toString()).toBe('a=1;b=2|one, two');
      expect((reply.result() as Sample).attachment()?.toString()).toBe('note');
      const [refused] = (await all(await session.get(KEY))) as [Reply];
      expect(refused.result()).toBeInstanceOf(ReplyError);
      expect(refused.result().payload().toString()).toBe('nothing was asked');
    }),
  );

  peerTest('python', 'Python asks: a reply of segments, then an error', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session }) => {
      await session.declareQueryable(KEY, {
        handler: async (query) => {
          await using _ = query;
          if (query.payload() === undefined) return query.replyErr('no payload');
          const asked = query.payload()?.segments() ?? [];
          await query.replySegments(KEY, [new TextEncoder().encode(`${query.parameters()}|`), ...asked]);
        },
      });
      expect(await python.call('ask', { selector: `${KEY}?x=1`, payload: 'hello' })).toEqual([{ ok: 'x=1|hello' }]);
      expect(await python.call('ask', { selector: KEY, payload: null })).toEqual([{ err: 'no payload' }]);
    }),
  );

  peerTest('python', 'each sees the tokens of the other come and go', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session }) => {
      await python.call('token', { key: `${ALIVE}/python` });
      const changes: [string, SampleKind][] = [];
      await session.liveliness().declareSubscriber(`${ALIVE}/**`, {
        history: true,
        handler: (sample) => changes.push([sample.keyexpr().toString(), sample.kind()]),
      });
      await until('the token is seen', () => changes.length === 1);
      const alive = await all(await session.liveliness().get(`${ALIVE}/**`));
      expect(alive.map((reply) => (reply.result() as Sample).keyexpr().toString())).toEqual([`${ALIVE}/python`]);
      await python.call('undeclare');
      await until('its end is seen', () => changes.length === 2);
      expect(changes).toEqual([
        [`${ALIVE}/python`, SampleKind.PUT],
        [`${ALIVE}/python`, SampleKind.DELETE],
      ]);
      const token = await session.liveliness().declareToken(`${ALIVE}/ours`);
      await python.call('watch', { key: `${ALIVE}/**` });
      expect(await python.call('next_change')).toEqual([`${ALIVE}/ours`, 'put']);
      expect(await python.call('alive', { key: `${ALIVE}/**` })).toEqual([`${ALIVE}/ours`]);
      await token.undeclare();
      expect(await python.call('next_change')).toEqual([`${ALIVE}/ours`, 'delete']);
    }),
  );
});
