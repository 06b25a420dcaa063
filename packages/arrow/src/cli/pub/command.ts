// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command, Option } from 'commander';
import type { CompressionName } from '../../compression/codec.js';
import { COLUMN_TYPES, type ColumnType } from '../columns/column-type.js';
import { addConnectionOptions, type ConnectionOptions } from '../connection.js';
import { EXIT_HELP } from '../exit-code.js';
import { FORMATS, type Format } from '../input/format.js';
import { onlyKey } from '../key.js';
import { notNegative, positive, positiveInteger, positiveIntegerTo } from '../number.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import { character, columnNames, columnTypes, MODES, type Modes, modesOf, rateOf } from './flags.js';
import type { Rate } from './pace.js';
import type { PublishOptions } from './publish.js';
import { TIME_UNITS, type TimeUnit } from './time-column.js';

const DEFAULT_POOL_MIB = 64;
/** In bytes it must be a number that is exact. */
const MOST_POOL_MIB = 2 ** 32;

const HELP = `
Formats are found out by content, then by name (.arrow .arrows .feather .ipc .parquet .pq .csv .tsv .ndjson .jsonl .json);
--format decides for every input. Each batch is one zenoh message: with --mode self-contained an Arrow IPC stream that
stands for itself, encoding application/vnd.apache.arrow.stream; with schema-ref a bare batch, whose schema and
dictionaries receivers fetch once from here, as long as this runs.

Batches: Arrow data are sent in the batches they have, or cut at --batch-rows; everything else in batches of 10000 rows,
Parquet never across row groups, text never above 32 MiB.

Types: those of CSV and NDJSON are decided by the first 10000 rows of a file, or the first batch from a pipe: int64, uint64,
float64, bool or utf8, in NDJSON also lists and structs. A later value that does not fit is an error that names row or line
and column, and so is an integer that a float would round: --schema gives the type then. Types are
${COLUMN_TYPES.join(', ')};
date is 2024-12-31, timestamp 2024-12-31T23:59:59.999999Z, in UTC without an offset. Empty CSV values are null. Texts are
UTF-8; anything binary is refused.

Parquet is read from its end: what a pipe brings is kept in a file of the temporary folder, 4 GiB at most, that is gone
with this process. A row group is in memory at a time, and may take 1 GiB.

Pace: --rate is batches a second, or rows (5000rows). --time-column sends each batch when the time of its first row has
come, counted from the first batch; plain numbers are seconds, unless only milli-, micro- or nanoseconds make the first one
a time between 1980 and 2100 (a warning, TIME_UNIT, tells). --speed times as fast; 0 is as fast as possible. Both together:
the later one.

Copies: a batch of an Arrow file or stream on disk is read by the system straight to where it is sent from; CSV and NDJSON
values are written there once. Bytes from a pipe of Arrow data, values of Parquet, and text that goes into shared memory,
are copied once and counted. Compressed Arrow data go out as they are, but with --shm they are decompressed into it, where
subscribers read in place. The summary tells.

Nothing waits for subscribers, unless --wait-matching does. Messages are sent with congestion control BLOCK, because zenoh's default
drops large messages when a subscriber is slow. A subscriber that stands still for 5 s loses its connection, and with it what
is sent until it connects again: a message held up that long gives a warning (STALLED), is counted as lost, as are those that
zenoh says it dropped, and makes the exit code 1. What is sent while the subscriber is away is not counted.
--cfg transport/link/tx/queue/congestion_control/block/wait_before_close:60000000 makes that 60 s.
The end of pub waits until all was handed over; a Ctrl-C waits a second for it and then gives up what is held up (GIVEN_UP).
${EXIT_HELP}

Examples:
  zenoh-arrow pub -k flights flights.arrow
  zenoh-arrow pub -k flights --shm 128 --loop --rate 10 flights.arrow
  zenoh-arrow pub -k flights --columns delay,distance --batch-rows 1000 flights.parquet
  zenoh-arrow pub -k birds --schema zip:utf8,seen:date january.csv february.csv
  zenoh-arrow pub -k log --time-column time --speed 10 --batch-rows 1 --wait-matching log.ndjson
  cat flights.arrows | zenoh-arrow pub -k flights -e tcp/192.168.1.2:7447
`;

