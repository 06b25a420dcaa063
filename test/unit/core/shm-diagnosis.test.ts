// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { alloc, diagnoseShm, ShmDiagnosis, type ShmFacts, ShmProvider } from '@zenoh-segments/core';

const none = { count: 0, bytes: 0 };
const facts: ShmFacts = {
  platform: 'linux',
  directory: { path: '/dev/shm', size: 1000, free: 900 },
  lockLimit: 8_388_608,
  locked: 0,
  segments: [],
  pools: [],
  views: { heap: none, shm: none, received: none, receivedShm: none },
};
const file = { file: '1.zenoh', bytes: 9_000_000, own: false, sameUser: true, inUse: true };
const session = { enabled: true, implicitPool: null, peers: [] };
const codes = (changed: Partial<ShmFacts>) =>
  new ShmDiagnosis({ ...facts, ...changed }).problems.map(({ code }) => code);

test('nothing is wrong with a healthy machine', () => {
  expect(codes({ session })).toEqual([]);
  expect(codes({ lockLimit: null, directory: null, segments: [file] })).toEqual([]);
});

test('each problem has its code, and words that name the figures', () => {
  expect(codes({ session: { ...session, enabled: false } })).toEqual(['DISABLED']);
  const peers = [
    { zid: 'abc', whatami: 'peer', shm: false },
    { zid: 'def', whatami: 'router', shm: true },
  ];
  const report = new ShmDiagnosis({ ...facts, session: { ...session, peers } });
  expect(report.problems).toEqual([{ code: 'PEER_WITHOUT_SHM', text: expect.stringContaining('abc is on another') }]);
  expect(String(report)).toContain('router def: shared memory');
  expect(codes({ lockLimit: 1_000_000 })).toEqual(['LOCK_LIMIT']);
  expect(codes({ session: { ...session, implicitPool: 16_777_216 } })).toEqual(['LOCK_LIMIT']);
  expect(codes({ segments: [file] })).toEqual(['SEGMENT_NOT_MAPPABLE']);
  expect(
    codes({
      segments: [
        { ...file, sameUser: false },
        { ...file, own: true },
      ],
    }),
  ).toEqual([]);
  expect(codes({ segments: [{ ...file, inUse: false }] })).toEqual(['ORPHANS']);
  expect(codes({ directory: { path: '/dev/shm', size: 1000, free: 99 } })).toEqual(['LOW_ROOM']);
  expect(codes({ views: { ...facts.views, receivedShm: { count: 2, bytes: 10 } } })).toEqual(['PINNED']);
});

test('the report knows the pools of the process, their failures, and what JavaScript holds', async () => {
  const before = (await diagnoseShm()).facts;
  const pool = new ShmProvider({ size: 123_456 });
  const [heap, chunk] = [alloc(1000), pool.alloc(20_000)];
  expect(() => pool.alloc(123_456)).toThrow(expect.objectContaining({ code: 'SHM_EXHAUSTED' }));
  const report = await diagnoseShm();
  const own = report.facts.pools.filter(({ size }) => size === 123_456);
  expect(own).toEqual([{ ...pool.stats(), retired: false }]);
  expect(own).toMatchObject([{ chunks: 1, used: 20_032, failures: 1 }]);
  expect(report.facts.views.heap.count).toBe(before.views.heap.count + 1);
  expect(report.facts.views.shm).toEqual({ count: before.views.shm.count + 1, bytes: before.views.shm.bytes + 20_000 });
  expect(report.facts.locked).toBeGreaterThanOrEqual(123_456);
  expect(report.facts.segments.filter((segment) => segment.own && segment.inUse).length).toBeGreaterThanOrEqual(2);
  expect(report.problems).toContainEqual({
    code: 'ALLOCATIONS_FAILED',
    text: 'a pool of 123456 bytes refused 1 allocations; 20032 bytes are in use',
  });
  expect(String(report)).toContain('pool of 123456 bytes: 20032 in use in 1 chunks');
  expect(report.facts.session).toBeUndefined();
  heap[Symbol.dispose]();
  chunk[Symbol.dispose]();
});
