// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command, InvalidArgumentError, Option } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from '../connection.js';
import { EXIT_HELP } from '../exit-code.js';
import { onlyKey } from '../key.js';
import { positive, positiveInteger, positiveIntegerTo } from '../number.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import type { BenchOptions } from './bench.js';
import type { RespondOptions } from './respond.js';

const DEFAULT_SIZES = [4096, 2 ** 20, 2 ** 24];
const DEFAULT_SECONDS = 2;
const DEFAULT_KEY = 'zenoh-arrow/bench';
const LARGEST = 2 ** 30;
/** A row has somewhat more than 32 bytes. */
const MOST_ROWS = LARGEST / 32 - 2 ** 20;

const HELP = `
One process publishes generated tables (time: int64, id: int32, value: double, name: string), another one, started by
this one, receives and opens them. Of each size, first the time from handing a table over until 8 bytes came back from the
receiver who opened it, one table after the other; then how many rows and bytes a second arrive when tables follow one
another without pause, 64 MiB of them under way at most (from 4 to 1024 tables), for the receiver acknowledges them.

A table is made once and sent again and again: making it is not measured, and with --shm no byte of it moves, for it goes
by descriptor; --read makes the receiver sum the column 'value', so that those bytes are read. Nothing is dropped on the
way; what is lost with a connection is told.

Without -e, -c or --remote the two meet on the loopback interface and nobody else is found. With -e or -c both connect
there. With --remote no process is started: run 'zenoh-arrow bench --respond' on the other machine first. With --respond,
which tables are received is up to the other side, and nothing else is to be given but -k and connection flags.
${EXIT_HELP}

Examples:
  zenoh-arrow bench
  zenoh-arrow bench --shm --size 1MiB,16MiB --duration 5
  zenoh-arrow bench --rows 1000,100000 --csv > bench.csv
  zenoh-arrow bench -e tcp/192.168.1.2:7447 --json
  zenoh-arrow bench --respond -l tcp/192.168.1.2:7447
  zenoh-arrow bench --remote -e tcp/192.168.1.2:7447
`;

interface Flags extends ConnectionOptions, ReportOptions {
  readonly key?: string;
  readonly size?: number[];
  readonly rows?: number[];
  readonly shm?: boolean;
  readonly read?: boolean;
  readonly count?: number;
  readonly duration: number;
  readonly csv?: boolean;
  readonly remote?: boolean;
  readonly respond?: boolean;
  readonly untilInputEnds?: boolean;
}

/** The verb `bench`; `run` gets its arguments. */
export function benchCommand(
  run: (options: BenchOptions | RespondOptions, report: ReportOptions) => Promise<void>,
): Command {
  const command = new Command('bench')
    .description('measure throughput and latency of tables between two processes')
    .addOption(
      new Option('--size <sizes>', 'bytes of a table, such as 4KiB,1MiB; several after commas (4KiB,1MiB,16MiB)')
        .argParser(sizes)
        .conflicts('rows'),
    )
    .option('--rows <n>', 'rows of a table instead; several after commas', listOf(positiveIntegerTo(MOST_ROWS)))
    .option('--shm', 'send through shared memory')
    .option('--read', 'the receiver sums a column')
    .option('--count <n>', 'tables of each size, and at most as many round trips, instead of a time', positiveInteger)
    .option(
      '--duration <s>',
      'seconds for the tables of each size, and at most as many for round trips',
      positive,
      DEFAULT_SECONDS,
    )
    .addOption(new Option('--csv', 'write CSV').conflicts('json'))
    .option(
      '-k, --key <key>',
      `what the keys start with (${DEFAULT_KEY} between machines, otherwise of its own)`,
      onlyKey,
    )
    .addOption(new Option('--remote', 'measure against --respond elsewhere').conflicts('respond'))
    .option('--respond', 'be the receiver, until Ctrl-C')
    .addOption(new Option('--until-input-ends', 'for the process that bench starts').hideHelp());
  addReportOptions(addConnectionOptions(command)).addHelpText('after', HELP);
  return command.action((flags: Flags) => run(optionsOf(flags), flags));
}

function optionsOf(flags: Flags): BenchOptions | RespondOptions {
  const {
    remote = false,
    respond = false,
    json = false,
    csv = false,
    count,
    duration,
    shm = false,
    read = false,
  } = flags;
  const shared = remote || respond;
  const key = flags.key ?? (shared ? DEFAULT_KEY : `${DEFAULT_KEY}/${process.pid}`);
  if (respond) return { respond, key, connection: flags, untilInputEnds: flags.untilInputEnds === true };
  const tables =
    flags.rows === undefined
      ? (flags.size ?? DEFAULT_SIZES).map((bytes) => ({ bytes }))
      : flags.rows.map((rows) => ({ rows }));
  const output = json ? 'json' : csv ? 'csv' : 'text';
  return { respond, key, connection: flags, tables, shm, read, count, duration: duration * 1000, output, remote };
}

function listOf<T>(parse: (text: string) => T): (text: string) => T[] {
  return (text) => text.split(',').map((part) => parse(part.trim()));
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

const sizes = listOf((text) => {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const bytes = Math.round(Number(amount) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (amount !== '' && bytes >= 1 && bytes <= LARGEST) return bytes;
  throw new InvalidArgumentError('It must be a size such as 4096, 4KiB or 1MB, up to 1GiB, or several after commas.');
});
