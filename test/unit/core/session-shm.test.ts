// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { Session } from '@zenoh-segments/core';
import { OPTIMIZATION } from '../../conformance/configuring.js';
import { isolated } from '../../support/sessions.js';

const MIB = 1024 * 1024;

function pooled(more: Readonly<Record<string, string>> = {}) {
  const config = isolated();
  config.insertJson5(OPTIMIZATION, 'true');
  config.insertJson5('transport/shared_memory/transport_optimization/pool_size', `${MIB}`);
  for (const [key, value] of Object.entries(more)) config.insertJson5(key, value);
  return config;
}

test('many who ask at once, before zenoh has made the pool, all get it', async () => {
  await using session = await Session.open(pooled());
  const providers = await Promise.all(Array.from({ length: 20 }, () => session.shmProvider()));
  const chunk = providers[0]?.alloc(900_000);
  for (const provider of providers) {
    expect(() => provider.alloc(900_000)).toThrow(
      expect.objectContaining({
        code: 'SHM_EXHAUSTED',
        message: `no 900000 bytes left in the session's shared-memory pool of ${MIB} bytes`,
      }),
    );
  }
  chunk?.[Symbol.dispose]();
  for (const provider of providers) provider.alloc(900_000)[Symbol.dispose]();
});

test('a session that closes while it is asked for its pool answers', async () => {
  const session = await Session.open(pooled());
  const asked = session.shmProvider().then(
    ({ size }) => size,
    ({ code }) => code,
  );
  await session.close();
  expect([MIB, 'SESSION_CLOSED']).toContain(await asked);
});

test('the pool outlives its session while somebody has it', async () => {
  const session = await Session.open(pooled());
  const provider = await session.shmProvider();
  const chunk = provider.alloc(1000, { zero: true });
  await session.close();
  chunk.bytes.fill(7);
  const other = provider.alloc(1000, { zero: true });
  expect([chunk.bytes.every((byte) => byte === 7), other.bytes.every((byte) => byte === 0)]).toEqual([true, true]);
});

test('without shared memory at all there is no pool either', async () => {
  await using session = await Session.open(pooled({ 'transport/shared_memory/enabled': 'false' }));
  await expect(session.shmProvider()).rejects.toMatchObject({ code: 'SHM_UNAVAILABLE' });
});
