// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Makes an error an uncaught exception of its own, exactly once, without stopping what found it. */
export function report(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
