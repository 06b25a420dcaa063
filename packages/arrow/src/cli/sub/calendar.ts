// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { TimeUnit } from 'apache-arrow';

/** Units of a second, and how many digits are written for them. */
const UNITS: Readonly<Record<TimeUnit, { readonly perSecond: bigint; readonly digits: number }>> = {
  [TimeUnit.SECOND]: { perSecond: 1n, digits: 0 },
  [TimeUnit.MILLISECOND]: { perSecond: 1000n, digits: 3 },
  [TimeUnit.MICROSECOND]: { perSecond: 1_000_000n, digits: 6 },
  [TimeUnit.NANOSECOND]: { perSecond: 1_000_000_000n, digits: 9 },
};
const DAY_SECONDS = 86_400n;
/** ISO 8601 writes the years 0 to 9999 with four digits. */
const FIRST_SECOND = -62_167_219_200n;
const LAST_SECOND = 253_402_300_799n;

/** A text, or the number itself for what the calendar has no text for. */
export interface CalendarText {
  readonly text: string;
  readonly isNumber: boolean;
}

/** ISO 8601 with all digits that the unit has, milliseconds at least: `2024-01-01T12:00:00.000Z`. */
export function timestampText(value: bigint, unit: TimeUnit): CalendarText {
  const { perSecond, digits } = UNITS[unit];
  const { whole, rest } = split(value, perSecond);
  if (whole < FIRST_SECOND || whole > LAST_SECOND) return { text: String(value), isNumber: true };
  const seconds = new Date(Number(whole) * 1000).toISOString().slice(0, 19);
  return { text: `${seconds}.${String(rest).padStart(digits, '0').padEnd(3, '0')}Z`, isNumber: false };
}

/** `2024-01-01`, of days since 1970. */
export function dateText(days: bigint): CalendarText {
  const seconds = days * DAY_SECONDS;
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return { text: String(days), isNumber: true };
  return { text: new Date(Number(seconds) * 1000).toISOString().slice(0, 10), isNumber: false };
}

/** `12:00:00.000`, with all digits that the unit has. */
export function timeText(value: bigint, unit: TimeUnit): CalendarText {
  const { perSecond, digits } = UNITS[unit];
  if (value < 0n || value >= DAY_SECONDS * perSecond) return { text: String(value), isNumber: true };
  const { whole, rest } = split(value, perSecond);
  const clock = new Date(Number(whole) * 1000).toISOString().slice(11, 19);
  return { text: digits === 0 ? clock : `${clock}.${String(rest).padStart(digits, '0')}`, isNumber: false };
}

/** ISO 8601: `P14M3DT1.5S`, each part with its own sign. */
export function intervalText(months: number, days: number, nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const { whole, rest } = split(nanoseconds < 0n ? -nanoseconds : nanoseconds, 1_000_000_000n);
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  const time = nanoseconds === 0n ? '' : `T${sign}${whole}${fraction}S`;
  const text = `${months === 0 ? '' : `${months}M`}${days === 0 ? '' : `${days}D`}${time}`;
  return text === '' ? 'PT0S' : `P${text}`;
}

/** Rounds towards minus infinity, so that the rest is never negative. */
function split(value: bigint, by: bigint): { readonly whole: bigint; readonly rest: bigint } {
  const rest = ((value % by) + by) % by;
  return { whole: (value - rest) / by, rest };
}
