// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Socket } from 'node:net';
import { unlessHeldUp } from './given-up.js';

/** What a reader who does read takes in less than the time that it has after a signal. */
const PIECE_BYTES = 2 ** 18;

/** Writes into a named pipe without a thread that waits in the system, where no signal reaches it. */
export class PipeWriter {
  readonly #socket: Socket;
  readonly #interrupt: AbortSignal;

  /**
   * @param fd opened for writing only, and not blocking; closed by {@link close}.
   * @param interrupt after it, a reader that takes nothing for long is given up.
   */
  constructor(fd: number, interrupt: AbortSignal) {
    this.#socket = new Socket({ fd, readable: false, writable: true });
    this.#interrupt = interrupt;
    // Each write reports its own error; without a listener it would be thrown as well.
    this.#socket.on('error', () => {});
  }

  /**
   * Resolves when the system has all bytes: they are not needed any more, also when this has failed.
   *
   * @throws {GivenUp} after a signal, when nobody reads
   */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
      const written = this.#write(bytes.subarray(at, at + PIECE_BYTES));
      try {
        await unlessHeldUp(written, this.#interrupt, () => 'the rest of the output, which nobody reads');
      } catch (error) {
        // Takes back what waits: its memory may be used again.
        await this.close();
        throw error;
      }
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) return resolve();
      this.#socket.once('close', () => resolve());
      this.#socket.destroy();
    });
  }

  #write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error === null || error === undefined ? resolve() : reject(error)));
    });
  }
}
