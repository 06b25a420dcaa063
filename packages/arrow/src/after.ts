// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Timers know no longer time: a longer one would pass at once. */
export const LONGEST_MS = 2 ** 30;

/**
 * Calls `act` after a time of any length.
 *
 * @param ms may be infinite: then it is never called, and keeps no process alive.
 * @returns takes it back.
 */
export function after(ms: number, act: () => void): () => void {
  if (ms === Number.POSITIVE_INFINITY) return () => {};
  const due = performance.now() + ms;
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => {
    const left = due - performance.now();
    timer = left > LONGEST_MS ? setTimeout(wait, LONGEST_MS) : setTimeout(act, Math.max(0, left));
  };
  wait();
  return () => clearTimeout(timer);
}
