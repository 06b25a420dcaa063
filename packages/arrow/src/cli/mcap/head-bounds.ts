// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Heads of bare batches in a file, which `replay` has in memory while it plays: how many, and the bytes of one and of all. */
export const HEAD_BOUNDS = { maxHeads: 4096, maxHeadBytes: 16 * 2 ** 20, maxBytes: 256 * 2 ** 20 } as const;
