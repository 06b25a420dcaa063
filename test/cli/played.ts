// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Sample, Session } from '@zenoh-segments/core';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect, type Ended } from './cli.js';
import type { Written } from './mcap.js';

export interface Played extends Ended {
  readonly samples: readonly Sample[];
}

/** Plays a file to a subscriber of everything, which is there before. */
export async function played(
  args: readonly string[],
  end?: (cli: Cli, received: Sample[]) => Promise<void>,
): Promise<Played> {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    const samples: Sample[] = [];
    await session.declareSubscriber('**', { handler: (sample) => void samples.push(sample) });
    return await Cli.with(['replay', '--json', '--wait-matching', ...connect(port), ...args], async (cli) => {
      await end?.(cli, samples);
      const ended = await cli.ended();
      await until('everything arrived', () => samples.length === (ended.summary?.samples ?? 0));
      return { ...ended, samples };
    });
  } finally {
    await session.close();
  }
}

/** Five messages of two topics, half a second apart, the first in 1970. */
export const MESSAGES: readonly Written[] = Array.from({ length: 5 }, (_, i) => ({
  topic: i % 2 === 0 ? 'even' : 'odd/one',
  time: 1000 + 500 * i,
  data: `"${i}"`,
}));
