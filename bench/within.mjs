// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check

/**
 * The value of a numeric option.
 *
 * @param {string} name @param {string} text @param {number} least @param {number} most @param {(n: number) => boolean} is
 * @throws {Error} for what it does not understand
 */
export function within(name, text, least, most, is) {
  const value = Number(text);
  if (text.trim() !== '' && is(value) && value >= least && value <= most) return value;
  throw new Error(`--${name}: '${text}' is no number from ${least} to ${most}`);
}

/**
 * The thing of this id.
 *
 * @template {{ id: string }} T
 * @param {string} name @param {readonly T[]} all
 * @returns {(id: string) => T}
 */
export function oneOf(name, all) {
  return (id) => {
    const found = all.find((each) => each.id === id);
    if (found !== undefined) return found;
    throw new Error(`--${name}: ${id} is none of ${all.map((each) => each.id).join(', ')}`);
  };
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
