// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { FifoChannel, type KeyExpr, type Sample, type Subscriber } from '@zenoh-segments/core';
import { loadCompression } from '../../compression/load.js';
import { type ConnectionOptions, configOf } from '../connection.js';
import { EXIT, type Outcome } from '../exit-code.js';
import { FirstError } from '../first-error.js';
import { keyOf } from '../key.js';
import { type Compression, compressor } from '../mcap/compression.js';
import { McapFile } from '../mcap/file.js';
import { OutputFile } from '../output-file.js';
import type { Reporter } from '../reporter.js';
import { closeSession, openSession } from '../session.js';
import { TimeLimit } from '../time-limit.js';
import { megabytes, plural } from '../units.js';
import { RecordedHeads } from './heads.js';
import { Recorder } from './recorder.js';

/** The arguments of `record`. */
export interface RecordOptions {
  /** Key expressions; what several of them match is recorded once. */
  readonly keys: readonly string[];
  readonly path: string;
  /** Whether a file that is there is overwritten. */
  readonly force: boolean;
  readonly connection: ConnectionOptions;
  readonly compression: Compression;
  /** Samples to take; may be infinite. */
  readonly count: number;
  /** Seconds; without end unless given. */
  readonly duration: number | undefined;
  /** Bytes of the file after which no more samples are taken; may be infinite. */
  readonly maxBytes: number;
}

/** Samples waiting here; a full queue holds the publisher back. */
const QUEUE_SAMPLES = 64;
const CHUNK_BYTES = 2 ** 20;
/** When this process is killed, the samples of this time are lost at most. */
const FLUSH_MS = 1000;
const LIBRARY = 'zenoh-segments';

/**
 * Writes what comes on keys into an MCAP file, until a count, a time, a size or a signal. However it ends, the file is
 * completed; after a failed write with what fitted.
 */
export async function record(options: RecordOptions, reporter: Reporter, interrupt: AbortSignal): Promise<Outcome> {
  const keys = options.keys.map(keyOf);
  const config = configOf(options.connection);
  const compress = await compressor(options.compression);
  const output = await OutputFile.create(options.path, options.force, interrupt);
  const mcap = new McapFile(output, compress, CHUNK_BYTES);
  const recorder = new Recorder(mcap, reporter);
  using limit = new TimeLimit(interrupt);
  let ledger = recorder.ledger;
  let heads: RecordedHeads | undefined;
  // A head may have compressed dictionaries. Where it can't be loaded, the head that needs it says so.
  await loadCompression().catch(() => {});
  const first = new FirstError();
  await first.of(async () => {
    await mcap.start(LIBRARY);
    const session = await openSession(config, interrupt);
    ledger.attach(session.ledger);
    ledger = session.ledger;
    const wanted = new RecordedHeads(session, mcap, reporter);
    heads = wanted;
    try {
      const subscribers: Subscriber[] = [];
      const stop = () => {
        for (const subscriber of subscribers) void subscriber.undeclare();
      };
      for (const key of keys) {
        const handler = new FifoChannel<Sample>(QUEUE_SAMPLES);
        subscribers.push(await session.declareSubscriber(key, { handler }));
      }
      if (limit.signal.aborted) stop();
      limit.signal.addEventListener('abort', stop);
      limit.start(options.duration);
      const list = options.keys.map((key) => `'${key}'`).join(', ');
      reporter.ready(options.keys.join(' '), `recording ${list} to '${options.path}'`);
      // What fails here fails again at the next write.
      const flushing = setInterval(() => mcap.flush().catch(stop), FLUSH_MS);
      const full = () => recorder.samples >= options.count || mcap.bytes >= options.maxBytes;
      let turn = Promise.resolve(true);
      /** Samples go into the file one after the other. @returns whether it takes more */
      const take = (sample: Sample) => {
        turn = turn.then(async (more) => {
          if (!more) return false;
          await recorder.add(sample, wanted);
          reporter.progress(() => flow(recorder));
          return !full() && !limit.signal.aborted;
        });
        return turn;
      };
      try {
        await Promise.all(
          subscribers.map((subscriber, i) => takeAll(subscriber, keys.slice(0, i), take).finally(stop)),
        );
        await wanted.settle();
      } finally {
        clearInterval(flushing);
        wanted.end();
      }
    } finally {
      await closeSession(session, interrupt, reporter);
    }
  });
  // Whatever ended it: what was taken is written.
  await first.of(() => mcap.flush());
  await first.of(() => mcap.finish());
  await first.of(() => output.close());
  const { copied, reasons } = ledger.snapshot();
  const messages = Number(mcap.messages);
  const more = { heads: heads?.stored ?? 0, headsMissing: heads?.missing ?? 0 };
  summary(recorder, { messages, fileBytes: output.position, ...more, copied, reasons }, reporter, interrupt.aborted);
  first.rethrow();
  if (limit.passed && recorder.samples === 0 && recorder.unrecorded === 0) return EXIT.noData;
  return { skipped: recorder.unrecorded };
}

/** @param others take the samples on these keys. */
async function takeAll(
  subscriber: Subscriber,
  others: readonly KeyExpr[],
  take: (sample: Sample) => Promise<boolean>,
): Promise<void> {
  for await (const sample of subscriber) {
    using received = sample;
    const taken = others.some((key) => key.intersects(received.keyexpr()));
    if (!taken && !(await take(received))) break;
  }
}

function summary(
  recorder: Recorder,
  more: Readonly<Record<string, unknown>> & {
    readonly messages: number;
    readonly fileBytes: number;
    readonly headsMissing: number;
  },
  reporter: Reporter,
  interrupted: boolean,
): void {
  const { samples, unrecorded, arrow, deletions, attachments, keys, bytes } = recorder;
  reporter.ended(
    { samples, unrecorded, arrow, deletions, attachments, keys, bytes, ...more, interrupted },
    `${interrupted ? 'interrupted after ' : ''}${flow(recorder)}; ${plural(more.messages, 'message')} in a file of ` +
      megabytes(more.fileBytes) +
      (more.headsMissing === 0 ? '' : `; ${plural(more.headsMissing, 'head')} missing`),
  );
}

function flow({ samples, unrecorded, arrow, keys, bytes }: Recorder): string {
  const more = unrecorded === 0 ? '' : `, ${plural(unrecorded, 'sample')} not recorded`;
  return `${plural(samples, 'sample')} (${arrow} Arrow) of ${plural(keys, 'key')}, ${megabytes(bytes)}${more}`;
}
