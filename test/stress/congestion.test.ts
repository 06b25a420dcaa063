// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { program } from '../support/program.js';
import { freePort } from '../support/sessions.js';

const MIB = 2 ** 20;
const PUTS = 100;

interface Told {
  readonly results: Record<string, number>;
  /** Delays of the event loop in ms. */
  readonly loop: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly longestCall: number;
  readonly copied: number;
  readonly reasons: Record<string, number>;
}

/** A publisher, a link of 100 kB/s, a subscriber: three processes. */
async function congested(congestion: string, memory: string, size = MIB, puts = PUTS, batches = 16): Promise<Told> {
  const [port, slow] = [await freePort(), await freePort()];
  const run = (name: string, ...args: (string | number)[]) => program(import.meta.url, name, args.map(String));
  const publisher = run('congested-publisher', port, congestion, memory, size, puts, batches);
  await publisher.says('listening');
  const link = run('throttle', slow, port, 100_000);
  await link.says('listening');
  run('slow-subscriber', slow);
  await publisher.says(' end');
  const told = JSON.parse(/result (.*) end/.exec(publisher.stdout)?.[1] ?? '') as Told;
  console.info(`${congestion}, ${memory} memory, ${size} bytes: ${JSON.stringify(told)}`);
  expect((await publisher.ended()).code).toBe(0);
  return told;
}

// What zenoh waits: up to 50 ms for a message that may be dropped, and here 1,500 ms for one that may not. The loop must not
// wait along: its figures are printed, and bounded where a busy machine alone stays far below.
test.each(['retained', 'native', 'transferred'])('DROP, %s memory: drops are told', async (memory) => {
  const { results, loop, copied, reasons } = await congested('DROP', memory);
  expect((results.done ?? 0) + (results.dropped ?? 0)).toBe(PUTS);
  expect(results.dropped).toBeGreaterThan(PUTS / 2);
  expect(loop.max).toBeLessThan(500);
  if (memory === 'native') expect(copied).toBe(0);
  else expect(Object.keys(reasons)).toEqual(['offload']);
});

test.each(['retained', 'native'])('BLOCK, %s memory: the put that zenoh gave up is told', async (memory) => {
  const { results, loop, copied } = await congested('BLOCK', memory);
  expect(results.PUT_TIMEOUT).toBeGreaterThan(0);
  expect((results.done ?? 0) + (results.PUT_TIMEOUT ?? 0)).toBe(PUTS);
  expect(loop.max).toBeLessThan(500);
  if (memory === 'native') expect(copied).toBe(0);
});

test.each([
  [60_000, 2],
  [60_000, 16],
  [40_000, 16],
])(
  'BLOCK, payloads of %i bytes, %i batches: in place while the link takes them, else by a native thread',
  async (size, batches) => {
    const { results, loop, copied } = await congested('BLOCK', 'retained', size, 3 * PUTS, batches);
    expect(results.PUT_TIMEOUT).toBeGreaterThan(0);
    expect((results.done ?? 0) + (results.PUT_TIMEOUT ?? 0)).toBe(3 * PUTS);
    expect(loop.max).toBeLessThan(500);
    expect(copied).toBeLessThan(3 * PUTS * size);
  },
);

test('BLOCK_FIRST: one waits, others are dropped, and the bytes are copied before zenoh reads them late', async () => {
  const { results, loop, reasons } = await congested('BLOCK_FIRST', 'transferred');
  expect(results.done).toBeGreaterThan(0);
  expect(results.dropped).toBeGreaterThan(PUTS / 2);
  expect(loop.max).toBeLessThan(500);
  expect(reasons).toEqual({ offload: PUTS * MIB });
});
