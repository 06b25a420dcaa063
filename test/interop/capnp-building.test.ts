// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import {
  capnpEncoding,
  fixedAllocator,
  fromZBytes,
  heapAllocator,
  MessageBuilder,
  type SegmentAllocator,
  shmAllocator,
  toSegments,
  toZBytes,
} from '@zenoh-segments/capnp';
import { CongestionControl, heap, ShmProvider, type ZBytes } from '@zenoh-segments/core';
import { Message } from 'capnp-es';
import { Kinds } from '../golden/capnp/kinds.js';
import { Telemetry } from '../golden/capnp/telemetry.js';
import { peerTest } from '../support/peers.js';
import { runSeed, sha256 } from '../support/peers-bytes.js';
import { Inbox } from '../support/peers-inbox.js';
import { LINKS, withZenohPeer, type ZenohPeer } from '../support/python-zenoh.js';
import { Random } from '../support/random.js';
import { seededBytes } from '../support/seeded-bytes.js';
import { until } from '../support/until.js';
import { ADOPTED_LISTS } from '../unit/capnp/adopted-lists.js';
import { dirtyMemory } from '../unit/capnp/dirty-memory.js';
import { contentOf, fullMessage } from '../unit/capnp/sample.js';
import { jsonContent } from './capnp/content.js';
import { Changes, emptyKinds, type Model } from './capnp/random-kinds.js';

// Messages that MessageBuilder built, as Cap'n Proto's own implementation and pycapnp read them.
const PROGRAM = 'capnp_peer.py';
const KEY = 'interop/capnp/building';
const schema = fileURLToPath(new URL('../golden/capnp/kinds.capnp', import.meta.url));

const ALLOCATORS: readonly (readonly [string, () => SegmentAllocator])[] = [
  ['the heap', heapAllocator],
  ['a segment for each object', () => fixedAllocator(new Uint8Array(8), (bytes) => new Uint8Array(bytes))],
  ['pieces of dirty memory', () => dirtyMemory(new ArrayBuffer(1 << 20), 40, 128).allocator],
  ['dirty memory at an odd offset', () => dirtyMemory(new SharedArrayBuffer(1 << 20), 4097, 16_384).allocator],
];

