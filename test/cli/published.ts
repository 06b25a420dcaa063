// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Sample, Session } from '@zenoh-segments/core';
import { type RecordBatch, tableFromIPC, type Vector } from 'apache-arrow';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect, type Ended } from './cli.js';

/** What came of one message. */
export interface Received {
  readonly bytes: Uint8Array;
  readonly encoding: string;
  readonly attachment: string | undefined;
  readonly isShm: boolean;
  readonly at: number;
}

export interface Published {
  readonly pub: Ended;
  readonly samples: readonly Received[];
}

/** Runs a `pub` against a subscriber in this process; all that it says it published has come when this resolves. */
export function published(args: readonly string[], stdin?: Uint8Array | string): Promise<Published> {
  return withReceiver(async (connection, samples) => {
    const pub = await Cli.run(['pub', '-k', 'test', '--json', ...connection, ...args], stdin);
    await until('all has come', () => samples.length >= (pub.summary?.batches ?? 0));
    return { pub, samples };
  });
}

/** A subscriber of the key `test` in this process, and the arguments of a `pub` that waits for it. */
export async function withReceiver<T>(run: (connection: string[], samples: Received[]) => Promise<T>): Promise<T> {
  const port = await freePort();
  const session = await Session.open(listening(port));
  const samples: Received[] = [];
  const handler = (sample: Sample) => {
    const attachment = sample.attachment()?.toString();
    const encoding = sample.encoding().toString();
    const bytes = sample.payload().toBytes().slice();
    samples.push({ bytes, encoding, attachment, isShm: sample.isShm(), at: performance.now() });
    sample[Symbol.dispose]();
  };
  try {
    await session.declareSubscriber('test', { handler });
    return await run(['--wait-matching', ...connect(port)], samples);
  } finally {
    await session.close();
  }
}

/** The batches of messages that stand for themselves, read by apache-arrow's own reader. */
export function batchesOf(samples: readonly Received[]): RecordBatch[] {
  return samples.flatMap(({ bytes }) => tableFromIPC(bytes).batches);
}

/** The rows of all batches, as JSON has them; integers of 64 bits are numbers or texts. */
export function rowsOf(samples: readonly Received[]): Record<string, unknown>[] {
  return batchesOf(samples).flatMap((batch) => {
    const columns = batch.schema.fields.map(({ name }, i) => [name, batch.getChildAt(i) as Vector] as const);
    return Array.from({ length: batch.numRows }, (_, row) =>
      Object.fromEntries(columns.map(([name, column]) => [name, plain(column.get(row))])),
    );
  });
}

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => {
      if (typeof each !== 'bigint') return each;
      return Number.isSafeInteger(Number(each)) ? Number(each) : String(each);
    }),
  );
}

/** The types of the columns, by name. */
export function typesOf(samples: readonly Received[]): Record<string, string> {
  const [batch] = batchesOf(samples);
  return Object.fromEntries((batch?.schema.fields ?? []).map(({ name, type }) => [name, String(type)]));
}

/**
 * Why values were copied. A message's metadata, some hundred bytes of JavaScript's, may go by a native thread when the
 * machine is busy, which copies them.
 */
export function copyReasons({ summary }: Ended): string[] {
  return Object.keys(summary?.reasons ?? {}).filter((reason) => reason !== 'offload');
}
