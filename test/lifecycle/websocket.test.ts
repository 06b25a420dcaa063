// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { program } from '../support/program.js';
import { freePort } from '../support/sessions.js';

interface Round {
  readonly code: string;
  /** Milliseconds from the moment the server listens again until data came. */
  readonly flowing: number;
  readonly gap: number;
  readonly declared: number;
  readonly refused: readonly unknown[];
}

interface State {
  readonly kib: number;
  readonly threads: number;
  readonly descriptors: number;
}

interface Said {
  readonly results: Round[];
  readonly before: State;
  readonly after: State;
}

const LIMIT_MS = 6000;

/**
 * Allocators that keep little: else what they keep grows for thousands of rounds (V8's young generation up to 48 MiB, an arena
 * of glibc's for each thread), and hides what is leaked, or passes for it.
 */
const FRUGAL = { NODE_OPTIONS: '--max-semi-space-size=1', MALLOC_ARENA_MAX: '1' };

/** What the memory of a warm process goes up and down by, and twice as much: 2 MiB. Only over many rounds it bounds a leak. */
const WAVERING_KIB = 4096;

async function restarts(...args: (string | number)[]): Promise<Said> {
  const [kind, warmUp, rounds, ...rest] = args;
  const all = [kind, warmUp, rounds, await freePort(), ...rest].map(String);
  const running = program(import.meta.url, 'websocket-restarts', all, FRUGAL);
  await running.says(' end', 110_000);
  const said = JSON.parse(/result (.*) end/.exec(running.stdout)?.[1] ?? '') as Said;
  const { results, before, after } = said;
  console.info(`${args.join(' ')}: ${JSON.stringify({ before, after })}`);
  expect(await running.ended()).toMatchObject({ code: 0, stderr: '' });
  expect(results).toHaveLength(Number(rounds));
  for (const round of results) {
    expect(round).toMatchObject({ code: 'DISCONNECTED', declared: 5, refused: [] });
    expect(round.gap).toBeGreaterThan(0);
  }
  expect(after.descriptors).toBe(before.descriptors);
  // Those of pools go when they were idle for seconds.
  expect(after.threads).toBeLessThan(before.threads + 10);
  return said;
}

function grown({ before, after }: Pick<Said, 'before' | 'after'>): number {
  return after.kib - before.kib;
}

describe.each([
  ['killed, its process and all,', 'process', 40],
  ['closed and opened again in the same process', 'session', 200],
])('a server %s', (_, kind, many) => {
  test('ten times: data flows again each time, gaps are told', async () => {
    const { results } = await restarts(kind, 2, 10);
    const flowing = results.map((each) => Math.round(each.flowing));
    console.info(`${kind}: ${flowing}`);
    for (const each of flowing) expect(each).toBeLessThan(LIMIT_MS);
  }, 120_000);

  test(`${many} times: nothing is left behind`, async () => {
    expect(grown(await restarts(kind, 20, many, 5))).toBeLessThan(WAVERING_KIB);
  }, 120_000);
});

test('a leak of 50 KiB a round would be seen', async () => {
  expect(grown(await restarts('session', 20, 200, 5, 50))).toBeGreaterThan(WAVERING_KIB);
}, 120_000);

test('clients that come and go leave nothing behind in the server', async () => {
  const [warmUp, clients] = [500, 2000];
  const coming = program(import.meta.url, 'websocket-clients', [`${warmUp}`, `${clients}`], FRUGAL);
  await coming.says(' end', 110_000);
  const { before, after, left, accepted } = JSON.parse(/result (.*) end/.exec(coming.stdout)?.[1] ?? '');
  console.info(JSON.stringify({ before, after }));
  expect(await coming.ended()).toMatchObject({ code: 0, stderr: '' });
  expect({ left, accepted }).toEqual({ left: 0, accepted: warmUp + clients });
  expect(after.descriptors).toBe(before.descriptors);
  expect(after.threads).toBeLessThan(before.threads + 10);
  expect(grown({ before, after })).toBeLessThan(2 * WAVERING_KIB);
}, 120_000);
