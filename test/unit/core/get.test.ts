// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { type ChannelReceiver, FifoChannel, type GetOptions, type Reply, Session } from '@zenoh-segments/core';
import { isolated } from '../../support/sessions.js';

// The types of the constants are what is tested, by the compiler; the values, that the types do not lie.
test('a get has a channel unless a callback is given, and its type says so', async () => {
  await using session = await Session.open(isolated());
  const querier = await session.declareQuerier('a');
  const channels: ChannelReceiver<Reply>[] = [
    await session.get('a'),
    await session.get('a', { timeout: 100 }),
    await session.get('a', { handler: new FifoChannel<Reply>(1) }),
    await querier.get(),
    await session.liveliness().get('a'),
  ];
  for (const channel of channels) for await (const _ of channel) throw new Error('nobody answers here');
  const none: undefined[] = [
    await session.get('a', { handler: (reply) => reply.result() }),
    await querier.get({ handler: [(reply) => reply.result(), () => {}] }),
    await session.liveliness().get('a', { handler: () => {} }),
  ];
  expect(none).toEqual([undefined, undefined, undefined]);
  const options: GetOptions = { timeout: 100 };
  const either: ChannelReceiver<Reply> | undefined = await session.get('a', options);
  expect(either).toBeDefined();
});

test('a get that ended leaves nothing at its signal', async () => {
  await using session = await Session.open(isolated());
  const { signal } = new AbortController();
  for (let n = 0; n < 3; n++) {
    for await (const _ of await session.get('a', { signal })) throw new Error('nobody answers here');
    await new Promise<void>((ended) => void session.get('a', { signal, handler: [() => {}, ended] }));
  }
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
