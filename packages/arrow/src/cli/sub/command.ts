// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command, Option } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from '../connection.js';
import { EXIT_HELP } from '../exit-code.js';
import { positiveInteger } from '../number.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import { OUTPUTS, type OutputKind } from './output.js';
import type { SubscribeOptions } from './subscribe.js';

const HELP = `
table   the first rows of each batch
ndjson  one JSON object for each row
arrow   one Arrow IPC stream of all batches, which must have one schema; for a file or a pipe
none    nothing: to measure

Nothing is lost here: a slow reader of the output holds the publisher back. (One that stands still for 5 s loses the
connection, see pub --help.) Shared memory is given back as soon as a sample is written.
${EXIT_HELP}

Examples:
  zenoh-arrow sub -k flights
  zenoh-arrow sub -k 'sensors/**' --output ndjson | jq .temperature
  zenoh-arrow sub -k flights --count 10 --output arrow > flights.arrows
  zenoh-arrow sub -k flights -l tcp/127.0.0.1:7447 --output none --json
`;

interface Flags extends ConnectionOptions, ReportOptions {
  readonly key: string;
  readonly output?: OutputKind;
  readonly count?: number;
  readonly head?: number;
}

/** The verb `sub`; `run` gets its arguments. */
export function subCommand(run: (options: SubscribeOptions, report: ReportOptions) => Promise<void>): Command {
  const command = new Command('sub')
    .description('receive Arrow data and show or store it')
    .requiredOption('-k, --key <key>', 'the key expression to subscribe to; wildcards * and **')
    .addOption(
      new Option(
        '--output <kind>',
        'what is written to standard output (table on a terminal, otherwise ndjson)',
      ).choices(OUTPUTS),
    )
    .option('--count <n>', 'stop after so many samples', positiveInteger)
    .option('--head <n>', 'write so many rows of each batch at most (table: 10 unless given)', positiveInteger);
  addReportOptions(addConnectionOptions(command)).addHelpText('after', HELP);
  return command.action((flags: Flags) => run(optionsOf(flags), flags));
}

function optionsOf(flags: Flags): SubscribeOptions {
  const { key, output, count, head } = flags;
  return { key, connection: flags, output, count: count ?? Number.POSITIVE_INFINITY, head };
}
