// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ConnectionOptions } from '../connection.js';
import { escapeControls } from '../escape.js';
import type { Outcome } from '../exit-code.js';
import { jsonLine } from '../json-line.js';
import type { Reporter } from '../reporter.js';
import { amount, milliseconds, percent, perSecond, plural } from '../units.js';
import { KeyTable } from '../watch/key-table.js';
import { Screen } from '../watch/screen.js';
import { watch, watchQueue } from '../watch/watch.js';
import { KeyRate, type RateFacts } from './key-rate.js';

/** The arguments of `hz`. */
export interface HzOptions {
  readonly key: string;
  readonly connection: ConnectionOptions;
  /** Milliseconds; may be infinite. */
  readonly duration: number;
  /** Milliseconds that rates are taken over. */
  readonly window: number;
  readonly json: boolean;
}

/** Tells every second how often samples come. */
export async function hz(options: HzOptions, reporter: Reporter, signal: AbortSignal): Promise<Outcome> {
  const { window, json } = options;
  const keys = new KeyTable((key) => new KeyRate(key, window));
  const screen = new Screen(json, signal);
  let samples = 0;
  const lines = () => {
    const now = performance.now();
    return keys.sorted().map((rate) => {
      const facts = rate.facts(now);
      return json ? jsonLine({ event: 'rate', ...facts }) : escapeControls(lineOf(facts));
    });
  };
  const exitCode = await watch(options, reporter, signal, {
    subscribe: async (session, key) => {
      const subscriber = await session.declareSubscriber(key, { handler: watchQueue() });
      return { subscriber, samples: subscriber };
    },
    sample: (sample) => {
      samples++;
      keys.at(sample.keyexpr().toString())?.add(sample, performance.now());
    },
    tick: () => screen.show(lines()),
    end: async () => {},
  });
  if (keys.warning !== undefined) reporter.warn('TOO_MANY_KEYS', keys.warning);
  const interrupted = signal.aborted;
  reporter.ended(
    { keys: keys.size, samples, otherSamples: keys.others, interrupted },
    `${interrupted ? 'interrupted after ' : ''}${plural(samples, 'sample')} of ${plural(keys.size, 'key')}`,
  );
  return exitCode;
}

function lineOf({ key, samplesPerSecond, bytesPerSecond, shmShare, intervalMs, sources, missing }: RateFacts): string {
  const parts = [`${key}: ${perSecond(samplesPerSecond)}/s`, `${amount(bytesPerSecond)}/s`];
  if (intervalMs !== undefined) {
    const { min, mean, max, stddev, p50, p95, p99 } = intervalMs;
    const [least, middle, most, spread, ...shares] = [min, mean, max, stddev, p50, p95, p99].map(milliseconds);
    parts.push(`interval ms: ${middle} (min ${least}, max ${most}, sd ${spread}, p50/95/99 ${shares.join('/')})`);
  }
  parts.push(`shm ${percent(shmShare)}`);
  if (sources > 0) parts.push(`${missing} missing`);
  return parts.join(', ');
}
