// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command, Option } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from '../connection.js';
import { EXIT_HELP } from '../exit-code.js';
import { FORMATS, type Format } from '../input/format.js';
import { addKeyOption, keyFrom } from '../key.js';
import { positive } from '../number.js';
import { character } from '../pub/flags.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import type { SchemaOptions } from './print.js';

const HELP = `
Of a key expression, the schema of the first Arrow data that comes; others are waited for. A name that is a file's, or - for
standard input, is read as pub reads it: Arrow, Parquet, CSV, NDJSON, with the types that pub would send; those of text are
decided by its first 10000 rows. -k says that a key is meant.

One line for each column: name, type as Arrow writes it, and 'not null' where that is promised. With --json, one object:
event (schema), columns (name, type, nullable, metadata), metadata, fingerprint, and the key.
${EXIT_HELP}

Examples:
  zenoh-arrow schema flights.arrow
  zenoh-arrow schema --delimiter ';' measurements.csv
  zenoh-arrow schema 'sensors/**' --duration 10
  zenoh-arrow schema -k flights -e tcp/192.168.1.2:7447 --json | jq -r '.columns[].name'
`;

interface Flags extends ConnectionOptions, ReportOptions {
  readonly key?: string;
  readonly duration?: number;
  readonly format?: Format;
  readonly delimiter?: string;
  readonly header: boolean;
}

/** The verb `schema`; `run` gets its arguments. */
export function schemaCommand(run: (options: SchemaOptions, report: ReportOptions) => Promise<void>): Command {
  const command = new Command('schema')
    .description('print the schema of a key, or of a file that pub can publish')
    .argument('[key-or-file]', 'a key expression, a file, or - for standard input')
    .addOption(new Option('--format <format>', 'what the file is').choices(FORMATS))
    .option('--delimiter <char>', 'CSV: what separates values (a comma unless given, a tab for .tsv)', character)
    .option('--no-header', 'CSV: the first line is data; columns are column_1 and so on')
    .option('--duration <s>', 'wait so many seconds for data (without end unless given)', positive);
  addReportOptions(addConnectionOptions(addKeyOption(command))).addHelpText('after', HELP);
  return command.action((target: string | undefined, flags: Flags) => {
    const { key, duration = Number.POSITIVE_INFINITY, json = false } = flags;
    const input = { format: flags.format, text: { delimiter: flags.delimiter, header: flags.header } };
    const options = { name: keyFrom(target, key, command), isKey: key !== undefined, input };
    return run({ ...options, connection: flags, duration: duration * 1000, json }, flags);
  });
}
