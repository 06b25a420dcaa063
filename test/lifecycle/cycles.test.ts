// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { program } from '../support/program.js';
import { until } from '../support/until.js';

interface State {
  /** Memory of the process's own. */
  readonly kib: number;
  readonly threads: number;
  readonly descriptors: number;
}

/** What one more cycle may leave behind, once the allocators have what they keep. */
const KIB_PER_CYCLE = 4;

test.each([
  ['opening and closing a session', 'open', 4000, 4000],
  ['subscribing and undeclaring', 'subscribe', 1000, 10_000],
  ['serving websocket clients', 'serve', 2000, 2000],
])(
  '%s leaves nothing behind',
  async (_, what, warmUp, cycles) => {
    const cycling = program(import.meta.url, 'cycles', [what, `${warmUp}`, `${cycles}`]);
    await cycling.says(' end', 110_000);
    const { before, after } = JSON.parse(/result (.*) end/.exec(cycling.stdout)?.[1] ?? '') as Record<string, State>;
    const [start, end] = [before as State, after as State];
    console.info(`${what}: ${JSON.stringify({ start, end })}`);
    expect(await cycling.ended()).toMatchObject({ code: 0, stderr: '' });
    expect(end.kib - start.kib).toBeLessThan(cycles * KIB_PER_CYCLE);
    expect(end.threads).toBeLessThanOrEqual(start.threads);
    expect(end.descriptors).toBe(start.descriptors);
  },
  120_000,
);

test('a process that exits in the middle of traffic, fifty times, ends by itself and leaves no file', async () => {
  for (let round = 0; round < 50; round += 5) {
    const exiting = Array.from({ length: 5 }, (_, i) => program(import.meta.url, 'exit-in-traffic', [`${round + i}`]));
    for (const one of exiting) {
      const { code, stdout, stderr } = await one.ended();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const files = JSON.parse(stdout) as string[];
      expect(files.length).toBeGreaterThan(0);
      // Another process that ends may be looking after orphans, and remove the file in our place.
      await until(`${files} are gone`, () => !files.some(existsSync));
    }
  }
});
