// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from '../connection.js';
import { EXIT_HELP } from '../exit-code.js';
import { addKeyOption, keyFrom } from '../key.js';
import { positive, positiveInteger } from '../number.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import type { HzOptions } from './hz.js';

const DEFAULT_WINDOW_SECONDS = 10;

const HELP = `
Every second, for each key: samples a second over the last --window seconds; the time between two samples as its least,
greatest and mean value, standard deviation and percentiles 50, 95 and 99 (of the last 4,096 in the window), as this process
sees them; bytes a second; the share by shared memory; sequence numbers that are missing, for publishers that number their
samples. Payloads may be anything: they are not looked into.

On a terminal the lines stay in place, as wide as it is; elsewhere they are never broken. With --json, one object for each key and second. It holds nobody back: samples that
come faster than they can be counted are told at the end. Of more than 1,000 keys, the first 1,000 are told apart.
${EXIT_HELP}

Examples:
  zenoh-arrow hz flights
  zenoh-arrow hz 'camera/*' --window 60
  zenoh-arrow hz 'sensors/**' --duration 5 --json -e tcp/192.168.1.2:7447
`;

interface Flags extends ConnectionOptions, ReportOptions {
  readonly key?: string;
  readonly duration?: number;
  readonly window?: number;
}

/** The verb `hz`; `run` gets its arguments. */
export function hzCommand(run: (options: HzOptions, report: ReportOptions) => Promise<void>): Command {
  const command = new Command('hz')
    .description('how often samples come on a key expression')
    .argument('[keyexpr]', 'the key expression; wildcards * and **')
    .option(
      '--window <s>',
      `seconds that rates are taken over (${DEFAULT_WINDOW_SECONDS} unless given)`,
      positiveInteger,
    )
    .option('--duration <s>', 'end after so many seconds (without end unless given)', positive);
  addReportOptions(addConnectionOptions(addKeyOption(command))).addHelpText('after', HELP);
  return command.action((keyexpr: string | undefined, flags: Flags) => {
    const { duration = Number.POSITIVE_INFINITY, window = DEFAULT_WINDOW_SECONDS, json = false } = flags;
    const key = keyFrom(keyexpr, flags.key, command);
    return run({ key, connection: flags, duration: duration * 1000, window: window * 1000, json }, flags);
  });
}
