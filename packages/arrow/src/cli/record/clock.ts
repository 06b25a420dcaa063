// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** How far the steady clock may be from the time of day before it is set again. */
const DRIFT_NS = 50_000_000n;

/** Nanoseconds since 1970: fine as a steady clock, right as the time of day, and later at every call. */
export class WallClock {
  #ahead = 0n;
  #last = 0n;

  now(): bigint {
    const steady = process.hrtime.bigint();
    const day = BigInt(Date.now()) * 1_000_000n;
    const away = steady + this.#ahead - day;
    if (away > DRIFT_NS || away < -DRIFT_NS) this.#ahead = day - steady;
    const now = steady + this.#ahead;
    this.#last = now > this.#last ? now : this.#last + 1n;
    return this.#last;
  }
}

/** Nanoseconds since 1970 of an NTP64 time of zenoh: 32 bits of seconds, 32 bits of fraction; rounded down. */
export function nanosecondsOf(ntp64: bigint): bigint {
  return (ntp64 * 1_000_000_000n) >> 32n;
}
