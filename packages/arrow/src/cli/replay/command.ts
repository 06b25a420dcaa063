// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command, InvalidArgumentError } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from '../connection.js';
import { EXIT_HELP } from '../exit-code.js';
import type { TimePoint } from '../mcap/open.js';
import { notNegative, positive, positiveInteger } from '../number.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import type { Renaming } from './key-map.js';
import type { ReplayOptions } from './replay.js';

const HELP = `
Samples are published on the keys they were recorded from, with their bytes, encoding, attachment and priority, in the order
of the file and at the times of the recording: by log time. Deletions are played as deletions. New zenoh timestamps are
given, if any. Files of other tools are played too: a topic loses its first slash; one that is no key is skipped, told, and
makes the exit code 1.

What bare batches need to be opened is given to those who ask, as far as record got it, on the keys that are played, and for
a second after the last sample.

A file without an index (of a recording that was killed) is played in the order it has. What comes before a damaged place
(MCAP_INVALID), or before the end of a file that ends early (MCAP_TRUNCATED), is played; the exit code is 1 then.

Nothing waits for subscribers unless --wait-matching is given: start them first. Messages are sent with congestion control
BLOCK: what is late because of a slow subscriber goes as soon as it can.
${EXIT_HELP}

Examples:
  zenoh-arrow replay run.mcap
  zenoh-arrow replay --speed 10 --loop run.mcap
  zenoh-arrow replay --start 60 --end 90.5 --key-prefix replayed run.mcap
  zenoh-arrow replay --start 2026-01-01T12:00:00Z --rename robot/1=robot/2 --wait-matching run.mcap
`;

interface Flags extends ConnectionOptions, ReportOptions {
  readonly speed: number;
  readonly start?: TimePoint;
  readonly end?: TimePoint;
  readonly loop?: number | true;
  readonly count?: number;
  readonly duration?: number;
  readonly keyPrefix?: string;
  readonly rename?: readonly Renaming[];
  readonly waitMatching?: true;
}

/** The verb `replay`; `run` gets its arguments. */
export function replayCommand(run: (options: ReplayOptions, report: ReportOptions) => Promise<void>): Command {
  const command = new Command('replay')
    .description('publish what an MCAP file holds, as it was recorded')
    .argument('<file>', 'an MCAP file, of record or of another tool')
    .option('--speed <x>', '2 is twice as fast, 0.5 half as fast, 0 as fast as possible', notNegative, 1)
    .option(
      '--start <time>',
      'from there on: seconds after the first message, or a time such as 2026-01-01T12:00:00Z',
      time,
    )
    .option('--end <time>', 'up to there: as --start', time)
    .option('--loop [n]', 'play the file n times, or without end', positiveInteger)
    .option('--count <n>', 'stop after so many samples', positiveInteger)
    .option('--duration <s>', 'stop after so many seconds', positive)
    .option('--key-prefix <key>', 'publish below this key')
    .option(
      '--rename <old=new>',
      'what a key starts with, in whole chunks, and what stands there instead; repeatable',
      renaming,
    )
    .option('--wait-matching', 'begin when every key has a subscriber');
  addReportOptions(addConnectionOptions(command)).addHelpText('after', HELP);
  return command.action((path: string, flags: Flags) => run(optionsOf(path, flags), flags));
}

function optionsOf(path: string, flags: Flags): ReplayOptions {
  const { speed, start, end, loop, count, duration, keyPrefix, rename, waitMatching } = flags;
  return {
    path,
    connection: flags,
    range: { start, end },
    renamings: rename ?? [],
    keyPrefix,
    speed,
    loops: loop === true ? Number.POSITIVE_INFINITY : (loop ?? 1),
    count: count ?? Number.POSITIVE_INFINITY,
    duration,
    waitMatching: waitMatching === true,
  };
}

function time(text: string): TimePoint {
  if (/^\d+(\.\d+)?$/.test(text)) return { relative: true, time: BigInt(Math.round(Number(text) * 1e9)) };
  const date = Date.parse(text);
  if (!/^\d{4}-/.test(text) || !(date >= 0)) {
    throw new InvalidArgumentError('It must be seconds, such as 12.5, or a time, such as 2026-01-01T12:00:00Z.');
  }
  return { relative: false, time: BigInt(date) * 1_000_000n };
}

function renaming(pair: string, earlier: readonly Renaming[] = []): readonly Renaming[] {
  const at = pair.indexOf('=');
  if (at < 1 || at === pair.length - 1) throw new InvalidArgumentError('It must be OLD=NEW, such as robot/1=robot/2.');
  return [...earlier, { from: pair.slice(0, at), to: pair.slice(at + 1) }];
}
