// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { close, constants, openSync, read, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { codeOf } from '../cli-error.js';

const CHUNK_BYTES = 64 * 1024;
const TRY_AGAIN_MS = 20;

/** Without it, a read of what has nothing to give holds a thread that nothing ends, nor the process. Not on Windows. */
export const NON_BLOCKING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export function isPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}

/** Opens a named pipe without waiting for who writes into it: that wait could not be ended, nor the process. */
export function openPipe(path: string): Readable {
  const fd = openSync(path, NON_BLOCKING);
  return new Socket({ fd, readable: true, writable: false });
}

/**
 * Reads a device, or a file that the system makes up, such as /proc/kmsg: what comes later is asked for again and again.
 *
 * @param fd opened {@link NON_BLOCKING}; it is closed with the stream
 */
export function readDevice(fd: number): Readable {
  let later: NodeJS.Timeout | undefined;
  const ask = (stream: Readable) => {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    read(fd, buffer, 0, CHUNK_BYTES, null, (error, bytes) => {
      if (stream.destroyed) return;
      if (error === null) stream.push(bytes === 0 ? null : buffer.subarray(0, bytes));
      else if (codeOf(error) !== 'EAGAIN') stream.destroy(error);
      else later = setTimeout(() => ask(stream), TRY_AGAIN_MS);
    });
  };
  return new Readable({
    read() {
      ask(this);
    },
    destroy(error, done) {
      clearTimeout(later);
      close(fd, () => done(error));
    },
  });
}
