// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { program } from '../support/program.js';
import { freePort } from '../support/sessions.js';

const SECONDS = 60;
const COUNT = 100;
const MIB = 2 ** 20;

interface Told {
  readonly sent: number;
  readonly received: number;
  readonly delivered: number;
  readonly handled: number;
  readonly dropped: {
    readonly oldest: number;
    readonly newest: number;
    readonly deadlock: number;
    readonly closed: number;
  };
  readonly queued: number;
  readonly waiting: number;
  readonly highWater: number;
  readonly deepest: number;
  readonly overflow?: string;
  /** Bytes of resident memory, from the first quarter to the highest. */
  readonly grown: number;
}

/** A publisher of 5,000 messages a second against a callback that takes 50 ms for each. */
async function slow(policy: string): Promise<Told> {
  const port = String(await freePort());
  const consumer = program(import.meta.url, 'slow-consumer', [policy, port, String(COUNT)]);
  await consumer.says('listening');
  const publisher = program(import.meta.url, 'fast-publisher', [port, String(SECONDS)]);
  // With `block` the publisher is held up as well: it gets no further before the consumer hurries. The signal is handled
  // between two batches of callbacks, up to 5 s later.
  const hurrying = setTimeout(() => consumer.child.kill('SIGUSR2'), SECONDS * 1000);
  try {
    await publisher.says('sent', SECONDS * 2000);
    consumer.child.kill('SIGUSR2');
    await consumer.says(' end');
  } catch (cause) {
    const said = [consumer, publisher].map(({ stdout, stderr }) => `${stdout}${stderr}`);
    throw new Error(`${policy}: the consumer said\n${said[0]}\nthe publisher said\n${said[1]}`, { cause });
  } finally {
    clearTimeout(hurrying);
  }
  const told = JSON.parse(/result (.*) end/.exec(consumer.stdout)?.[1] ?? '') as Told;
  console.info(`${policy}: ${JSON.stringify(told)}`);
  return told;
}

test(
  'a consumer of 20 messages a second before a publisher of 5,000: every policy keeps its bound and counts every sample',
  async () => {
    const policies = ['block', 'drop-oldest', 'drop-newest', 'error'];
    const all = await Promise.all(policies.map(slow));
    for (const told of all) {
      const { oldest, newest, deadlock, closed } = told.dropped;
      expect(told.received).toBe(told.sent);
      expect(told.delivered + oldest + newest + deadlock + closed).toBe(told.sent);
      expect(told.handled).toBe(told.delivered);
      expect(told).toMatchObject({ queued: 0, waiting: 0 });
      expect(Math.max(told.highWater, told.deepest)).toBeLessThanOrEqual(COUNT);
      expect(told.grown).toBeLessThan(32 * MIB);
    }
    const [block, oldest, newest, error] = all as [Told, Told, Told, Told];
    expect(block.handled).toBe(block.sent);
    expect(oldest.dropped).toEqual({ oldest: oldest.sent - oldest.handled, newest: 0, deadlock: 0, closed: 0 });
    expect(newest.dropped).toEqual({ oldest: 0, newest: newest.sent - newest.handled, deadlock: 0, closed: 0 });
    expect(error.overflow).toBe('OVERFLOW');
    for (const { sent } of [oldest, newest]) expect(sent).toBeGreaterThan(SECONDS * 2500);
  },
  SECONDS * 4000,
);
