// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** In ms; a longer one ends at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;
