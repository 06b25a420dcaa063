// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from '../connection.js';
import { EXIT_HELP } from '../exit-code.js';
import { addKeyOption, keyFrom } from '../key.js';
import { positive } from '../number.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import type { InfoOptions } from './info.js';

const DEFAULT_SECONDS = 2;

const HELP = `
Listens, and tells of each key: samples, rows and bytes a second, the share that came by shared memory, encodings, the
schemas with a fingerprint (two publishers that differ on one key show as two), publishers that give their samples a source
id, sequence numbers that are missing, and samples that are no Arrow data. Then the nodes this one is connected to, and the
publishers that announce themselves on these keys.

It holds nobody back: samples that come faster than they can be looked at are counted and left out. Of more than 1,000 keys,
the first 1,000 are told apart. With --json, one object for each key, then one for the network.
${EXIT_HELP}

Examples:
  zenoh-arrow info '**'
  zenoh-arrow info 'sensors/*' --duration 10 -e tcp/192.168.1.2:7447
  zenoh-arrow info flights --follow
  zenoh-arrow info 'sensors/**' --json | jq 'select(.event == "key") | [.key, .rowsPerSecond]'
`;

interface Flags extends ConnectionOptions, ReportOptions {
  readonly key?: string;
  readonly duration?: number;
  readonly follow?: boolean;
}

/** The verb `info`; `run` gets its arguments. */
export function infoCommand(run: (options: InfoOptions, report: ReportOptions) => Promise<void>): Command {
  const command = new Command('info')
    .description('what is published on a key expression: schemas, rates, publishers')
    .argument('[keyexpr]', 'the key expression; wildcards * and **')
    .option('--duration <s>', `listen so many seconds (${DEFAULT_SECONDS} unless given)`, positive)
    .option('--follow', 'listen until Ctrl-C, and tell again every second');
  addReportOptions(addConnectionOptions(addKeyOption(command))).addHelpText('after', HELP);
  return command.action((keyexpr: string | undefined, flags: Flags) => {
    const { follow = false, json = false } = flags;
    const duration = (flags.duration ?? (follow ? Number.POSITIVE_INFINITY : DEFAULT_SECONDS)) * 1000;
    return run({ key: keyFrom(keyexpr, flags.key, command), connection: flags, duration, follow, json }, flags);
  });
}
