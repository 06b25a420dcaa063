// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../cli-error.js';

/** What a pipe may bring that has to be kept: 4 GiB. */
export const SPOOL_BYTES = 4 * 2 ** 30;

/** A file in the temporary folder, open for reading, that is gone with this object. */
export interface Spooled extends Disposable {
  readonly fd: number;
  readonly size: number;
}

/**
 * Writes a pipe's bytes into a file of the temporary folder, for formats that have to be read from their end.
 *
 * @throws {CliError} `INPUT` when there are too many, or no room.
 */
export async function spool(chunks: AsyncIterable<Uint8Array>, limit: number = SPOOL_BYTES): Promise<Spooled> {
  const folder = mkdtempSync(join(tmpdir(), 'zenoh-arrow-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  let fd: number | undefined;
  try {
    fd = openSync(join(folder, 'input'), 'wx+', 0o600);
    // Where an open file can be removed, nothing is left behind however this process ends.
    if (process.platform !== 'win32') remove();
    const size = await write(fd, chunks, limit);
    const open = fd;
    const dispose = () => {
      closeSync(open);
      remove();
    };
    return { fd, size, [Symbol.dispose]: dispose };
  } catch (cause) {
    if (fd !== undefined) closeSync(fd);
    remove();
    throw cause;
  }
}

async function write(fd: number, chunks: AsyncIterable<Uint8Array>, limit: number): Promise<number> {
  let size = 0;
  for await (const chunk of chunks) {
    if (size + chunk.byteLength > limit) {
      throw new CliError('INPUT', `standard input brings more than ${limit} bytes of Parquet: give a path instead`);
    }
    try {
      for (let at = 0; at < chunk.byteLength; ) at += writeSync(fd, chunk, at);
    } catch (cause) {
      throw new CliError(
        'INPUT',
        `Parquet is read from its end, so what a pipe brings is kept in ${tmpdir()}, which failed: ${(cause as Error).message}; ` +
          'give a path instead',
        { cause },
      );
    }
    size += chunk.byteLength;
  }
  return size;
}
