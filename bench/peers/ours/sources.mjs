// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { setTimeout } from 'node:timers/promises';
import { CongestionControl, CoreError, Reliability, ShmProvider, ShmRecycler } from '@zenoh-segments/core';

/** @typedef {import('@zenoh-segments/core').Publisher} Publisher */
/** What messages are made from: puts the one of this number. @typedef {(publisher: Publisher, number: number) => Promise<unknown>} Source */

/** An argument of ours, before those of all peers. */
const RECYCLED = '--recycled';

/** Nothing may be lost. */
export const QOS = { congestionControl: CongestionControl.BLOCK, reliability: Reliability.RELIABLE };

/** @param {string} link @param {number} size @param {number} segments @returns {Source} */
export function sourceOf(link, size, segments) {
  if (link === 'shm') return sharedMemory(size, process.argv.includes(RECYCLED));
  return segments === 1 ? heap(size) : manySegments(size, segments);
}

/** One payload for all messages. @param {number} size @returns {Source} */
function heap(size) {
  const payload = new Uint8Array(size).fill(7);
  return (publisher) => publisher.put(payload);
}

/** The same bytes as so many arrays, each in memory of its own. @param {number} size @param {number} count @returns {Source} */
function manySegments(size, count) {
  const segments = Array.from({ length: count }, () => new Uint8Array(size / count).fill(7));
  return (publisher) => publisher.putSegments(segments);
}

/**
 * A fresh chunk for each message, written in place, or one that earlier messages were written to.
 *
 * @param {number} size @param {boolean} recycled @returns {Source}
 */
function sharedMemory(size, recycled) {
  // The same as in rust/src/source.rs.
  const pool = new ShmProvider({ size: Math.max(64 << 20, size * 8) });
  const chunks = recycled ? new ShmRecycler(pool, size) : pool;
  return async (publisher, number) => {
    const chunk = now(chunks, size) ?? (await room(chunks, size));
    new DataView(chunk.bytes.buffer).setBigUint64(0, BigInt(number), true);
    await publisher.put(chunk.bytes);
    chunk[Symbol.dispose]();
  };
}

/** @typedef {import('@zenoh-segments/core').Allocator} Allocator */

/** A chunk, unless there is no room. @param {Allocator} chunks @param {number} size */
function now(chunks, size) {
  try {
    return chunks.alloc(size);
  } catch (error) {
    if (!(error instanceof CoreError) || error.code !== 'SHM_EXHAUSTED') throw error;
    return undefined;
  }
}

/** What the Rust peer's `BlockOn` policy does: it tries once a millisecond. @param {Allocator} chunks @param {number} size */
async function room(chunks, size) {
  for (;;) {
    await setTimeout(1);
    const chunk = now(chunks, size);
    if (chunk !== undefined) return chunk;
  }
}
