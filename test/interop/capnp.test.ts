// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import {
  capnpEncoding,
  fromZBytes,
  heapAllocator,
  MessageBuilder,
  parseCapnpEncoding,
  shmAllocator,
  toSegments,
  toZBytes,
} from '@zenoh-segments/capnp';
import { CongestionControl, type Sample, ShmProvider, type ZBytes } from '@zenoh-segments/core';
import { Message } from 'capnp-es';
import { OldTelemetry, Telemetry } from '../golden/capnp/telemetry.js';
import { peerTest } from '../support/peers.js';
import { runSeed, sha256 } from '../support/peers-bytes.js';
import { Inbox } from '../support/peers-inbox.js';
import { LINKS, type PythonPut, withZenohPeer, type ZenohPeer } from '../support/python-zenoh.js';
import { seededBytes } from '../support/seeded-bytes.js';
import { fullMessage, manySegments, sparseMessage } from '../unit/capnp/sample.js';
import { type Content, jsonContent } from './capnp/content.js';

const PROGRAM = 'capnp_peer.py';
const KEY = 'interop/capnp';
const TYPE_ID = BigInt(`0x${Telemetry._capnp.id}`);
const FRAME_LENGTH = 16_000_003;
const seed = runSeed();

/** What test/peers/capnp_peer.py tells of a message. */
interface PythonMessage {
  readonly encoding: string;
  readonly isShm: boolean;
  readonly sha256: string;
  readonly content: Content;
  /** These two not of a packed message. */
  readonly segments?: number;
  readonly bySegments?: Content;
}

const MESSAGES: readonly (readonly [string, () => Message])[] = [
  ['one segment', fullMessage],
  ['many segments', manySegments],
  ['absent fields', sparseMessage],
  ['100 KB in many segments', largeMessage],
  ['16 MB of data', frameMessage],
];

const FORMS = [
  ['framed', false],
  ['packed', true],
] as const;

describe.each(LINKS)('%s', (link) => {
  for (const [form, packed] of FORMS) {
    for (const [kind, make] of MESSAGES) {
      peerTest('python', `pycapnp reads our ${form} message of ${kind}`, () =>
        withZenohPeer(PROGRAM, { link }, async (peer) => {
          await peer.subscribe(KEY);
          const message = make();
          const sent = await publish(peer, message, packed);
          const content = jsonContent(new Message(message.toArrayBuffer(), false));
          const bySegments = { segments: toSegments(message).length - 1, bySegments: content };
          expect(await peer.python.call<PythonMessage>('next_message', { packed })).toEqual({
            encoding: `application/x-capnp${packed ? '-packed' : ''};0xa3f0c65b1d2e4897`,
            isShm: link === 'shm',
            sha256: sent,
            content,
            ...(packed ? {} : bySegments),
          });
        }),
      );
    }

    for (const [kind, words, frame] of [
      ['one segment', 4096, undefined],
      ['several segments', 1, undefined],
      ['16 MB of data', 1, { seed, length: FRAME_LENGTH }],
    ] as const) {
      peerTest('python', `we read pycapnp's ${form} message of ${kind}`, () =>
        withZenohPeer(PROGRAM, { link }, async ({ python, session }) => {
          const inbox = await Inbox.on(session, KEY);
          // Larger than what is copied out because it is small, in packed form too.
          const spectrum = Array.from({ length: 1000 }, (_, i) => i / 7);
          const content = { ...jsonContent(fullMessage()), spectrum };
          const put = await python.call<PythonPut & PythonMessage>('put_message', {
            key: KEY,
            content: frame === undefined ? content : { ...content, frame },
            first_segment_words: words,
            packed,
            as_shm: link === 'shm',
            fields: { encoding: capnpEncoding(TYPE_ID, { packed }) },
          });
          expect((put.segments ?? 0) > 1).toBe(words === 1);
          using sample = await inbox.next();
          const payload = sample.payload();
          expect(sample.isShm()).toBe(link === 'shm');
          expect(sha256(...payload.segments())).toBe(put.sha256);
          const read = fromZBytes(payload, { packed: packedOf(sample) });
          expect(jsonContent(read)).toEqual(put.content);
          expect(put.content).toMatchObject({ ...content, frame: put.content.frame });
          expectFewestCopies(payload, packed ? joinedLength(read) : undefined);
          // Sent again it is what pycapnp wrote, byte for byte.
          expect(sha256(...toZBytes(read, { packed }).segments())).toBe(put.sha256);
        }),
      );
    }
  }
});

