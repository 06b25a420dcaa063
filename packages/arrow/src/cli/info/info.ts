// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Sample, Session } from '@zenoh-segments/core';
import type { TypeMap } from 'apache-arrow';
import { subscribeTable, type TableSample } from '../../topic/index.js';
import type { ConnectionOptions } from '../connection.js';
import type { Outcome } from '../exit-code.js';
import type { Reporter } from '../reporter.js';
import { plural } from '../units.js';
import { KeyTable } from '../watch/key-table.js';
import { Screen } from '../watch/screen.js';
import { watch, watchQueue } from '../watch/watch.js';
import { KeyFacts } from './key-facts.js';
import { type NetworkFacts, networkFacts } from './network.js';
import { keyJson, keyLines, networkJson, networkLines } from './text.js';

/** The arguments of `info`. */
export interface InfoOptions {
  readonly key: string;
  readonly connection: ConnectionOptions;
  /** Milliseconds; may be infinite. */
  readonly duration: number;
  /** Tell again every second. */
  readonly follow: boolean;
  readonly json: boolean;
}

/** Tells what is published on a key expression. */
export async function info(options: InfoOptions, reporter: Reporter, signal: AbortSignal): Promise<Outcome> {
  const { key, follow, json } = options;
  const keys = new KeyTable((name) => new KeyFacts(name));
  const screen = new Screen(json, signal);
  const started = performance.now();
  const lines = (network?: NetworkFacts) => {
    const seconds = (performance.now() - started) / 1000;
    const all = keys.sorted();
    if (json) return [...all.map((facts) => keyJson(facts, seconds)), ...(network ? [networkJson(network)] : [])];
    return [...all.flatMap((facts) => keyLines(facts, seconds)), ...(network ? networkLines(network) : [])];
  };
  const exitCode = await watch(options, reporter, signal, {
    subscribe: async (session, name) => {
      const onDelete = (sample: Sample) => keys.at(sample.keyexpr().toString())?.addDeletion();
      const samples = await subscribeTable(session, name, { handler: watchQueue(), onDelete });
      return { subscriber: samples.subscriber, samples };
    },
    sample: (sample: TableSample<TypeMap>) => keys.at(sample.sample.keyexpr().toString())?.add(sample),
    tick: async () => {
      if (follow) await screen.show(lines());
    },
    end: async (session: Session) => screen.print(lines(await networkFacts(session, key))),
  });
  if (keys.warning !== undefined) reporter.warn('TOO_MANY_KEYS', keys.warning);
  const interrupted = signal.aborted;
  const samples = keys.sorted().reduce((sum, facts) => sum + facts.samples, keys.others);
  reporter.ended(
    { keys: keys.size, samples, otherSamples: keys.others, interrupted },
    `${interrupted ? 'interrupted after ' : ''}${plural(samples, 'sample')} of ${plural(keys.size, 'key')}`,
  );
  return exitCode;
}
