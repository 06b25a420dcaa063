// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, jest, test } from '@jest/globals';
import { type Allocator, alloc, externalMemory, heap, ShmProvider, ZBytes } from '@zenoh-segments/core';
import { withSession } from '../../support/sessions.js';
import { webAssembly } from '../../support/webassembly.js';

test('the hook is called once, at dispose, when nothing was sent', () => {
  const release = jest.fn();
  const source = new Float64Array([1, 2]);
  const memory = externalMemory(source, release);
  expect(memory).toMatchObject({ kind: 'external', size: 16 });
  expect(memory.bytes.buffer).toBe(source.buffer);
  expect(release).not.toHaveBeenCalled();
  memory[Symbol.dispose]();
  memory[Symbol.dispose]();
  expect(release).toHaveBeenCalledTimes(1);
  expect(source[1]).toBe(2);
});

test('the hook waits for every payload that is being sent, whatever part of the memory it shows', async () => {
  await withSession(async (session) => {
    const release = jest.fn();
    const channel = await session.declareSubscriber('external/**');
    const memory = externalMemory(new Uint8Array(10_000).fill(3), release);
    const payloads = [memory.bytes, memory.bytes.subarray(5000)].map((view) => ZBytes.fromSegments([view]));
    for (const payload of payloads) await session.put('external/a', payload);
    memory[Symbol.dispose]();
    payloads[0]?.[Symbol.dispose]();
    expect(release).not.toHaveBeenCalled();
    const [first, second] = [await channel.receiver()?.receive(), await channel.receiver()?.receive()];
    expect([first?.payload().length, second?.payload().length]).toEqual([10_000, 5000]);
    await Promise.all(payloads.map((payload) => payload.released));
    expect(release).toHaveBeenCalledTimes(1);
  });
});

test('payloads beside the memory do not hold it, and sending it again does', async () => {
  await withSession(async (session) => {
    await session.declareSubscriber('external/**');
    const buffer = new ArrayBuffer(10_000);
    const release = jest.fn();
    const memory = externalMemory(new Uint8Array(buffer, 0, 5000), release);
    const payload = ZBytes.fromSegments([new Uint8Array(buffer, 5000)]);
    await session.put('external/b', payload);
    memory[Symbol.dispose]();
    expect(release).toHaveBeenCalledTimes(1);
    await session.put('external/b', memory.bytes);
    expect(release).toHaveBeenCalledTimes(1);
  });
});

test('memory of WebAssembly works, and what cannot be held is refused', () => {
  const release = jest.fn();
  const wasm = new webAssembly.Memory({ initial: 1 });
  externalMemory(new Uint8Array(wasm.buffer, 16, 32), release)[Symbol.dispose]();
  expect(release).toHaveBeenCalledTimes(1);
  const bad = (code: string) => expect.objectContaining({ code });
  expect(() => externalMemory(new SharedArrayBuffer(8) as never, release)).toThrow(bad('BUFFER_UNSUPPORTED'));
  expect(() => externalMemory('text' as never, release)).toThrow(bad('INVALID_ARGUMENT'));
  expect(() => externalMemory(new Uint8Array(8), undefined as never)).toThrow(bad('INVALID_ARGUMENT'));
});

test('heap, shared memory and memory of the user serve the same code', () => {
  const freed: number[] = [];
  const own: Allocator = {
    alloc: (size) => externalMemory(new Uint8Array(size), () => freed.push(size)),
  };
  const kinds = [heap, new ShmProvider({ size: 65_536 }), own, { alloc }].map((allocator) => {
    using memory = allocator.alloc(1000);
    expect(memory.bytes.byteLength).toBe(1000);
    return memory.kind;
  });
  expect(kinds).toEqual(['heap', 'shm', 'external', 'heap']);
  expect(freed).toEqual([1000]);
});