describe.each(LINKS)('%s, from a MessageBuilder', (link) => {
  for (const [kind, bytesAtOnce, build] of [
    ['one segment', 65_536, fullMessage],
    ['many segments', 64, fullMessage],
    ['16 MB of data, written in place', 1024, frameMessage],
    ['16 MB of data, adopted', 1024, adoptedMessage],
  ] as const) {
    peerTest('python', `${kind}: sent without a copy, and read by pycapnp`, () =>
      withZenohPeer(PROGRAM, { link }, async ({ python, session, subscribe }) => {
        await subscribe(KEY);
        const pool = new ShmProvider({ size: 2 * FRAME_LENGTH });
        using memory = shmAllocator(pool, { chunkBytes: bytesAtOnce });
        const allocator = link === 'shm' ? memory : heapAllocator({ firstBytes: bytesAtOnce });
        const message = new MessageBuilder({ allocator });
        build(message);
        const payload = toZBytes(message);
        expect(payload.segmentCount > 2).toBe(kind !== 'one segment');
        session.putSync(KEY, payload, { congestionControl: CongestionControl.BLOCK });
        payload.assertZeroCopy();
        const content = jsonContent(fromZBytes(payload));
        expect(await python.call<PythonMessage>('next_message')).toMatchObject({
          sha256: sha256(...payload.segments()),
          content,
          bySegments: content,
        });

        const packed = toZBytes(message, { packed: true });
        session.putSync(KEY, packed, { congestionControl: CongestionControl.BLOCK });
        expect(await python.call<PythonMessage>('next_message', { packed: true })).toMatchObject({ content });
      }),
    );
  }
});

/** What reading copied at most: the message that was unpacked, and what the network has cut. */
function expectFewestCopies(payload: ZBytes, unpacked?: number): void {
  const { gather = 0, ...others } = payload.ledger.snapshot().reasons;
  expect(others).toEqual(unpacked === undefined ? {} : { convert: unpacked });
  if (payload.segmentCount === 1) expect(gather).toBe(0);
  else expect(gather).toBeLessThanOrEqual(payload.length);
}

function packedOf(sample: Sample): boolean {
  const encoding = parseCapnpEncoding(sample.encoding());
  expect(encoding?.typeId).toBe(TYPE_ID);
  return encoding?.packed === true;
}

function joinedLength(message: Message): number {
  return toSegments(message).reduce((sum, segment) => sum + segment.length, 0);
}

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

/**
 * Over shared memory as one chunk, otherwise as the segments, of which none is copied by the put unless they are packed.
 * Gives the hash of what was sent.
 */
async function publish({ session, link }: ZenohPeer, message: Message, packed = false): Promise<string> {
  const options = { encoding: capnpEncoding(TYPE_ID, { packed }), congestionControl: CongestionControl.BLOCK };
  const payload = toZBytes(message, { packed });
  if (link === 'tcp') {
    session.putSync(KEY, payload, options);
    if (!packed) payload.assertZeroCopy();
  } else {
    const pool = new ShmProvider({ size: 2 * payload.length + 65_536 });
    using chunk = await pool.alloc(payload.length);
    chunk.bytes.set(payload.toBytes());
    await session.put(KEY, chunk.bytes, options);
  }
  return sha256(...payload.segments());
}

function frameMessage(message = new Message()): Message {
  message.initRoot(Telemetry)._initFrame(FRAME_LENGTH).copyBuffer(seededBytes(seed, FRAME_LENGTH));
  return message;
}

function adoptedMessage(message: MessageBuilder): Message {
  message.initRoot(Telemetry)._adoptFrame(message.adoptData(seededBytes(seed, FRAME_LENGTH)));
  return message;
}

function largeMessage(): Message {
  const message = manySegments();
  const root = message.getRoot(Telemetry);
  root.name = 'n'.repeat(20_000);
  const tags = root._initTags(80);
  for (let i = 0; i < 80; i++) tags.set(i, `${i} `.repeat(300));
  return message;
}
