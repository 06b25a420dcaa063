// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** How long is waited for what must come, in ms. Not how soon it should: a busy machine may take seconds for anything. */
export const patience = { limit: 30_000 };

/** How long a process may take, in ms, to start, to answer, to end: so long that none but one that hangs takes longer. */
export const HANG_MS = 60_000;

/** Waits until `holds`, looking after each turn of the event loop; fails after `limit` ms, saying what did not come. */
export async function until(what: string, holds: () => boolean, limit = patience.limit): Promise<void> {
  const deadline = performance.now() + limit;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited ${limit} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
