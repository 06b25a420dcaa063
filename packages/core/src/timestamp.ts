// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from './errors.js';
import { formatRfc3339, parseRfc3339 } from './rfc3339.js';
import { ZenohId } from './zenoh-id.js';

/**
 * When a sample was made, and by which clock: unique, and ordered by time. The time is an NTP64 number, as in RFC 5905
 * section 6 but counted from the Unix epoch: 32 bits of seconds, then 32 bits of fraction, kept exactly.
 *
 * The text form is `<ntp64>/<id>`: the number in decimal, the id in hex, as zenoh writes and reads it.
 */
export class Timestamp {
  readonly #zid: ZenohId;
  readonly #ntp64: bigint;

  /** @throws CoreError `INVALID_ARGUMENT` when the time is not an unsigned 64-bit number */
  constructor(zid: ZenohId, ntp64: bigint) {
    if (BigInt.asUintN(64, ntp64) !== ntp64) {
      throw new CoreError('INVALID_ARGUMENT', `an NTP64 time is an unsigned 64-bit number, not ${ntp64}`);
    }
    this.#zid = zid;
    this.#ntp64 = ntp64;
  }

  /**
   * Reads the text form; nothing is lost.
   *
   * @throws CoreError `INVALID_ARGUMENT` when the text is not `<ntp64>/<id>`
   */
  static fromString(text: string): Timestamp {
    const [time, id] = splitText(text);
    if (!/^\d{1,20}$/.test(time)) throw new CoreError('INVALID_ARGUMENT', `\`${time}\` is not a decimal NTP64 time`);
    return new Timestamp(id, BigInt(time));
  }

  /**
   * Reads `<RFC 3339 time>/<id>`, as in `2024-07-01T15:32:06.860479000Z/33`. The nanoseconds are rounded down to a
   * fraction of 2^32, so this does not bring back the timestamp that {@link toStringRfc3339Lossy} wrote.
   *
   * @throws CoreError `INVALID_ARGUMENT` when the text is anything else, or the time is not between 1970 and 2106
   */
  static parseRfc3339(text: string): Timestamp {
    const [time, id] = splitText(text);
    return new Timestamp(id, parseRfc3339(time));
  }

  /** The identity of the clock, which is that of the session or router that stamped the sample. */
  getId(): ZenohId {
    return this.#zid;
  }

  /** The time, exactly. */
  getNtp64(): bigint {
    return this.#ntp64;
  }

  /** The time in milliseconds since 1970, with the fraction that a double can hold: below a microsecond. */
  getMsSinceUnixEpoch(): number {
    return Number(this.#ntp64 >> 32n) * 1000 + (Number(this.#ntp64 & 0xffffffffn) * 1000) / 2 ** 32;
  }

  /** The time, to the millisecond. */
  asDate(): Date {
    return new Date(this.getMsSinceUnixEpoch());
  }

  toString(): string {
    return `${this.#ntp64}/${this.#zid}`;
  }

  /** The text form for people: the time in RFC 3339, rounded up to nanoseconds. */
  toStringRfc3339Lossy(): string {
    return `${formatRfc3339(this.#ntp64)}/${this.#zid}`;
  }
}

function splitText(text: string): [time: string, id: ZenohId] {
  const place = text.indexOf('/');
  if (place < 0) throw new CoreError('INVALID_ARGUMENT', `\`${text}\` is not a timestamp: it has no \`/\``);
  // In a timestamp zenoh reads upper case too, unlike in an id by itself.
  return [text.slice(0, place), ZenohId.fromString(text.slice(place + 1).toLowerCase())];
}
