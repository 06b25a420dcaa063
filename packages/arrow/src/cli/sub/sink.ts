// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** The reader of the output went away: no error, but the end. */
export class ReaderGone extends Error {}

/** Standard output, with back-pressure. */
export class Sink {
  constructor() {
    // Each write reports its own error; without a listener it would be thrown as well.
    process.stdout.on('error', () => {});
  }

  /**
   * Resolves when everything was handed to the system: the memory of the chunks is not needed any more.
   *
   * @throws {ReaderGone}
   */
  write(chunks: readonly (Uint8Array | string)[]): Promise<void> {
    const last = chunks.length - 1;
    if (last < 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = (error: Error | null | undefined) => {
        if (error === null || error === undefined) resolve();
        else reject((error as NodeJS.ErrnoException).code === 'EPIPE' ? new ReaderGone() : error);
      };
      process.stdout.cork();
      chunks.forEach((chunk, i) => {
        if (i === last) process.stdout.write(chunk, done);
        else process.stdout.write(chunk);
      });
      process.stdout.uncork();
    });
  }
}
