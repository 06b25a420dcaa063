// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** How long others have after a signal: who reads the output, who holds a message up, who does not answer. */
const GRACE_MS = 1000;

/** A signal came, and others did not let this process end: the message says what it no longer waits for. */
export class GivenUp extends Error {}

/**
 * What `work` gives, unless `interrupt` is aborted and it has not ended so long after. It is left to itself then, and the
 * process must be ended. For waits that others decide, never for a disk: what is slow there is not lost.
 *
 * @param text what is given up
 * @throws {GivenUp}
 */
export function unlessHeldUp<T>(
  work: Promise<T>,
  interrupt: AbortSignal,
  text: () => string,
  graceMs = GRACE_MS,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let late: NodeJS.Timeout | undefined;
    const begin = () => {
      late = setTimeout(() => reject(new GivenUp(text())), graceMs);
    };
    const end = () => {
      clearTimeout(late);
      interrupt.removeEventListener('abort', begin);
    };
    if (interrupt.aborted) begin();
    else interrupt.addEventListener('abort', begin);
    work.finally(end).then(resolve, reject);
  });
}
