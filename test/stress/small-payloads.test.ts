// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What packages/core/native/src/small.rs is for: a small payload that is kept must not pin what it came in.
import { expect, test } from '@jest/globals';
import { alloc, CongestionControl, Session } from '@zenoh-segments/core';
import { matched } from '../support/matched.js';
import { program } from '../support/program.js';
import { freePort, listening } from '../support/sessions.js';

const MIB = 2 ** 20;
const WARM = 20_000;
const KEPT = 10_000;

// Receive buffers of zenoh are mappings of their own, and gone once they are free: resident memory is what is held.
const EXACT = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '32768', NODE_OPTIONS: '--max-semi-space-size=1' };

interface Told {
  readonly kept: number;
  readonly whole: boolean;
  /** Bytes that resident memory, and what V8 counts, grew by. */
  readonly rss: number;
  readonly counted: number;
}

// As views of zenoh's receive buffers they cost 31 and 147 MiB: see small.rs.
test.each([1, 10])('10,000 kept payloads of 64 bytes, one of every %i, cost 20 MiB at most', async (every) => {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    const keeper = program(import.meta.url, 'small-keeper', [port, WARM, KEPT, every].map(String), EXACT);
    await keeper.says('reading');
    await matched(session, 'stress/small');
    const publisher = await session.declarePublisher('stress/small', { congestionControl: CongestionControl.BLOCK });
    const payload = alloc(64).bytes.fill(7);
    const put = async (count: number) => {
      for (let i = 1; i <= count; i++) {
        publisher.putSync(payload);
        if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await put(WARM);
    await keeper.says('warm');
    await put(KEPT * every);
    await keeper.says(' end');
    const told = JSON.parse(/result (.*) end/.exec(keeper.stdout)?.[1] ?? '') as Told;
    console.info(`one of ${every}: ${JSON.stringify(told)}`);
    expect(told).toMatchObject({ kept: KEPT, whole: true });
    expect(told.rss).toBeLessThan(20 * MIB);
    expect(told.counted).toBeLessThan(20 * MIB);
  } finally {
    await session.close();
  }
});
