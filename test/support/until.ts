// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Waits until `holds`, looking after each turn of the event loop; fails after `limit` ms, saying what did not come. */
export async function until(what: string, holds: () => boolean, limit = 10_000): Promise<void> {
  const deadline = performance.now() + limit;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited ${limit} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
