// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command, InvalidArgumentError, Option } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from '../connection.js';
import { CSV_TYPES, type CsvType } from '../csv/index.js';
import { EXIT_HELP } from '../exit-code.js';
import { positive, positiveInteger } from '../number.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import type { Format } from './format.js';
import { FORMATS } from './format.js';
import type { PublishOptions } from './publish.js';

const DEFAULT_POOL_MIB = 64;

const HELP = `
The format is found out by content and name. Each batch is one zenoh message, an Arrow IPC stream that stands for itself,
with encoding application/vnd.apache.arrow.stream. Arrow data is sent in the batches it has.

Copies: a batch of an Arrow file or stream on disk is read by the system straight to where it is sent from. Bytes from a pipe,
and CSV values that go into shared memory, are copied once and counted. The summary tells.

Nothing waits for subscribers: start them first. Messages are sent with congestion control BLOCK, because zenoh's default
drops large messages when a subscriber is slow. A subscriber that stands still for 5 s loses its connection, and with it what
is sent until it connects again: zenoh does not tell, so a message held up that long gives a warning;
--cfg transport/link/tx/queue/congestion_control/block/wait_before_close:60000000 makes that 60 s.
While a message is held up that way, Ctrl-C waits too. The end of pub waits until all was handed over.
${EXIT_HELP}

Examples:
  zenoh-arrow pub -k flights flights.arrow
  zenoh-arrow pub -k flights --shm 128 --loop --rate 10 flights.arrow
  zenoh-arrow pub -k birds --batch-rows 1000 --type zip=utf8 birds.csv
  cat flights.arrows | zenoh-arrow pub -k flights -e tcp/192.168.1.2:7447
`;

interface Flags extends ConnectionOptions, ReportOptions {
  readonly key: string;
  readonly format?: Format;
  readonly batchRows?: number;
  readonly delimiter?: string;
  readonly header: boolean;
  readonly type?: ReadonlyMap<string, CsvType>;
  readonly rate?: number;
  readonly loop?: number | true;
  readonly count?: number;
  readonly shm?: number | true;
}

/** The verb `pub`; `run` gets its arguments. */
export function pubCommand(run: (options: PublishOptions, report: ReportOptions) => Promise<void>): Command {
  const command = new Command('pub')
    .description('publish an Arrow IPC file or stream, or CSV')
    .argument('[input]', 'a file, or - for standard input, which is used too when it is no terminal')
    .requiredOption('-k, --key <key>', 'the key to publish on')
    .addOption(new Option('--format <format>', 'what the input is').choices(FORMATS))
    .option('--batch-rows <n>', 'CSV: rows of a batch (10000 unless given)', positiveInteger)
    .option('--delimiter <char>', 'CSV: what separates values (a comma unless given)', character)
    .option('--no-header', 'CSV: the first line is data; columns are column_1 and so on')
    .option('--type <column=type>', `CSV: a column's type, ${CSV_TYPES.join(', ')}; repeatable`, columnType)
    .option('--rate <n>', 'batches a second', positive)
    .option('--loop [n]', 'publish the input n times, or without end', positiveInteger)
    .option('--count <n>', 'stop after so many batches', positiveInteger)
    .option(
      '--shm [MiB]',
      `send through a pool of shared memory (${DEFAULT_POOL_MIB} MiB unless given)`,
      positiveInteger,
    );
  addReportOptions(addConnectionOptions(command)).addHelpText('after', HELP);
  return command.action((path: string | undefined, flags: Flags) => run(optionsOf(path, flags), flags));
}

function optionsOf(path: string | undefined, flags: Flags): PublishOptions {
  const { key, format, batchRows, delimiter, header, type, rate, loop, count, shm } = flags;
  return {
    key,
    input: { path, format, csv: { batchRows, delimiter, header, types: type } },
    connection: flags,
    rate,
    loops: loop === true ? Number.POSITIVE_INFINITY : (loop ?? 1),
    count: count ?? Number.POSITIVE_INFINITY,
    shm: shm === undefined ? undefined : (shm === true ? DEFAULT_POOL_MIB : shm) * 2 ** 20,
  };
}

function character(text: string): string {
  if (text.length !== 1) throw new InvalidArgumentError('It must be one character.');
  return text;
}

function columnType(pair: string, earlier: ReadonlyMap<string, CsvType> = new Map()): ReadonlyMap<string, CsvType> {
  const at = pair.lastIndexOf('=');
  const type = CSV_TYPES.find((known) => known === pair.slice(at + 1));
  if (at < 0 || type === undefined) {
    throw new InvalidArgumentError(`It must be COLUMN=TYPE, with a type out of ${CSV_TYPES.join(', ')}.`);
  }
  return new Map([...earlier, [pair.slice(0, at), type]]);
}