interface Flags extends Omit<ConnectionOptions, 'mode'>, ReportOptions {
  readonly mode?: Modes;
  readonly key: string;
  readonly format?: Format;
  readonly columns?: readonly string[];
  readonly batchRows?: number;
  readonly schema?: ReadonlyMap<string, ColumnType>;
  readonly delimiter?: string;
  readonly header: boolean;
  readonly rate?: Rate;
  readonly timeColumn?: string;
  readonly speed?: number;
  readonly timeUnit?: TimeUnit;
  readonly loop?: number | true;
  readonly count?: number;
  readonly duration?: number;
  readonly waitMatching?: boolean;
  readonly shm?: number | true;
  readonly compress?: CompressionName;
  readonly attach?: string;
}

/** The verb `pub`; `run` gets its arguments. */
export function pubCommand(run: (options: PublishOptions, report: ReportOptions) => Promise<void>): Command {
  const command = new Command('pub')
    .description('publish Arrow IPC files or streams, Parquet, CSV or NDJSON')
    .argument(
      '[inputs...]',
      'files, one after the other, or - for standard input, which is used too when it is no terminal',
    )
    .requiredOption('-k, --key <key>', 'the key to publish on; no wildcards', onlyKey)
    .addOption(new Option('--format <format>', 'what the inputs are').choices(FORMATS))
    .option('--columns <a,b>', 'these columns only, in this order; repeatable', columnNames)
    .option('--batch-rows <n>', 'rows of a batch (10000 unless given; Arrow data keep their batches)', positiveInteger)
    .option('--schema <name:type,...>', 'CSV and NDJSON: types of columns; repeatable', columnTypes)
    .option('--delimiter <char>', 'CSV: what separates values (a comma unless given, a tab for .tsv)', character)
    .option('--no-header', 'CSV: the first line is data; columns are column_1 and so on')
    .option('--rate <n>', 'batches a second, or rows: 5000rows', rateOf)
    .option('--time-column <name>', 'a column of times that decide the pace')
    .option('--speed <x>', 'with --time-column: so many times as fast, 0 without waiting (1 unless given)', notNegative)
    .addOption(
      new Option(
        '--time-unit <unit>',
        'of a --time-column of plain numbers (s, unless they are times of these days in another unit)',
      ).choices(Object.keys(TIME_UNITS)),
    )
    .option('--loop [n]', 'publish the inputs n times, or without end', positiveInteger)
    .option('--count <n>', 'stop after so many batches', positiveInteger)
    .option(
      '--duration <s>',
      'stop after so many seconds, counted from the start, or from the first subscriber with --wait-matching',
      positive,
    )
    .option('--wait-matching', 'start when there is a subscriber')
    .option(
      '--shm [MiB]',
      `send through a pool of shared memory (${DEFAULT_POOL_MIB} MiB unless given)`,
      positiveIntegerTo(MOST_POOL_MIB),
    )
    .addOption(
      new Option('--compress <codec>', 'compress the values of each message; not with --shm')
        .choices(['lz4', 'zstd'])
        .conflicts('shm'),
    )
    .option('--attach <text>', 'goes with every message as its attachment');
  addReportOptions(addConnectionOptions(command)).addHelpText('after', HELP);
  const mode = command.options.find(({ long }) => long === '--mode') as Option;
  mode.choices(MODES).argParser(modesOf).description =
    'peer, client or router: of the session; self-contained (unless given) or schema-ref: of the messages; repeatable';
  return command.action((paths: string[], flags: Flags) => run(optionsOf(paths, flags), flags));
}

function optionsOf(paths: readonly string[], flags: Flags): PublishOptions {
  const { key, format, columns, batchRows, schema: types, delimiter, header, rate, loop, count, shm } = flags;
  const {
    timeColumn,
    speed,
    timeUnit,
    duration,
    waitMatching = false,
    attach: attachment,
    compress: compression,
    mode = {},
  } = flags;
  const { table = 'self-contained', session } = mode;
  const { mode: _, ...others } = flags;
  return {
    key,
    feed: {
      paths,
      format,
      text: { columns, batchRows, types, delimiter, header },
      loops: loop === true ? Number.POSITIVE_INFINITY : (loop ?? 1),
      compression,
    },
    outlet: { mode: table, compression, attachment },
    connection: { ...others, ...(session !== undefined && { mode: session }) },
    rate,
    replay: { column: timeColumn, unit: timeUnit, speed },
    count: count ?? Number.POSITIVE_INFINITY,
    duration: (duration ?? Number.POSITIVE_INFINITY) * 1000,
    waitMatching,
    shm: shm === undefined ? undefined : (shm === true ? DEFAULT_POOL_MIB : shm) * 2 ** 20,
  };
}
