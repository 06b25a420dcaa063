// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Command, Option } from 'commander';
import { addConnectionOptions, type ConnectionOptions, collect } from '../connection.js';
import { EXIT_HELP } from '../exit-code.js';
import { COMPRESSIONS, type Compression } from '../mcap/compression.js';
import { byteCount, positive, positiveInteger } from '../number.js';
import { addReportOptions, type ReportOptions } from '../reporter.js';
import type { RecordOptions } from './record.js';

const HELP = `
Every sample is recorded, Arrow or not, deletions too. The file is MCAP (mcap.dev): a channel for each key (one more when
its encoding or priority changes), whose metadata has the encoding; the log time is when the sample was taken here, the
publish time its zenoh timestamp, where it has one. Attachments are messages of a channel KEY#attachment, each just before
its sample and with the same times and sequence number. zenoh-arrow replay plays all of it back.

What bare batches (pub --mode schema-ref) need to be opened is got from their publisher, once for each key, and recorded as
messages of a channel KEY#head. What nobody gives is a warning (ARROW_NO_HEAD) and counted in the summary as headsMissing.

Nothing is lost here: a slow disk holds the publishers back. Chunks are written when they are 1 MiB large, and once a
second: a process that is killed leaves a file without its index, which replay (and mcap recover) reads up to there.
An MCAP file has at most 65,536 channels: samples that need another one are counted (TOO_MANY_KEYS, unrecorded in the
summary, exit code 1), and recording goes on with those that have one. A disk that is full ends the recording with an error (OUTPUT); what fitted is in the file. Ctrl-C completes the file.
${EXIT_HELP}

Examples:
  zenoh-arrow record -k 'sensors/**' run.mcap
  zenoh-arrow record -k '**' --compression zstd --duration 60 minute.mcap
  zenoh-arrow record -k camera/front -k lidar --max-bytes 2G --force front.mcap
`;

interface Flags extends ConnectionOptions, ReportOptions {
  readonly key: string[];
  readonly compression: Compression;
  readonly count?: number;
  readonly duration?: number;
  readonly maxBytes?: number;
  readonly force?: true;
}

/** The verb `record`; `run` gets its arguments. */
export function recordCommand(run: (options: RecordOptions, report: ReportOptions) => Promise<void>): Command {
  const command = new Command('record')
    .description('record every sample of a key expression to an MCAP file')
    .argument('<file>', 'the file to write, such as run.mcap')
    .requiredOption('-k, --key <key>', 'the key expression to subscribe to; wildcards * and **; repeatable', collect)
    .addOption(new Option('--compression <kind>', 'of chunks').choices(COMPRESSIONS).default('none'))
    .option('--count <n>', 'stop after so many samples', positiveInteger)
    .option('--duration <s>', 'stop after so many seconds', positive)
    .option('--max-bytes <n>', 'stop when the file has about so many bytes; 500k, 20M, 2G', byteCount)
    .option('--force', 'overwrite a file that is there');
  addReportOptions(addConnectionOptions(command)).addHelpText('after', HELP);
  return command.action((path: string, flags: Flags) => run(optionsOf(path, flags), flags));
}

function optionsOf(path: string, flags: Flags): RecordOptions {
  const { key: keys, compression, count, duration, maxBytes, force } = flags;
  return {
    keys,
    path,
    force: force === true,
    connection: flags,
    compression,
    count: count ?? Number.POSITIVE_INFINITY,
    duration,
    maxBytes: maxBytes ?? Number.POSITIVE_INFINITY,
  };
}
