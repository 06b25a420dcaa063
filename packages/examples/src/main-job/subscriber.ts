// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The subscribing process of a job: verifies everything that comes, then tells what it cost.
import { decodeBatches } from '@zenoh-segments/arrow';
import { FifoChannel, type Sample, Session, type ZBytes } from '@zenoh-segments/core';
import type { RecordBatch, Vector } from 'apache-arrow';
import { configOf, jobOfThisProcess, KEY, tell } from './job.js';
import { referenceOf } from './reference.js';
import { mappedShmFiles } from './shm-files.js';

const FIRST_ROWS = 5;
/** zenoh cuts what goes over TCP into batches of this size. */
const TCP_BATCH_BYTES = 65_535;

const job = jobOfThisProcess();
const reference = referenceOf(job.file);
const session = await Session.open(configOf(job, 'listen'));
const subscriber = await session.declareSubscriber(KEY, { handler: new FifoChannel<Sample>(8) });
tell({ kind: 'ready' });

const total = { batches: 0, rows: 0, bytes: 0, timedBytes: 0, valuesCompared: 0, inOnePiece: 0 };
let names: readonly string[] = [];
let firstRows: readonly (readonly string[])[] = [];
/** Copies of the payloads of the first round, which was verified value by value. */
const verified: Buffer[] = [];
let timeStarted = 0;

for await (const sample of subscriber) {
  using payload = sample.payload();
  const round = Math.floor(total.rows / reference.rows);
  if (round > 0 && timeStarted === 0) timeStarted = performance.now();
  for (const batch of decodeBatches(payload)) {
    if (total.rows === 0) {
      names = batch.schema.fields.map(({ name }) => name);
      firstRows = rowsOf(batch, FIRST_ROWS);
    }
    if (round === 0) total.valuesCompared += reference.compare(batch, total.rows);
    total.rows += batch.numRows;
  }
  if (round === 0) verified.push(Buffer.concat(payload.segments()));
  else compareBytes(payload, verified[total.batches % verified.length] as Buffer);
  total.batches++;
  total.bytes += payload.length;
  if (round > 0) total.timedBytes += payload.length;
  if (Math.max(...payload.segments().map((segment) => segment.byteLength)) > TCP_BATCH_BYTES) total.inOnePiece++;
  if (total.rows === reference.rows * job.rounds) break;
}
const seconds = (performance.now() - timeStarted) / 1000;
const shmFiles = mappedShmFiles();
tell({ kind: 'received', ...total, seconds, names, firstRows, ledger: subscriber.ledger.snapshot(), shmFiles });
await session.close();

function rowsOf(batch: RecordBatch, count: number): string[][] {
  const columns = batch.schema.fields.map((_, i) => batch.getChildAt(i) as Vector);
  return Array.from({ length: Math.min(count, batch.numRows) }, (_, row) =>
    columns.map((column) => String(column.get(row) ?? '')),
  );
}

/** Segment by segment: nothing is joined for it. */
function compareBytes(payload: ZBytes, expected: Buffer): void {
  let at = 0;
  for (const segment of payload.segments()) {
    if (expected.compare(segment, 0, segment.byteLength, at, at + segment.byteLength) !== 0) {
      throw new Error(
        `batch ${total.batches} differs from its first round within bytes ${at} to ${at + segment.byteLength}`,
      );
    }
    at += segment.byteLength;
  }
  if (at !== expected.byteLength)
    throw new Error(`batch ${total.batches} has ${at} bytes instead of ${expected.byteLength}`);
}
