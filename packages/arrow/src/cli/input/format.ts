// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { extname } from 'node:path';
import { FILE_MAGIC } from '../../wire.js';
import { CliError } from '../cli-error.js';

export const FORMATS = ['arrow-file', 'arrow-stream', 'parquet', 'csv', 'ndjson'] as const;

export type Format = (typeof FORMATS)[number];

/** The most bytes that {@link formatOf} looks at. */
export const HEAD_BYTES = 16;

const STREAM_START = Uint8Array.of(0xff, 0xff, 0xff, 0xff);

const BY_START: readonly (readonly [Uint8Array, Format])[] = [
  [FILE_MAGIC, 'arrow-file'],
  [STREAM_START, 'arrow-stream'],
  [Buffer.from('PAR1'), 'parquet'],
];

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  '.arrow': 'arrow-stream',
  '.arrows': 'arrow-stream',
  '.feather': 'arrow-stream',
  '.ipc': 'arrow-stream',
  '.parquet': 'parquet',
  '.pq': 'parquet',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'ndjson',
};

/** Whether a name's ending is that of an input. */
export function isNamedAsInput(name: string): boolean {
  return BY_EXTENSION[extname(name).toLowerCase()] !== undefined;
}

/** What is often given by mistake, and what to do about it. */
const OTHERS: readonly (readonly [string, string])[] = [
  ['89504e470d0a1a0a', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['47494638', 'a GIF image'],
  ['25504446', 'a PDF document'],
  ['504b0304', 'a zip archive or an office document: unpack it, or save the sheet as CSV'],
  ['1f8b', 'compressed with gzip: pipe it in with gzip -dc'],
  ['28b52ffd', 'compressed with zstd: pipe it in with zstd -dc'],
  ['425a6839314159265359', 'compressed with bzip2: pipe it in with bzip2 -dc'],
  ['fd377a585a00', 'compressed with xz: pipe it in with xz -dc'],
  ['04224d18', 'compressed with lz4: pipe it in with lz4 -dc'],
  ['894d434150300d0a', 'an MCAP recording: zenoh-arrow replay publishes it'],
  ['53514c69746520666f726d6174203300', 'an SQLite database'],
  ['4f626a01', 'an Avro file'],
  ['fffe', 'text in UTF-16: convert it to UTF-8'],
  ['feff', 'text in UTF-16: convert it to UTF-8'],
];

/** Whether more bytes could change what {@link formatOf} says: a pipe may give a few only, and nothing for long. */
export function isUndecided(head: Uint8Array): boolean {
  if (head.byteLength >= HEAD_BYTES) return false;
  const starts = [...BY_START.map(([start]) => start), ...OTHERS.map(([hex]) => Buffer.from(hex, 'hex'))];
  if (starts.some((start) => head.byteLength < start.byteLength && startsWith(start, head))) return true;
  return textStart(head) === undefined;
}

/**
 * What an input is: by its content when that tells, otherwise by its name, otherwise CSV.
 *
 * A name that says Arrow or Parquet and a content that does not is a broken file, which its reader explains.
 *
 * @throws {CliError} `INPUT` for content that is known to be something else.
 */
export function formatOf(head: Uint8Array, path: string | undefined): Format {
  const start = BY_START.find(([bytes]) => startsWith(head, bytes));
  if (start !== undefined) return start[1];
  const named = BY_EXTENSION[extname(path ?? '').toLowerCase()];
  const binary = named === 'arrow-stream' || named === 'parquet';
  const other = OTHERS.find(([hex]) => startsWith(head, Buffer.from(hex, 'hex')));
  if (other !== undefined && !binary) throw new CliError('INPUT', `${path ?? 'standard input'} is ${other[1]}`);
  return named ?? (textStart(head) === '{' ? 'ndjson' : 'csv');
}

/** The first character that is no white space and no byte order mark; undefined when there is none yet. */
function textStart(head: Uint8Array): string | undefined {
  return /[^\s\ufeff]/.exec(Buffer.from(head).toString('utf8'))?.[0];
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}
