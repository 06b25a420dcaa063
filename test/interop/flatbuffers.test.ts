// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// A serializer that knows nothing of zenoh, as any third party: its buffers are segments, and are read where they arrive.
import { expect, test } from '@jest/globals';
import {
  type Allocator,
  CongestionControl,
  externalMemory,
  heap,
  type NativeBuffer,
  Session,
  ShmProvider,
  ZBytes,
} from '@zenoh-segments/core';
import { Builder } from 'flatbuffers';
import { reachOf } from '../conformance/pair.js';
import { builderIn, type Reading, read, write } from '../support/flatbuffers.js';
import { connecting, freePort, listening } from '../support/sessions.js';

const reading = (id: number, count: number): Reading => ({
  id,
  name: `reading ${id}`,
  values: Array.from({ length: count }, (_, i) => id + i / 8),
});
const readings = [reading(1, 800), reading(2, 1), reading(3, 1000)];
const [first, second, third] = readings as [Reading, Reading, Reading];

async function withPair(shm: boolean, run: (sender: Session, receiver: Session) => Promise<void>): Promise<void> {
  const port = await freePort();
  const configs = [listening(port), connecting(port)];
  for (const config of configs) config.insertJson5('transport/shared_memory/enabled', String(shm));
  const [sender, receiver] = [await Session.open(configs[0] as never), await Session.open(configs[1] as never)];
  try {
    await run(sender, receiver);
  } finally {
    await receiver.close();
    await sender.close();
  }
}

/** The lengths of the segments: without shared memory a payload arrives as one run of bytes. */
const lengths = (segments: readonly Uint8Array[]) => new Uint8Array(Uint32Array.from(segments, (s) => s.length).buffer);

function parts(payload: ZBytes, attachment: ZBytes | undefined): Uint8Array[] {
  const table = attachment?.range(0, attachment.length, 4) as Uint8Array;
  const sizes = new Uint32Array(table.buffer, table.byteOffset, table.byteLength / 4);
  let at = 0;
  return Array.from(sizes, (size) => {
    at += size;
    return payload.range(at - size, at);
  });
}

test.each([
  ['TCP', false],
  ['shared memory', true],
] as const)('builders in memory of every kind are one payload, read in place: %s', async (_, shm) => {
  const pool = new ShmProvider({ size: 2 ** 20 });
  let released = 0;
  const own: Allocator = { alloc: (size) => externalMemory(new Uint8Array(size), () => released++) };
  await withPair(shm, async (sender, receiver) => {
    const inbox = await reachOf(sender, receiver)('flatbuffers/a');
    const chunk = pool.alloc(16_384);
    const memories: NativeBuffer[] = [heap.alloc(16_384), own.alloc(1024), chunk];
    const written = memories.map((memory, i) => write(builderIn(memory), readings[i] as Reading));
    for (const [i, bytes] of written.entries()) expect(bytes.buffer).toBe(memories[i]?.bytes.buffer);
    // A builder with memory of its own beside them, and the whole chunk of shared memory: only from its start does a chunk go
    // by descriptor, and FlatBuffers fills it from the end.
    const table = written[2]?.byteOffset as number;
    const segments = [write(new Builder(), first), written[0], written[1], chunk.bytes] as Uint8Array[];
    const payload = ZBytes.fromSegments(segments);
    const attachment = ZBytes.fromSegments([lengths(segments)]);
    sender.putSync('flatbuffers/a', payload, { attachment, congestionControl: CongestionControl.BLOCK });
    payload.assertZeroCopy();
    for (const memory of memories) memory[Symbol.dispose]();
    expect(released).toBe(1);

    const sample = await inbox.at(0);
    expect(sample.isShm()).toBe(shm);
    using received = sample.payload();
    if (shm) expect(received.segmentCount).toBeGreaterThanOrEqual(2);
    const [a, b, c, d] = parts(received, sample.attachment()) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    expect([read(a), read(b), read(c), read(d, table)]).toEqual([first, first, second, third]);
    received.assertZeroCopy();
    const home = new Set(received.segments().map((segment) => segment.buffer));
    for (const part of [a, b, c, d]) expect(home).toContain(part.buffer);
  });
  pool.garbageCollect();
  expect(pool.available).toBe(pool.size);
});

test('a builder that outgrows its memory moves away from it: the bytes are right, and no longer in place', () => {
  const memory = heap.alloc(64);
  const bytes = write(builderIn(memory), first);
  expect(bytes.buffer).not.toBe(memory.bytes.buffer);
  expect(read(bytes)).toEqual(first);
});
