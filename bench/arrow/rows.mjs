// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { touchSum } from './content.mjs';

/** A table of 14.4 MB. */
export const LARGE = 600_000;
/** One of 1.4 KB. */
export const SMALL = 32;

/** @param {number} us */
const whenLarge = (us) => (/** @type {number} */ rows) => (rows === LARGE ? us : undefined);

/** `size` is rows of the table. @type {readonly import('../in-memory/suite.mjs').Row[]} */
export const rows = [
  { id: 'encode', title: 'encode', sum: touchSum, goal: whenLarge(50) },
  { id: 'aligned', title: 'decode, one slice', sum: touchSum, goal: whenLarge(50) },
  { id: 'odd', title: 'decode, one slice at an odd offset', sum: touchSum, goal: whenLarge(2000) },
  { id: 'slices', title: 'decode, slices of 64 KiB', sum: touchSum },
  { id: 'as-sent', title: 'decode, the segments as encoded', sum: touchSum },
];
