// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { alloc, type NativeBuffer, ShmProvider, ZBytes } from '@zenoh-segments/core';
import { writeBatch } from '../../encode/encode.js';
import { type ConnectionOptions, configOf } from '../connection.js';
import { EXIT, type Outcome } from '../exit-code.js';
import { GivenUp } from '../given-up.js';
import { oneKey } from '../key.js';
import type { Reporter } from '../reporter.js';
import { closeSession, openSession } from '../session.js';
import { ReaderGone } from '../sub/sink.js';
import { plural } from '../units.js';
import { Responder } from './child.js';
import { windowOf } from './credits.js';
import { Measurement } from './measurement.js';
import { BenchOutput, type BenchOutputKind, type BenchResult } from './output.js';
import { benchKeys } from './protocol.js';
import { type BenchTable, benchTable, type TableSize } from './table.js';

/** The arguments of `bench`. */
export interface BenchOptions {
  readonly respond: false;
  readonly key: string;
  readonly connection: ConnectionOptions;
  readonly tables: readonly TableSize[];
  readonly shm: boolean;
  readonly read: boolean;
  /** Tables of each size; by time unless given. */
  readonly count: number | undefined;
  /** Milliseconds for each size. */
  readonly duration: number;
  readonly output: BenchOutputKind;
  /** The receiver runs elsewhere. */
  readonly remote: boolean;
}

/** What one measurement needs at least beside its table, and zenoh's allocator keeps for itself. */
const POOL_OVERHEAD = 2 ** 20;
/** Round trips of each size, at most: more do not change the percentiles. */
const MOST_ROUND_TRIPS = 10_000;

/** Measures table after table against a receiver, which it starts unless that runs elsewhere. */
export async function bench(options: BenchOptions, reporter: Reporter, signal: AbortSignal): Promise<Outcome> {
  oneKey(options.key, ': bench needs one');
  const connection = options.remote ? options.connection : meeting(options.connection);
  const output = new BenchOutput(options.output, signal);
  const session = await openSession(configOf(connection), signal);
  let lost = 0;
  let measured = 0;
  try {
    await using responder = options.remote
      ? undefined
      : new Responder(options.key, connection, (await session.info()).locators(), signal);
    const measurement = await Measurement.start(session, benchKeys(options.key), signal);
    await measurement.ready(() => responder?.exitCode !== undefined);
    reporter.ready(options.key, `measuring on '${options.key}'`);
    for (const size of options.tables) {
      if (signal.aborted) break;
      const result = await measure(measurement, benchTable(size), options);
      if (result === undefined) break;
      await output.write(result);
      measured++;
      lost += result.sent - result.received;
    }
  } catch (error) {
    // A wait that a signal cut short: what was measured until then counts.
    if (error instanceof GivenUp) reporter.givenUp(error);
    else if (!(error instanceof ReaderGone || signal.aborted)) throw error;
  } finally {
    await closeSession(session, signal, reporter);
  }
  const interrupted = signal.aborted;
  const losses = lost === 0 ? '' : `, ${plural(lost, 'table')} lost`;
  reporter.ended(
    { measured, lost, interrupted },
    `${interrupted ? 'interrupted after ' : ''}${plural(measured, 'size')}${losses}`,
  );
  return lost === 0 ? EXIT.ok : EXIT.error;
}

/** Undefined when a signal came meanwhile. */
async function measure(
  measurement: Measurement,
  { rows, layout }: BenchTable,
  { shm, read, count = Number.POSITIVE_INFINITY, duration }: BenchOptions,
): Promise<BenchResult | undefined> {
  const bytes = layout.byteLength;
  const provider = shm ? new ShmProvider({ size: bytes + POOL_OVERHEAD }) : undefined;
  using memory: NativeBuffer = provider?.alloc(bytes) ?? alloc(bytes);
  writeBatch(memory.bytes, layout);
  const payload = () => ZBytes.fromSegments([memory.bytes]);
  const ms = count === Number.POSITIVE_INFINITY ? duration : Number.POSITIVE_INFINITY;
  const trips = { count: Math.min(count, MOST_ROUND_TRIPS), ms };
  const roundTripMs = await measurement.roundTrips(payload, read, trips);
  if (roundTripMs === undefined) return undefined;
  const { sent, received } = await measurement.throughput(payload, read, { count, ms }, windowOf(bytes, read || !shm));
  const { tables, seconds } = received;
  // The first one began the time.
  const tablesPerSecond = tables > 1 && seconds > 0 ? (tables - 1) / seconds : 0;
  return {
    rows,
    bytes,
    shm,
    read,
    sent,
    received: tables,
    shmShare: tables === 0 ? 0 : received.shm / tables,
    seconds,
    tablesPerSecond,
    rowsPerSecond: tablesPerSecond * rows,
    bytesPerSecond: tablesPerSecond * bytes,
    roundTripMs,
  };
}

/** Where nothing else is said, the two processes meet on the loopback interface, and nobody else. */
function meeting(connection: ConnectionOptions): ConnectionOptions {
  if (connection.connect !== undefined || connection.config !== undefined) return connection;
  const cfg = [...ALONE, ...(connection.cfg ?? [])];
  return { ...connection, multicastScouting: false, cfg };
}

const ALONE = ['scouting/gossip/enabled:false'];
