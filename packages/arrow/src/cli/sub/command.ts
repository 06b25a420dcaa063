// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command, Option } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from '../connection.js';
import { EXIT_HELP } from '../exit-code.js';
import { onlyKey } from '../key.js';
import { positive, positiveInteger } from '../number.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import { kindFrom, OUTPUTS, type OutputKind } from './output-kind.js';
import type { SubscribeOptions } from './subscribe.js';
import { KEY_COLUMN } from './with-key.js';

const HELP = `
table    the first rows of each batch
ndjson   one JSON object for each row
csv      a line of names and one for each row: no value is an empty cell, an empty text is ""
arrow    one Arrow IPC stream of all batches
parquet  one Parquet file of all batches, compressed with snappy
none     nothing: to measure

csv, arrow and parquet have one schema: a sample of another one ends sub (SCHEMA_CHANGED). In ndjson and csv, integers and
decimals have all their digits, dates, times and intervals are ISO 8601, durations are a number of their units, bytes are
base64; what is nested is JSON, in csv too. Parquet has no unit of seconds and no dates in milliseconds: these become
milliseconds and days. It can't hold unions, month-day-nano intervals, and some dictionaries (OUTPUT_TYPE). A row of more
than 128 Mi characters, and dictionaries whose values come to more than 8 GiB in a batch, end sub too (OUTPUT_LIMIT).

A file is complete when sub ends, by Ctrl-C too; none is left behind when nothing came. A slow reader of the output loses
nothing: it holds the publisher back, and what had come when Ctrl-C was pressed, SIGTERM came or --duration passed is
written first. After Ctrl-C or SIGTERM, what comes to more than 128 Mi characters is cut between two rows, and a reader
that takes nothing for a second is given up: GIVEN_UP tells what was not written, and a second signal does not wait for that
either. A reader that stands still for 5 s loses the connection, and samples with it (see pub --help): pub tells (STALLED),
and sub warns when a connection ends after its reader stood still for a second, or comes back (CONNECTION_LOST). Shared
memory is given back as soon as a sample is written.

--with-key puts the key of each row in front of it, which a wildcard makes worth knowing.
${EXIT_HELP}

Examples:
  zenoh-arrow sub -k flights
  zenoh-arrow sub -k 'sensors/**' --output ndjson | jq .temperature
  zenoh-arrow sub -k 'sensors/**' --with-key sensor --output csv
  zenoh-arrow sub -k flights --columns delay,distance --output csv | head
  zenoh-arrow sub -k flights --duration 60 -o flights.parquet
  zenoh-arrow sub -k flights --count 10 --output arrow > flights.arrows
  zenoh-arrow sub -k flights -l tcp/127.0.0.1:7447 --output none --json
`;

interface Flags extends ConnectionOptions, ReportOptions {
  readonly key: string;
  readonly output?: OutputKind;
  readonly file?: string;
  readonly force?: true;
  readonly columns?: readonly string[];
  readonly withKey?: string | true;
  readonly count?: number;
  readonly duration?: number;
  readonly head?: number;
}

/** The verb `sub`; `run` gets its arguments. */
export function subCommand(run: (options: SubscribeOptions, report: ReportOptions) => Promise<void>): Command {
  const command = new Command('sub')
    .description('receive Arrow data and show or store it')
    .requiredOption('-k, --key <key>', 'the key expression to subscribe to; wildcards * and **', onlyKey)
    .addOption(
      new Option('--output <kind>', "what is written (by the file's extension; table on a terminal, otherwise ndjson)")
        .choices(OUTPUTS)
        .argParser(kindFrom),
    )
    .option(
      '-o, --file <path>',
      'write to a file: .csv, .ndjson, .jsonl, .json, .arrows, .parquet, .pq, .txt (a table); others need --output',
    )
    .option('--force', 'overwrite a file that is there')
    .option('--columns <names>', 'write these columns only, in this order; a,b or repeated', names)
    .option(
      '--with-key [name]',
      `ndjson and csv: a first column with the key, called ${KEY_COLUMN} unless a name is given`,
    )
    .option('--count <n>', 'stop after so many samples', positiveInteger)
    .option('--duration <s>', 'stop after so many seconds', positive)
    .option('--head <n>', 'write so many rows of each batch at most (table: 10 unless given)', positiveInteger);
  addReportOptions(addConnectionOptions(command)).addHelpText('after', HELP);
  return command.action((flags: Flags) => run(optionsOf(flags), flags));
}

function optionsOf(flags: Flags): SubscribeOptions {
  const { key, output, file, force, columns, withKey, count, duration, head } = flags;
  return {
    key,
    connection: flags,
    output: { kind: output, path: file, force: force === true },
    columns,
    withKey: withKey === true ? KEY_COLUMN : withKey,
    count: count ?? Number.POSITIVE_INFINITY,
    duration,
    head,
  };
}

function names(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, ...text.split(',')];
}
