// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { loadCompression } from '../../compression/load.js';
import { usage } from '../cli-error.js';
import { type ConnectionOptions, configOf } from '../connection.js';
import { EXIT, type Outcome } from '../exit-code.js';
import { FirstError } from '../first-error.js';
import { GivenUp } from '../given-up.js';
import { oneKey } from '../key.js';
import { matched } from '../matched.js';
import type { Reporter } from '../reporter.js';
import { closeSession, openSession } from '../session.js';
import { Tally } from '../tally.js';
import { TimeLimit } from '../time-limit.js';
import { Feed, type FeedOptions, type Message } from './feed.js';
import { HeapMemory, type Memory, ShmMemory } from './memory.js';
import { declareOutlet, type Outlet, type OutletOptions } from './outlet.js';
import { Pace, type Rate } from './pace.js';
import { StallWatch } from './stall-watch.js';
import { TimeColumn, type TimeUnit } from './time-column.js';

/** The arguments of `pub`. */
export interface PublishOptions {
  readonly key: string;
  readonly feed: FeedOptions;
  readonly outlet: OutletOptions;
  readonly connection: ConnectionOptions;
  /** As fast as the input is read unless given. */
  readonly rate: Rate | undefined;
  /** A column whose times decide the pace (none unless given), the unit of plain numbers, and how much faster it goes. */
  readonly replay: {
    readonly column: string | undefined;
    readonly unit: TimeUnit | undefined;
    readonly speed: number | undefined;
  };
  /** Batches in all; may be infinite. */
  readonly count: number;
  /** Milliseconds in all; may be infinite. */
  readonly duration: number;
  /** Whether the first batch waits for a subscriber. */
  readonly waitMatching: boolean;
  /** Bytes of the shared-memory pool, when one is wanted. */
  readonly shm: number | undefined;
}

/**
 * Publishes an input batch by batch, until its end, a limit, or a signal. It returns when every batch left this process:
 * closing the session flushes the links, and subscribers get the time to map shared memory.
 */
export async function publish(options: PublishOptions, reporter: Reporter, interrupt: AbortSignal): Promise<Outcome> {
  const key = oneKey(options.key, ', and a publisher needs one: wildcards are for sub');
  checkTogether(options);
  const config = configOf(options.connection);
  using limit = new TimeLimit(interrupt);
  const { signal } = limit;
  using feed = await Feed.open(options.feed, signal);
  if (options.feed.loops > 1 && !feed.repeatable) {
    throw usage('--loop needs a file: standard input can be read once only');
  }
  if (options.outlet.compression !== undefined) await loadCompression();
  const stalls = new StallWatch(config, reporter, interrupt);
  const memory = memoryOf(options.shm, reporter, signal);
  const tally = new Tally();
  const session = await openSession(config, interrupt);
  const first = new FirstError();
  let heldUp: GivenUp | undefined;
  try {
    const messages = feed.messages(memory, session.ledger);
    try {
      const head = options.outlet.mode === 'schema-ref' ? (await messages.next()).value : undefined;
      const outlet = await declareOutlet(session, key, options.outlet, stalls, head || undefined);
      reporter.ready(options.key, `publishing on '${options.key}'`);
      if (options.waitMatching) await matched(outlet.publisher, signal);
      limit.start(Number.isFinite(options.duration) ? options.duration / 1000 : undefined);
      tally.start();
      const all = head ? startingWith(head, messages) : messages;
      if (!signal.aborted) await putAll(all, outlet, options, tally, reporter, signal);
    } finally {
      await messages.return(undefined);
    }
    await memory.drain();
  } catch (error) {
    // A wait that a signal or the end of the time cut short: what was done until then counts.
    if (error instanceof GivenUp) heldUp = error;
    else if (!signal.aborted) first.add(error);
  } finally {
    // A message that is held up would hold this up too.
    if (heldUp === undefined) await first.of(() => closeSession(session, interrupt, reporter));
  }
  tally.lost = stalls.lost;
  if (heldUp !== undefined) reporter.givenUp(heldUp);
  reporter.summary(tally, session.ledger.snapshot(), interrupt.aborted);
  first.rethrow();
  if (tally.batches === 0 && !interrupt.aborted) reporter.warn('NO_DATA', 'nothing was published: no rows came in');
  return signal.aborted && tally.batches === 0 ? EXIT.noData : { skipped: tally.lost };
}

/** @throws {CliError} `USAGE` for options that make no sense together. */
function checkTogether({ replay, outlet, shm }: PublishOptions): void {
  if (replay.column === undefined && (replay.speed ?? replay.unit) !== undefined) {
    throw usage('--speed and --time-unit need --time-column, whose times they are about');
  }
  if (outlet.mode === 'schema-ref' && shm !== undefined) {
    throw usage('--mode schema-ref sends from the memory that was read into, not from --shm: use one of them');
  }
}

async function putAll(
  messages: AsyncIterable<Message>,
  outlet: Outlet,
  { rate, replay, count }: PublishOptions,
  tally: Tally,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const { column, unit, speed = 1 } = replay;
  const pace = new Pace(rate, speed, signal);
  const assumed = (each: TimeUnit, value: number) =>
    reporter.warn(
      'TIME_UNIT',
      `--time-column '${column}' has numbers such as ${value}, taken as ${NAMES[each]} since 1970: --time-unit ${each} says ` +
        'so, --time-unit s that they are seconds',
    );
  const time = column === undefined ? undefined : new TimeColumn(column, unit, assumed);
  const { ledger } = outlet.publisher;
  for await (const message of messages) {
    if (message.first) pace.restart();
    await pace.turn(message.rows, time?.of(message.batch()));
    const before = ledger.carried;
    await outlet.put(message);
    tally.add(1, message.rows, ledger.carried - before);
    reporter.progress(tally, message.done);
    if (tally.batches >= count || signal.aborted) break;
  }
}

const NAMES = { s: 'seconds', ms: 'milliseconds', us: 'microseconds', ns: 'nanoseconds' } as const;

async function* startingWith<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

function memoryOf(shm: number | undefined, reporter: Reporter, signal: AbortSignal): Memory {
  if (shm === undefined) return new HeapMemory();
  return new ShmMemory(shm, signal, (text) => reporter.warn('SHM_EXHAUSTED', text));
}
