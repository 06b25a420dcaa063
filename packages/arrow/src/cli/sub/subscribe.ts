// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { FifoChannel, Ledger, type Sample, SampleKind, Session } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';
import { decodeBatches } from '../../decode/decode.js';
import { ArrowPayloadError } from '../../errors.js';
import { type ConnectionOptions, configOf } from '../connection.js';
import { keyOf } from '../key.js';
import type { Reporter } from '../reporter.js';
import { Tally } from '../tally.js';
import { type OutputKind, outputOf } from './output.js';
import { ReaderGone } from './sink.js';

/** The arguments of `sub`. */
export interface SubscribeOptions {
  readonly key: string;
  readonly connection: ConnectionOptions;
  /** By where standard output goes unless given. */
  readonly output: OutputKind | undefined;
  /** Samples to take; may be infinite. */
  readonly count: number;
  /** The most rows of each batch that are written; may be infinite. */
  readonly head: number | undefined;
}

/** Samples waiting here; a full queue holds the publisher back. */
const QUEUE_SAMPLES = 64;
const TABLE_ROWS = 10;

/**
 * Writes what comes on a key to standard output, until a count, a signal, or the end of who reads it. Samples that are no
 * Arrow data are told and skipped.
 */
export async function subscribe(options: SubscribeOptions, reporter: Reporter, signal: AbortSignal): Promise<Tally> {
  const key = keyOf(options.key);
  const config = configOf(options.connection);
  const written = new Ledger();
  const output = outputOf(options.output, written);
  const tally = new Tally();
  const session = await Session.open(config);
  written.attach(session.ledger);
  try {
    const table = options.output === 'table' || (options.output === undefined && process.stdout.isTTY === true);
    const rows = options.head ?? (table ? TABLE_ROWS : Number.POSITIVE_INFINITY);
    const subscriber = await session.declareSubscriber(key, { handler: new FifoChannel<Sample>(QUEUE_SAMPLES) });
    const stop = () => void subscriber.undeclare();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    reporter.ready(options.key, `listening on '${options.key}'`);
    for await (const sample of subscriber) {
      using received = sample;
      tally.start();
      const batches = decoded(received, tally, reporter);
      if (batches !== undefined) {
        await output.sample(
          received.keyexpr().toString(),
          batches.map((batch) => (batch.numRows > rows ? batch.slice(0, rows) : batch)),
        );
        tally.add(
          batches.length,
          batches.reduce((sum, batch) => sum + batch.numRows, 0),
          received.payload().length,
        );
      }
      reporter.progress(tally);
      if (tally.samples >= options.count || signal.aborted) break;
    }
    await output.end();
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error;
  } finally {
    await session.close();
  }
  reporter.summary(tally, session.ledger.snapshot(), signal.aborted);
  return tally;
}

/** The batches of a sample; undefined for a deletion, and for what is no Arrow data. */
function decoded(sample: Sample, tally: Tally, reporter: Reporter): readonly RecordBatch[] | undefined {
  tally.samples++;
  if (sample.kind() === SampleKind.DELETE) return undefined;
  try {
    return decodeBatches(sample.payload(), { validate: 'full' });
  } catch (error) {
    if (!(error instanceof ArrowPayloadError)) throw error;
    tally.skipped++;
    const { code, message } = error;
    reporter.warn(
      code,
      `skipped a sample of '${sample.keyexpr()}' (encoding ${sample.encoding()}): ${code}: ${message}`,
    );
    return undefined;
  }
}
