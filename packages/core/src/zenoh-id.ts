// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from './errors.js';

const SIZE = 16;

/**
 * The identity of a zenoh session: a number of up to 128 bits, never 0.
 *
 * Its text is lower-case hex without leading zeros, as all zenoh tools but zenoh-ts (which pads to 32 digits) write it.
 */
export class ZenohId {
  readonly #bytes: Uint8Array;

  /**
   * 16 bytes, the lowest first.
   *
   * @throws CoreError `INVALID_ARGUMENT` for any other length, or when all are 0
   */
  constructor(zid: Uint8Array) {
    if (zid.length !== SIZE) {
      throw new CoreError('INVALID_ARGUMENT', `a zenoh id has exactly ${SIZE} bytes, not ${zid.length}`);
    }
    if (zid.every((byte) => byte === 0)) throw new CoreError('INVALID_ARGUMENT', 'a zenoh id is never 0');
    this.#bytes = Uint8Array.from(zid);
  }

  /**
   * Reads the text form.
   *
   * @throws CoreError `INVALID_ARGUMENT` for anything but 1 to 32 lower-case hex digits without a leading 0
   */
  static fromString(text: string): ZenohId {
    if (!/^[1-9a-f][0-9a-f]{0,31}$/.test(text)) {
      throw new CoreError(
        'INVALID_ARGUMENT',
        `a zenoh id is 1 to 32 lower-case hex digits without a leading 0, not \`${text}\``,
      );
    }
    const digits = text.padStart(2 * SIZE, '0');
    return new ZenohId(
      Uint8Array.from({ length: SIZE }, (_, i) => Number.parseInt(digits.slice(30 - 2 * i).slice(0, 2), 16)),
    );
  }

  toString(): string {
    const digits = Array.from(this.#bytes, (byte) => byte.toString(16).padStart(2, '0'));
    return digits.reverse().join('').replace(/^0+/, '');
  }

  /** The 16 bytes, the lowest first; a copy. */
  toLeBytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
