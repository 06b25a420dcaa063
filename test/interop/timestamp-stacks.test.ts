// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { InterceptionPoint, Timestamp, TimestampInstrumentation } from '@zenoh-segments/core';
import { peerTest } from '../support/peers.js';
import { Inbox } from '../support/peers-inbox.js';
import { withZenohPeer } from '../support/python-zenoh.js';

const PROGRAM = 'stack_peer.py';
const KEY = 'interop/stacks';
/** What the Python session gives as its own time. */
const TICK = '007469636bff';

interface Noted {
  readonly asked: string[];
  readonly records: readonly { readonly point: string; readonly time?: string; readonly custom?: string }[];
}

describe('times noted along the way mean the same to eclipse-zenoh', () => {
  peerTest('python', 'of what we put', () =>
    withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session, subscribe }) => {
      await subscribe(KEY);
      const timestampInstrumentation = new TimestampInstrumentation({ send: true, receive: true });
      await session.put(KEY, 'x', { timestampInstrumentation });
      const { asked, records } = await python.call<Noted>('next_stack');
      expect(asked).toEqual(['SEND', 'RECEIVE']);
      expect(records.map(({ point }) => point)).toEqual(['SEND', 'RECEIVE']);
      const [sent, received] = records.map(({ time }) => Timestamp.fromString(time ?? '').getMsSinceUnixEpoch());
      expect(received).toBeGreaterThan((sent as number) - 1);
      await session.put(KEY, 'x');
      expect(await python.call('next_stack')).toBeNull();
    }),
  );

  peerTest('python', 'of what it puts, by our clock', () =>
    withZenohPeer(PROGRAM, { link: 'tcp' }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      await python.call('put_noted', { key: KEY, points: ['send', 'receive'] });
      const stack = (await inbox.next()).timestampStack();
      const records = stack?.records() ?? [];
      expect(records.map((record) => [record.point(), record.isCustom()])).toEqual([
        [InterceptionPoint.SEND, false],
        [InterceptionPoint.RECEIVE, false],
      ]);
      expect(stack?.instrumentation().isInstrumented(InterceptionPoint.ROUTE)).toBe(false);
      const [theirs, ours] = records.map((record) => `${(record.timestamp() as Timestamp).getId()}`);
      expect([theirs === ours, ours]).toEqual([false, session.zid().toString()]);
    }),
  );

  peerTest('python', 'of what it puts, by a clock of its own', () =>
    withZenohPeer(PROGRAM, { link: 'tcp', pythonOpen: { clock: true } }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      await python.call('put_noted', { key: KEY, points: ['send', 'receive'] });
      const [sent, received, ...more] = (await inbox.next()).timestampStack()?.records() ?? [];
      expect(more).toEqual([]);
      expect([sent?.isCustom(), received?.isCustom()]).toEqual([true, false]);
      expect(Buffer.from(sent?.timestamp() as Uint8Array).toString('hex')).toBe(TICK);
      expect(received?.timestamp()).toBeInstanceOf(Timestamp);
    }),
  );
});
