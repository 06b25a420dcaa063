// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { tableFromZBytes, tableToZBytes } from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';

/** apache-arrow through this library. @type {import('./jobs.mjs').Library} */
export const library = {
  encode: (table) => tableToZBytes(table).segments(),
  decode: (slices) => tableFromZBytes(ZBytes.fromSegments(slices)),
};
