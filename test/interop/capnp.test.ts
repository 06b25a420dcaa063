// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { capnpEncoding, fromZBytes, toSegments, toZBytes } from '@zenoh-segments/capnp';
import { CongestionControl, ShmProvider, ZBytes } from '@zenoh-segments/core';
import { Message } from 'capnp-es';
import { OldTelemetry, Telemetry } from '../golden/capnp/telemetry.js';
import { peerTest } from '../support/peers.js';
import { Inbox } from '../support/peers-inbox.js';
import { LINKS, type PythonPut, withZenohPeer, type ZenohPeer } from '../support/python-zenoh.js';
import { fullMessage, manySegments, sparseMessage } from '../unit/capnp/sample.js';
import { type Content, jsonContent } from './capnp/content.js';

const PROGRAM = 'capnp_peer.py';
const KEY = 'interop/capnp';
const ENCODING = capnpEncoding(BigInt(`0x${Telemetry._capnp.id}`));

/** What test/peers/capnp_peer.py tells of a message. */
interface PythonMessage {
  readonly encoding: string;
  readonly isShm: boolean;
  readonly segments: number;
  readonly content: Content;
  readonly bySegments: Content;
}

const MESSAGES: readonly (readonly [string, () => Message])[] = [
  ['one segment', fullMessage],
  ['many segments', manySegments],
  ['absent fields', sparseMessage],
  ['100 KB in many segments', largeMessage],
];

describe.each(LINKS)('%s', (link) => {
  for (const [kind, make] of MESSAGES) {
    peerTest('python', `pycapnp reads our message of ${kind}, whole and by segments`, () =>
      withZenohPeer(PROGRAM, { link }, async (peer) => {
        await peer.subscribe(KEY);
        const message = make();
        await publish(peer, message);
        const expected = jsonContent(new Message(message.toArrayBuffer(), false));
        expect(await peer.python.call<PythonMessage>('next_message')).toEqual({
          encoding: 'application/x-capnp;0xa3f0c65b1d2e4897',
          isShm: link === 'shm',
          segments: toSegments(message).length - 1,
          content: expected,
          bySegments: expected,
        });
      }),
    );
  }

  for (const [kind, words] of [
    ['one segment', 4096],
    ['several segments', 1],
  ] as const) {
    peerTest('python', `we read pycapnp's message of ${kind}`, () =>
      withZenohPeer(PROGRAM, { link }, async ({ python, session }) => {
        const inbox = await Inbox.on(session, KEY);
        // Larger than what is copied out because it is small.
        const spectrum = Array.from({ length: 1000 }, (_, i) => i / 7);
        const content = { ...jsonContent(fullMessage()), spectrum };
        const put = await python.call<PythonPut & { readonly segments: number }>('put_message', {
          key: KEY,
          content,
          first_segment_words: words,
          as_shm: link === 'shm',
          fields: { encoding: ENCODING },
        });
        expect(put.segments > 1).toBe(words === 1);
        using sample = await inbox.next();
        expect(sample.isShm()).toBe(link === 'shm');
        expect(sample.encoding().toString()).toBe(ENCODING);
        expect(jsonContent(fromZBytes(sample.payload()))).toEqual(content);
        if (link === 'shm') sample.payload().assertZeroCopy();
      }),
    );
  }
});

peerTest('python', 'programs of an older and of a newer schema read each other', () =>
  withZenohPeer(PROGRAM, { link: 'tcp' }, async (peer) => {
    await peer.subscribe(KEY);
    await publish(peer, fullMessage());
    expect(await peer.python.call('next_old')).toBe('18364758544493064720');
    const old = new Message();
    old.initRoot(OldTelemetry).sequence = 7n;
    await publish(peer, old);
    const { content } = await peer.python.call<PythonMessage>('next_message');
    expect(content).toEqual(jsonContent(sparseMessage()));

    const inbox = await Inbox.on(peer.session, 'interop/old');
    await peer.python.call('put_old', { key: 'interop/old', sequence: '7' });
    expect(jsonContent(fromZBytes((await inbox.next()).payload()))).toEqual(jsonContent(sparseMessage()));
  }),
);

peerTest('python', 'a message of pycapnp is forwarded without a copy, and pycapnp reads it again', () =>
  withZenohPeer(PROGRAM, { link: 'tcp' }, async (peer) => {
    const inbox = await Inbox.on(peer.session, 'interop/in');
    await peer.subscribe(KEY);
    const content = jsonContent(fullMessage());
    await peer.python.call('put_message', { key: 'interop/in', content });
    const received = fromZBytes((await inbox.next()).payload());
    const forwarded = toZBytes(received);
    await peer.session.put(KEY, forwarded);
    forwarded.assertZeroCopy();
    expect(await peer.python.call('next_message')).toMatchObject({ content });
  }),
);

/** Over shared memory as one chunk, otherwise as the segments, of which none is copied by the put. */
async function publish({ session, link }: ZenohPeer, message: Message): Promise<void> {
  const options = { encoding: ENCODING, congestionControl: CongestionControl.BLOCK };
  if (link === 'tcp') {
    const payload = toZBytes(message);
    session.putSync(KEY, payload, options);
    payload.assertZeroCopy();
    return;
  }
  const bytes = ZBytes.fromSegments(toSegments(message)).toBytes();
  const pool = new ShmProvider({ size: 2 * bytes.length + 65_536 });
  using chunk = await pool.alloc(bytes.length);
  chunk.bytes.set(bytes);
  await session.put(KEY, chunk.bytes, options);
}

function largeMessage(): Message {
  const message = manySegments();
  const root = message.getRoot(Telemetry);
  root.name = 'n'.repeat(20_000);
  const tags = root._initTags(80);
  for (let i = 0; i < 80; i++) tags.set(i, `${i} `.repeat(300));
  return message;
}
