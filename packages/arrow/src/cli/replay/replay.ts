// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerSnapshot } from '@zenoh-segments/core';
import { CliError } from '../cli-error.js';
import { type ConnectionOptions, configOf } from '../connection.js';
import { EXIT } from '../exit-code.js';
import { GivenUp } from '../given-up.js';
import { type McapInput, openMcap, type TimeRange } from '../mcap/open.js';
import { StallWatch } from '../pub/stall-watch.js';
import type { Reporter } from '../reporter.js';
import { closeSession, openSession } from '../session.js';
import { TimeLimit } from '../time-limit.js';
import { megabytes, plural } from '../units.js';
import { serveHeads } from './heads.js';
import { KeyMap, type Renaming } from './key-map.js';
import { Player } from './player.js';
import { Timeline } from './timeline.js';

/** The arguments of `replay`. */
export interface ReplayOptions {
  readonly path: string;
  readonly connection: ConnectionOptions;
  readonly range: TimeRange;
  /** What keys start with, and what stands there instead. */
  readonly renamings: readonly Renaming[];
  readonly keyPrefix: string | undefined;
  /** 1 as recorded, 2 twice as fast, 0 as fast as possible. */
  readonly speed: number;
  /** How often the file is played; may be infinite. */
  readonly loops: number;
  /** Samples in all; may be infinite. */
  readonly count: number;
  /** Seconds; without end unless given. */
  readonly duration: number | undefined;
  readonly waitMatching: boolean;
}

/** A subscriber asks for a head when its first batch has come: a short file would be over by then. */
const HEADS_STAY_MS = 1000;

/**
 * Publishes what an MCAP file holds, with the times and the order of the recording. It returns when everything left this
 * process. What comes before a damaged place is played.
 *
 * @returns the exit code
 */
export async function replay(options: ReplayOptions, reporter: Reporter, interrupt: AbortSignal): Promise<number> {
  const keys = new KeyMap(options.renamings, options.keyPrefix);
  const config = configOf(options.connection);
  const input = await openMcap(options.path);
  using limit = new TimeLimit(interrupt);
  const { signal } = limit;
  let ended: Ended | undefined;
  let damage: CliError | undefined;
  try {
    const session = await openSession(config, interrupt);
    const player = new Player(
      session,
      { keys, waitMatching: options.waitMatching },
      new StallWatch(config, reporter, interrupt),
      reporter,
      signal,
    );
    let heads = 0;
    let heldUp: GivenUp | undefined;
    try {
      heads = await serveHeads(input, session, keys, reporter, signal);
      reporter.ready(options.path, `playing '${options.path}'`);
      for (const channel of input.channels) await player.prepare(channel);
      limit.start(options.duration);
      await playAll(input, player, options, reporter, signal);
    } catch (error) {
      // A wait that a signal cut short: what was done until then counts.
      if (error instanceof GivenUp) heldUp = error;
      else if (signal.aborted) damage = undefined;
      else if (error instanceof CliError) damage = error;
      else throw error;
    } finally {
      if (heads > 0) await delay(HEADS_STAY_MS, undefined, { signal }).catch(() => {});
      // A message that is held up would hold this up too.
      if (heldUp === undefined) await closeSession(session, interrupt, reporter);
    }
    if (heldUp !== undefined) reporter.givenUp(heldUp);
    ended = { player, ledger: session.ledger.snapshot() };
  } finally {
    await input.close();
  }
  if (!signal.aborted && damage === undefined) tellUnused(ended.player, options.range, keys, reporter);
  summary(ended, reporter, interrupt.aborted);
  if (damage !== undefined) throw damage;
  if (limit.passed && ended.player.samples === 0) return EXIT.noData;
  return ended.player.skipped === 0 ? EXIT.ok : EXIT.error;
}

async function playAll(
  input: McapInput,
  player: Player,
  { range, speed, loops, count }: ReplayOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  for (let loop = 0; loop < loops; loop++) {
    const timeline = new Timeline(speed, signal);
    let messages = 0;
    for await (const each of input.messages(range)) {
      messages++;
      await timeline.until(each.message.logTime);
      if (signal.aborted) return;
      await player.play(each);
      reporter.progress(() => flow(player));
      if (player.samples >= count) return;
    }
    // An empty file is not repeated.
    if (messages === 0) return;
  }
}

/** Options that fitted nothing in the file. */
function tellUnused({ samples, skipped }: Player, { start, end }: TimeRange, keys: KeyMap, reporter: Reporter): void {
  if (samples + skipped === 0 && (start ?? end) !== undefined) {
    reporter.warn('NO_DATA', 'no sample of the file is between --start and --end');
  }
  for (const { from, to } of keys.unused) {
    reporter.warn('NO_KEY', `--rename ${from}=${to}: no key of the file starts with '${from}'`);
  }
}

interface Ended {
  readonly player: Player;
  readonly ledger: LedgerSnapshot;
}

function summary({ player, ledger }: Ended, reporter: Reporter, interrupted: boolean): void {
  const { samples, skipped, bytes, keys } = player;
  const { copied, reasons } = ledger;
  reporter.ended(
    { samples, skipped, bytes, keys: keys.size, copied, reasons, interrupted },
    `${interrupted ? 'interrupted after ' : ''}${flow(player)}${skipped === 0 ? '' : `; ${plural(skipped, 'message')} skipped`}`,
  );
}

function flow({ samples, bytes, keys }: Player): string {
  return `${plural(samples, 'sample')} on ${plural(keys.size, 'key')}, ${megabytes(bytes)}`;
}
