// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { tableFromIPC, tableToIPC } from 'apache-arrow';

/** apache-arrow as it is. @type {import('./jobs.mjs').Library} */
export const library = {
  encode: (table) => [tableToIPC(table, 'stream')],
  // It takes slices too, and joins them piece by piece: joined first, a large table is opened sooner.
  decode: (slices) => tableFromIPC(slices.length === 1 ? slices[0] : Buffer.concat(slices)),
};
