// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { SourceInfo } from '@zenoh-segments/core';
import { peerTest } from '../support/peers.js';
import { Inbox } from '../support/peers-inbox.js';
import { withZenohPeer } from '../support/python-zenoh.js';

const PROGRAM = 'zenoh_peer.py';
const KEY = 'interop/sources';

interface Asked {
  readonly asked: string;
  readonly replies: readonly { readonly source: string | null; readonly replier: string }[];
}

describe('sources and ids mean the same to eclipse-zenoh', () => {
  peerTest('python', 'of what it puts', () =>
    withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      for (const number of [0, 2 ** 32 - 1]) {
        const source = await python.call<string>('put_numbered', { key: KEY, number });
        const got = (await inbox.next()).sourceInfo();
        expect(got?.toString()).toBe(source);
        expect(got?.sourceSn()).toBe(number);
      }
      await python.call('put', { key: KEY, payload: '00' });
      expect((await inbox.next()).sourceInfo()).toBeUndefined();
    }),
  );

  peerTest('python', 'of what we put', () =>
    withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      await using publisher = await session.declarePublisher(KEY);
      const sourceInfo = new SourceInfo(publisher.id(), 2 ** 32 - 1);
      await publisher.put('x', { sourceInfo });
      expect(await python.call('next_source')).toBe(sourceInfo.toString());
      await publisher.put('x');
      expect(await python.call('next_source')).toBeNull();
    }),
  );

  peerTest('python', 'of queries, replies and repliers', () =>
    withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session }) => {
      const asked: (string | undefined)[] = [];
      const ours = new SourceInfo(session.id(), 3);
      const queryable = await session.declareQueryable(KEY, {
        handler: async (query) => {
          asked.push(query.sourceInfo()?.toString());
          await query.reply(KEY, 'x', { sourceInfo: ours });
          await query.finalize();
        },
      });
      let told: Asked;
      // The declaration takes a moment to get there.
      do told = await python.call<Asked>('get', { selector: KEY, number: 9 });
      while (told.replies.length === 0);
      expect(told.replies).toEqual([{ source: ours.toString(), replier: queryable.id().toString() }]);
      expect(asked.at(-1)).toBe(told.asked);
    }),
  );
});
