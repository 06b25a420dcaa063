// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { type SessionShmAllocOptions, ZBytes } from '@zenoh-segments/core';
import { isolated } from '../../support/sessions.js';
import type { Case } from '../case.js';
import { configured, OPTIMIZATION, putUntil } from '../configuring.js';
import { expect } from '../expect.js';

const MIB = 1024 * 1024;
const POOL = 'transport/shared_memory/transport_optimization/pool_size';

export const sharedMemory: Case[] = [
  {
    name: 'a session tells which peers have shared memory',
    covers: ['+shm'],
    run: async ({ sender, receiver }) => {
      const { facts, problems } = await sender.diagnoseShm();
      expect(facts.session).toEqual({
        enabled: true,
        implicitPool: null,
        peers: [{ zid: receiver.zid().toString(), whatami: 'peer', shm: true }],
      });
      expect(problems.map(({ code }) => code)).not.toContain('PEER_WITHOUT_SHM');
    },
  },
  {
    name: 'a session that has shared memory switched off says so, and a closed one says nothing',
    covers: ['-shm'],
    run: async ({ join }) => {
      const config = isolated();
      config.insertJson5('transport/shared_memory/enabled', 'false');
      const { session } = await join(config);
      const { facts, problems } = await session.diagnoseShm();
      expect(facts.session).toEqual({ enabled: false, implicitPool: null, peers: [] });
      expect(problems.map(({ code }) => code)).toContain('DISABLED');
      await session.close();
      await expect(session.diagnoseShm()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    },
  },
  {
    name: 'chunks of a pool are written in place and arrive as shared memory, without a copy by the sender',
    covers: ['+shm', '+segments'],
    run: async ({ sender, receiver, reach, backend: { entry } }) => {
      await reach('shm/known');
      const { ShmProvider } = entry;
      const provider = new ShmProvider({ size: MIB, alignment: 64 });
      const chunk = provider.alloc(100_000, { policy: 'gc', zero: true });
      expect([chunk.kind, chunk.size, chunk.bytes.every((byte) => byte === 0)]).toEqual(['shm', 100_000, true]);
      chunk.bytes.fill(7);
      const seen: number[] = [];
      await putUntil(sender, receiver, 'shm/chunk', chunk.bytes, (sample) => {
        seen.push(sample.payload().range(99_999, 100_000)[0] ?? 0);
        return sample.isShm();
      });
      expect(new Set(seen)).toEqual(new Set([7]));
      const payload = new ZBytes(chunk.bytes);
      await sender.put('shm/chunk', payload);
      payload.assertZeroCopy();
    },
  },
  {
    name: 'an allocation that waits gets the room that is given back; without waiting, none is told at once',
    covers: ['+shm', '-shm'],
    run: async ({ backend: { entry } }) => {
      const { ShmProvider } = entry;
      const provider = new ShmProvider({ size: MIB });
      const first = provider.alloc(700_000);
      const exhausted = expect.objectContaining({ code: 'SHM_EXHAUSTED' });
      for (const policy of ['just-alloc', 'gc', 'defragment'] as const) {
        expect(() => provider.alloc(700_000, { policy })).toThrow(exhausted);
      }
      const controller = new AbortController();
      const cancelled = provider.allocAsync(700_000, { signal: controller.signal });
      const served = provider.allocAsync(700_000);
      controller.abort();
      await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
      await expect(provider.allocAsync(2 * MIB)).rejects.toMatchObject({ code: 'SHM_EXHAUSTED' });
      first[Symbol.dispose]();
      expect((await served).size).toBe(700_000);
      expect(provider.stats()).toMatchObject({ chunks: 1, waiting: 0 });
    },
  },
  {
    name: 'the pool of a session is one for all who ask, and what is written there arrives as shared memory',
    covers: ['+shm-clients', '+implicit-shm'],
    run: (pair) =>
      configured(
        pair,
        (listener, connector) => {
          for (const config of [listener, connector]) config.insertJson5(OPTIMIZATION, 'true');
          connector.insertJson5(POOL, `${MIB}`);
        },
        async (listener, connector) => {
          const [provider, again] = await Promise.all([connector.shmProvider(), connector.shmProvider()]);
          expect(provider.size).toBe(MIB);
          // Smaller than what zenoh copies there by itself.
          const chunk = provider.alloc(100, { zero: true });
          expect([chunk.kind, chunk.size, chunk.alignment, [...chunk.bytes]]).toEqual([
            'shm',
            100,
            1,
            Array(100).fill(0),
          ]);
          chunk.bytes.fill(7);
          const seen: number[] = [];
          await putUntil(connector, listener, 'shm/session', chunk.bytes, (sample) => {
            seen.push(...new Set(sample.payload().toBytes()));
            return sample.isShm();
          });
          expect(new Set(seen)).toEqual(new Set([7]));
          const payload = new ZBytes(chunk.bytes);
          await connector.put('shm/session', payload);
          payload.assertZeroCopy();
          const most = provider.alloc(700_000);
          expect(() => again.alloc(700_000)).toThrow(expect.objectContaining({ code: 'SHM_EXHAUSTED' }));
          most[Symbol.dispose]();
          expect(again.garbageCollect()).toBeGreaterThan(699_999);
          const room = again.alloc(700_000, { policy: 'just-alloc' });
          expect(room.size).toBe(700_000);
          room[Symbol.dispose]();
          // zenoh still has it too.
          const large = new Uint8Array(10_000);
          await putUntil(connector, listener, 'shm/implicit', large, (sample) => sample.isShm());
        },
      ),
  },
  {
    name: 'a session without a pool, or closed, gives none; what the pool can not give is refused',
    covers: ['-shm-clients'],
    run: async ({ sender, join }) => {
      await expect(sender.shmProvider()).rejects.toMatchObject({
        code: 'SHM_UNAVAILABLE',
        message: expect.stringContaining('transport_optimization'),
      });
      await sender.close();
      await expect(sender.shmProvider()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
      const config = isolated();
      config.insertJson5(OPTIMIZATION, 'true');
      config.insertJson5(POOL, `${MIB}`);
      const { session } = await join(config);
      const provider = await session.shmProvider();
      const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
      for (const size of [0, -1, 1.5]) expect(() => provider.alloc(size)).toThrow(refused);
      expect(() => provider.alloc(10, { alignment: 64 })).toThrow(refused);
      const policy = { deallocate: 1 } as unknown as SessionShmAllocOptions['policy'];
      expect(() => provider.alloc(10, { policy })).toThrow(refused);
      expect(() => provider.alloc(2 * MIB)).toThrow(expect.objectContaining({ code: 'SHM_EXHAUSTED' }));
      await session.close();
    },
  },
];
