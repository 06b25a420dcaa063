// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { FifoChannel, Ledger, type Sample } from '@zenoh-segments/core';
import { loadCompression } from '../../compression/load.js';
import { subscribeTable } from '../../topic/index.js';
import { type ConnectionOptions, configOf } from '../connection.js';
import { EXIT, exitCodeOf } from '../exit-code.js';
import { FirstError } from '../first-error.js';
import { GivenUp } from '../given-up.js';
import { keyOf } from '../key.js';
import type { Reporter } from '../reporter.js';
import { closeSession, openSession } from '../session.js';
import { Tally } from '../tally.js';
import { TimeLimit } from '../time-limit.js';
import { plural } from '../units.js';
import { Ending, HEAD_MS } from './ending.js';
import { Held } from './held.js';
import { LostConnections } from './lost-connections.js';
import { outputOf, sinkOf } from './output.js';
import { kindOf, type OutputOptions } from './output-kind.js';
import { CutOff } from './remainder.js';
import { selectorOf } from './select.js';
import { ReaderGone } from './sink.js';
import { SkippedSamples } from './skipped-samples.js';
import { checkWithKey } from './with-key.js';

/** The arguments of `sub`. */
export interface SubscribeOptions {
  readonly key: string;
  readonly connection: ConnectionOptions;
  readonly output: OutputOptions;
  /** Name of a column of keys that text outputs get, when one is wanted. */
  readonly withKey: string | undefined;
  /** The columns to write, in this order; all unless given. */
  readonly columns: readonly string[] | undefined;
  /** Samples to take; may be infinite. */
  readonly count: number;
  /** Seconds; without end unless given. */
  readonly duration: number | undefined;
  /** The most rows of each batch that are written. */
  readonly head: number | undefined;
}

/** Samples waiting here; a full queue holds the publisher back. */
const QUEUE_SAMPLES = 64;
const TABLE_ROWS = 10;

/**
 * Writes what comes on a key, until a count, a time, a signal, or the end of who reads it. What had come when the time or the
 * signal came is written first. Samples that are no Arrow data are told and skipped.
 *
 * @returns the exit code
 */
export async function subscribe(
  options: SubscribeOptions,
  reporter: Reporter,
  interrupt: AbortSignal,
): Promise<number> {
  const key = keyOf(options.key);
  const config = configOf(options.connection);
  const kind = kindOf(options.output);
  checkWithKey(options.withKey, kind);
  const select = selectorOf(options.columns, options.head ?? (kind === 'table' ? TABLE_ROWS : undefined));
  await loadCompression();
  const written = new Ledger();
  const sink = await sinkOf(options.output, interrupt);
  const output = outputOf(kind, sink, written, interrupt, options.withKey);
  const tally = new Tally();
  const skipped = new SkippedSamples(reporter);
  using limit = new TimeLimit(interrupt);
  const session = await openSession(config, interrupt);
  written.attach(session.ledger);
  let received = () => 0;
  const first = new FirstError();
  const connections = new LostConnections(reporter);
  try {
    await connections.watch(session);
    const subscriber = await subscribeTable(session, key, {
      handler: new FifoChannel<Sample>(QUEUE_SAMPLES),
      validate: 'full',
      heads: { timeout: HEAD_MS },
      onError: (error, sample) => {
        skipped.add(error, sample);
        tally.skipped++;
        counted();
      },
      onDelete: (sample) => {
        sample[Symbol.dispose]();
        counted();
      },
    });
    received = () => subscriber.subscriber.stats().received;
    using ending = new Ending(options.count, () => void subscriber.undeclare());
    const counted = () => {
      tally.samples++;
      ending.took();
    };
    const enough = () => ending.begin(subscriber.subscriber);
    if (limit.signal.aborted) enough();
    limit.signal.addEventListener('abort', enough);
    limit.start(options.duration);
    reporter.ready(options.key, `listening on '${options.key}'`);
    for await (const each of subscriber) {
      using held = new Held(each);
      const { sample } = held;
      ending.busy = true;
      counted();
      tally.start();
      const { batches } = sample;
      const rows = batches.reduce((sum, batch) => sum + batch.numRows, 0);
      tally.add(batches.length, rows, sample.sample.payload().length);
      tally.unwritten += batches.length;
      await connections.during(() =>
        held.unlessGivenUp(output.sample(sample.sample.keyexpr().toString(), batches.map(select))),
      );
      tally.unwritten -= batches.length;
      reporter.progress(tally);
      if (ending.reached) break;
      ending.busy = false;
    }
    await output.end();
  } catch (error) {
    if (error instanceof GivenUp) {
      const { unwritten, samples } = tally;
      const more = `${plural(unwritten, 'batch', 'batches')}, and ${plural(received() - samples, 'sample')} that had come`;
      // Of a reader that takes nothing, the end is given up too; that something is was told.
      if (error instanceof CutOff) await output.end().catch(unlessGivenUp);
      reporter.givenUp(new GivenUp(`${error.message}: ${more}`));
    } else if (!(error instanceof ReaderGone)) {
      // What was written until then stays, and is complete; the error before is the one that counts.
      await output.end().catch(() => {});
      first.add(error);
    }
  } finally {
    connections.end();
    await first.of(() => closeSession(session, interrupt, reporter));
    await first.of(() => sink.close());
  }
  reporter.summary(tally, session.ledger.snapshot(), interrupt.aborted);
  first.rethrow();
  if (!limit.passed || tally.samples > 0) return exitCodeOf(tally);
  reporter.warn('NO_DATA', `nothing came on '${options.key}' within ${options.duration} s`);
  return EXIT.noData;
}

function unlessGivenUp(error: unknown): void {
  if (!(error instanceof GivenUp)) throw error;
}
