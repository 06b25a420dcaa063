// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check

/**
 * Runs that grow until one lasts `warm` seconds, for compilers and queues to settle.
 *
 * @param {(count: number) => Promise<number>} run tells how many seconds so many took
 * @param {{ seconds: number, warm: number, fewest: number, most: number }} limits
 * @returns {Promise<number>} how many fill `seconds`
 */
export async function filling(run, { seconds, warm, fewest, most }) {
  for (let count = fewest; ; ) {
    const elapsed = await run(count);
    if (elapsed >= warm || count >= most) return clamp(Math.round((count / elapsed) * seconds), fewest, most);
    // A first run is slow for many reasons, so the next one is at most ten times as long.
    count = Math.min(most, Math.ceil(count * clamp((1.2 * warm) / elapsed, 2, 10)));
  }
}

/** @param {number} value @param {number} least @param {number} most */
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
