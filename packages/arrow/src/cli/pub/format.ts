// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { extname } from 'node:path';
import { FILE_MAGIC } from '../../wire.js';

export const FORMATS = ['arrow-file', 'arrow-stream', 'csv'] as const;

export type Format = (typeof FORMATS)[number];

const STREAM_START = Uint8Array.of(0xff, 0xff, 0xff, 0xff);

/** The most bytes that {@link formatOf} looks at. */
export const HEAD_BYTES = FILE_MAGIC.byteLength;

/** Whether more bytes could change what {@link formatOf} says: a pipe may give a few only, and nothing for long. */
export function isUndecided(head: Uint8Array): boolean {
  return [FILE_MAGIC, STREAM_START].some((start) => head.byteLength < start.byteLength && startsWith(start, head));
}

const ARROW_EXTENSIONS = ['.arrow', '.arrows', '.feather', '.ipc'];

/**
 * What an input is: by its content when that tells, otherwise by its name, otherwise CSV.
 *
 * A name that says Arrow and a content that does not is a broken file, which the stream reader explains.
 */
export function formatOf(head: Uint8Array, path: string | undefined): Format {
  if (startsWith(head, FILE_MAGIC)) return 'arrow-file';
  if (startsWith(head, STREAM_START)) return 'arrow-stream';
  return ARROW_EXTENSIONS.includes(extname(path ?? '').toLowerCase()) ? 'arrow-stream' : 'csv';
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}
