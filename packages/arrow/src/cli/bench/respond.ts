// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CongestionControl, FifoChannel, type Query, type Sample } from '@zenoh-segments/core';
import { decodeBatches } from '../../decode/decode.js';
import { ArrowPayloadError } from '../../errors.js';
import { type ConnectionOptions, configOf } from '../connection.js';
import { EXIT, type Outcome } from '../exit-code.js';
import { oneKey } from '../key.js';
import type { Reporter } from '../reporter.js';
import { closeSession, openSession } from '../session.js';
import { benchKeys, type Received } from './protocol.js';
import { SUMMED } from './table.js';

/** The arguments of `bench --respond`. */
export interface RespondOptions {
  readonly respond: true;
  readonly key: string;
  readonly connection: ConnectionOptions;
  /** End with standard input: whoever started this process is gone. */
  readonly untilInputEnds: boolean;
}

const QUEUE_SAMPLES = 64;
/** How long nothing may come before the rest counts as lost. */
const SILENCE_MS = 3000;
const POLL_MS = 5;

/** What came since the last `begin`. */
class Count {
  tables = 0;
  rows = 0;
  bytes = 0;
  shm = 0;
  invalid = 0;
  /** Whether a column is summed. */
  read = false;
  run = '';
  /** After so many tables the sender hears how many there are. */
  every = Number.POSITIVE_INFINITY;
  sum = 0;
  first = 0;
  last = 0;

  add(sample: Sample): void {
    const now = performance.now();
    const payload = sample.payload();
    this.bytes += payload.length;
    this.rows += open(payload, this.read, this);
    if (sample.isShm()) this.shm++;
    if (this.tables++ === 0) this.first = now;
    // After the work: what was not opened yet did not arrive.
    this.last = performance.now();
  }

  facts(): Received {
    const { tables, rows, bytes, shm, invalid, first, last } = this;
    return { tables, rows, bytes, shm, invalid, seconds: (last - first) / 1000 };
  }
}

/** Opens a table as any subscriber does. @returns its rows. */
function open(payload: ReturnType<Sample['payload']>, read: boolean, count: Count): number {
  try {
    const batches = decodeBatches(payload);
    if (read) for (const batch of batches) count.sum += sumOf(batch.getChildAt(SUMMED)?.data[0]?.values);
    return batches.reduce((rows, batch) => rows + batch.numRows, 0);
  } catch (error) {
    if (!(error instanceof ArrowPayloadError)) throw error;
    count.invalid++;
    return 0;
  }
}

function sumOf(values: unknown): number {
  let sum = 0;
  if (values instanceof Float64Array) for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}

/** Receives what `bench` sends, answers, and counts, until a signal. */
export async function respond(options: RespondOptions, reporter: Reporter, signal: AbortSignal): Promise<Outcome> {
  oneKey(options.key, ': bench needs one');
  const keys = benchKeys(options.key);
  const session = await openSession(configOf(options.connection), signal);
  try {
    let count = new Count();
    const pongs = await session.declarePublisher(keys.pong, {
      congestionControl: CongestionControl.BLOCK,
      express: true,
    });
    const acks = await session.declarePublisher(keys.ack, {
      congestionControl: CongestionControl.BLOCK,
      express: true,
    });
    const handler = () => new FifoChannel<Sample>(QUEUE_SAMPLES);
    const data = await session.declareSubscriber(keys.data, { handler: handler() });
    const pings = await session.declareSubscriber(keys.ping, { handler: handler() });
    const control = await session.declareQueryable(keys.control, { handler: new FifoChannel<Query>(QUEUE_SAMPLES) });
    const stop = () => void session.close();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    if (options.untilInputEnds) process.stdin.on('end', stop).on('error', stop).resume();
    reporter.ready(options.key, `answering on '${options.key}'`);
    await Promise.all([
      each(data, async (sample) => {
        using received = sample;
        count.add(received);
        if (count.tables % count.every === 0) await acks.put(`${count.run} ${count.tables}`);
      }),
      each(pings, async (sample) => {
        using received = sample;
        open(received.payload(), count.read, count);
        await pongs.put(received.attachment()?.toBytes() ?? '');
      }),
      each(control, async (query) => {
        await using asked = query;
        const parameters = asked.parameters();
        if (parameters.get('begin') !== undefined) {
          count = new Count();
          count.read = parameters.get('read') === 'true';
          count.run = parameters.get('run') ?? '';
          count.every = Number(parameters.get('every') ?? Number.POSITIVE_INFINITY);
        } else {
          await settled(count, Number(parameters.get('sent') ?? 0), signal);
        }
        await asked.reply(keys.control, JSON.stringify(count.facts()));
      }),
    ]);
  } catch (error) {
    if (!session.isClosed()) throw error;
  } finally {
    await closeSession(session, signal, reporter);
    process.stdin.destroy();
  }
  return EXIT.ok;
}

async function each<T>(source: AsyncIterable<T>, work: (value: T) => unknown): Promise<void> {
  for await (const value of source) await work(value);
}

/** Waits until all that was sent was counted, or nothing came for long. */
async function settled(count: Count, sent: number, signal: AbortSignal): Promise<void> {
  let changed = performance.now();
  let tables = count.tables;
  while (count.tables < sent && !signal.aborted && performance.now() - changed < SILENCE_MS) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (count.tables !== tables) changed = performance.now();
    tables = count.tables;
  }
}
