// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from './errors.js';

const NANOS_PER_SECOND = 1_000_000_000n;
const FRACTION_BITS = 32n;
const FRACTION_MASK = (1n << FRACTION_BITS) - 1n;
const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):(\d\d)(?:\.(\d*))?(?:Z|\+00:00)$/;

/** An NTP64 time (since the Unix epoch) as RFC 3339 in UTC with nanoseconds, rounded up as zenoh does. */
export function formatRfc3339(ntp64: bigint): string {
  const fraction = ntp64 & FRACTION_MASK;
  const nanos = (fraction * NANOS_PER_SECOND + FRACTION_MASK) >> FRACTION_BITS;
  // The last fractions of a second round up to a whole one.
  const seconds = (ntp64 >> FRACTION_BITS) + nanos / NANOS_PER_SECOND;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  return `${text}.${String(nanos % NANOS_PER_SECOND).padStart(9, '0')}Z`;
}

/**
 * The NTP64 time of an RFC 3339 text in UTC. As in zenoh, digits after the ninth of the fraction are ignored, and a
 * leap second is the second before it.
 */
export function parseRfc3339(text: string): bigint {
  const [, minute, second = '', fraction = ''] = FORM.exec(text) ?? [];
  const clean = `${minute}:${second === '60' ? '59' : second}.000Z`;
  const millis = Date.parse(clean);
  // Date accepts 30 February and hour 24; such a text does not come back the same.
  if (Number.isNaN(millis) || new Date(millis).toISOString() !== clean) {
    throw new CoreError('INVALID_ARGUMENT', `\`${text}\` is not an RFC 3339 time in UTC`);
  }
  const seconds = BigInt(millis) / 1000n;
  if (seconds < 0n || seconds > FRACTION_MASK) {
    throw new CoreError('INVALID_ARGUMENT', `\`${text}\` is not between 1970 and 2106, the years of an NTP64 time`);
  }
  const nanos = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return (seconds << FRACTION_BITS) + (nanos << FRACTION_BITS) / NANOS_PER_SECOND;
}
