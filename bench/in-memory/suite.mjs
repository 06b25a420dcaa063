// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check

/**
 * One thing that every contender does.
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {string} title
 * @property {readonly number[]} [sizes] when they are not those of `--sizes`
 * @property {string} [elements] what `size` counts, when it is not what it is for most rows
 * @property {(size: number) => number} sum what reading the result must give
 * @property {(size: number) => number | undefined} [goal] microseconds, for ours
 */

/**
 * What is measured in memory, and by whom: libraries with a process each, of which `ours` and `stock` do the same.
 *
 * @typedef {object} Suite
 * @property {string} command
 * @property {readonly Row[]} rows
 * @property {Record<string, (profile: string | undefined) => import('../launch.mjs').Launch>} launches By the names of the
 * contenders, in the order of their turns; they throw an Error with the reason when one is missing.
 * @property {{ help: string, standard: readonly number[], read: (text: string) => number }} sizes
 * @property {(row: Row, size: number) => string} sizeText
 * @property {(row: Row, size: number) => boolean} beatsStock Whether ours shall not be slower than stock there.
 * @property {() => Record<string, string>} versions
 */

export {};