describe.each(ALLOCATORS)('in %s', (_, allocator) => {
  peerTest('capnp', 'the capnp tool reads random changes as they were made', () => {
    const seed = runSeed();
    const frames: Uint8Array[] = [];
    const models: Model[] = [];
    for (let round = 0; round < 40; round++) {
      const message = new MessageBuilder({ allocator: allocator() });
      const model = emptyKinds();
      const changes = new Changes(message, new Random(seed + round));
      const root = message.initRoot(Kinds);
      for (let i = 0; i < 30; i++) changes.change(root, model);
      frames.push(...toSegments(message));
      models.push(model);
    }
    const text = execFileSync('capnp', ['convert', 'binary:json', schema, 'Kinds'], { input: Buffer.concat(frames) });
    // One object after another, each beginning a line.
    const read = text
      .toString()
      .trim()
      .split(/\n(?=\{)/);
    expect(read.length).toBe(models.length);
    models.forEach((model, round) => {
      const found = JSON.parse(read[round] as string) as Model;
      if (JSON.stringify(sorted(found)) === JSON.stringify(sorted(model))) return;
      expect({ seed: seed + round, ...found }).toEqual({ seed: seed + round, ...model });
    });
  });
});

/** With the names of all objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

describe.each(LINKS)('%s', (link) => {
  for (const [where, allocator] of ALLOCATORS) {
    peerTest('python', `pycapnp reads what was built in ${where}`, () =>
      withZenohPeer(PROGRAM, { link }, async (peer) => {
        await peer.subscribe(KEY);
        const message = new MessageBuilder({ allocator: allocator() });
        fullMessage(message);
        const root = message.getRoot(Telemetry);
        root.name = 'set twice';
        root._adoptFrame(message.adoptData(seededBytes(1, 1001)));
        await put(peer, toZBytes(message));
        const expected = jsonContent(new Message(message.toArrayBuffer(), false));
        expect(await peer.python.call('next_message')).toMatchObject({
          segments: toSegments(message).length - 2,
          content: expected,
          bySegments: expected,
        });
      }),
    );
  }

  peerTest('python', 'pycapnp reads adopted lists of every kind of numbers, and 16 MB of adopted data', () =>
    withZenohPeer(PROGRAM, { link }, async (peer) => {
      await peer.subscribe(KEY);
      const lists = new MessageBuilder();
      const root = lists.initRoot(Kinds);
      const expected: Record<string, string[]> = {};
      for (const [, field, make] of ADOPTED_LISTS) {
        const numbers = make(7);
        root[`_adopt${field}`](lists.adoptList(numbers as never) as never);
        expected[`${field[0]?.toLowerCase()}${field.slice(1)}`] = Array.from(numbers, String);
      }
      await put(peer, toZBytes(lists));
      const read = await peer.python.call<Record<string, string[]>>('next_lists');
      for (const [name, numbers] of Object.entries(expected)) {
        expect([name, read[name]?.map(Number)]).toEqual([name, numbers.map(Number)]);
      }

      const frame = seededBytes(2, 16 << 20);
      const message = new MessageBuilder();
      message.initRoot(Telemetry).sequence = 5n;
      message.getRoot(Telemetry)._adoptFrame(message.adoptData(frame));
      const payload = toZBytes(message);
      payload.assertZeroCopy();
      peer.session.putSync(KEY, payload, { congestionControl: CongestionControl.BLOCK });
      payload.assertZeroCopy();
      expect(await peer.python.call('next_frame')).toEqual({ sequence: '5', sha256: sha256(frame) });
    }),
  );
});

peerTest('python', 'a message built in shared memory is put without a copy, and its chunks come back', () =>
  withZenohPeer(PROGRAM, { link: 'shm' }, async (peer) => {
    await peer.subscribe(KEY);
    const inbox = await Inbox.on(peer.session, KEY);
    const pool = new ShmProvider({ size: 1 << 20 });
    const before = pool.stats().used;
    for (const [provider, chunkBytes, chunks] of [
      [pool, 65_536, 1],
      [pool, 8192, 2],
      [heap, 65_536, 1],
    ] as const) {
      for (let round = 0; round < 3; round++) {
        using memory = shmAllocator(provider, { chunkBytes });
        const message = new MessageBuilder({ allocator: memory });
        fullMessage(message);
        const root = message.getRoot(Telemetry);
        root.flags = round;
        root._initFrame(20_000).copyBuffer(seededBytes(round, 20_000));
        const payload = toZBytes(message);
        await put(peer, payload);
        payload.assertZeroCopy();
        const content = jsonContent(message);
        const told = await peer.python.call<Record<string, unknown>>('next_message');
        expect(told).toMatchObject({ segments: 7, content, bySegments: content });
        if (chunks === 1) expect(told.isShm).toBe(provider === pool);
        using sample = await inbox.next();
        expect(jsonContent(fromZBytes(sample.payload()))).toEqual(content);
        sample.payload().assertZeroCopy();
        expect(message._capnp.segments.length).toBe(chunks);
      }
    }
    await until('no chunk is in use', () => {
      pool.garbageCollect();
      return pool.stats().used === before;
    });
  }),
);

test('chunks of shared memory come dirty, are written in place, and go with the allocator', () => {
  const pool = new ShmProvider({ size: 1 << 20 });
  for (let round = 0; round < 3; round++) {
    const dirt = pool.alloc(65_536);
    dirt.bytes.fill(0xee);
    dirt[Symbol.dispose]();
    const memory = shmAllocator(pool, { chunkBytes: 65_536 });
    const message = new MessageBuilder({ allocator: memory });
    fullMessage(message);
    const [header, first, ...more] = toSegments(message) as [Uint8Array, Uint8Array];
    // Header and segment are one piece from the chunk's start: what can go by descriptor.
    expect([header.byteOffset, header.byteLength, first.byteOffset, first.buffer === header.buffer]).toEqual([
      0,
      32,
      32,
      true,
    ]);
    expect(more).toEqual([]);
    expect(contentOf(message)).toEqual(contentOf(fullMessage()));
    expect(contentOf(new Message(message.toArrayBuffer(), false))).toEqual(contentOf(fullMessage()));
    memory[Symbol.dispose]();
    expect(() => toSegments(message)).toThrow(
      expect.objectContaining({ code: 'CAPNP_INVALID', message: expect.stringContaining('given back') }),
    );
  }
  // More segments than the header before the first one can tell.
  using memory = shmAllocator(pool, { chunkBytes: 64 });
  const message = new MessageBuilder({ allocator: memory });
  fullMessage(message);
  expect(message._capnp.segments.length).toBeGreaterThan(7);
  expect(contentOf(new Message(message.toArrayBuffer(), false))).toEqual(contentOf(fullMessage()));
});

async function put({ session }: ZenohPeer, payload: ZBytes): Promise<void> {
  const encoding = capnpEncoding(BigInt(`0x${Telemetry._capnp.id}`));
  await session.put(KEY, payload, { encoding, congestionControl: CongestionControl.BLOCK });
}
