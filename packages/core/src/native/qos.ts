// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Added to packed settings: the put runs on the calling thread, whatever the time it takes. */
export const SYNC = 512;

/** Where in the settings of one message the points of instrumentation are. */
export const POINTS = 10;

/** The priority in packed settings. */
export function priorityOf(qos: number): number {
  return qos & 7;
}
