// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check

/**
 * Bytes that JavaScript copies from one array into another while `run` goes on, whoever does it: the ways in which both
 * libraries do are watched. What the browser copies by itself is not seen; it is the same for both.
 *
 * @param {() => Promise<unknown>} run
 */
export async function copiedBy(run) {
  let copied = 0;
  const typed = Object.getPrototypeOf(Uint8Array);
  const { from } = typed;
  const { set, slice } = typed.prototype;
  typed.from = function (/** @type {any} */ source, /** @type {any[]} */ ...rest) {
    copied += source?.byteLength ?? 0;
    return from.call(this, source, ...rest);
  };
  typed.prototype.set = function (/** @type {any} */ source, /** @type {any} */ at) {
    copied += source?.byteLength ?? 0;
    return set.call(this, source, at);
  };
  typed.prototype.slice = function (/** @type {any[]} */ ...range) {
    const result = slice.apply(this, range);
    copied += result.byteLength;
    return result;
  };
  try {
    await run();
  } finally {
    Object.assign(typed, { from });
    Object.assign(typed.prototype, { set, slice });
  }
  return copied;
}
