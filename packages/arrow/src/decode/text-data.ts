// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Data, type DataType } from 'apache-arrow';
import type { Offsets } from '../types.js';
import type { Node } from './batch-cursor.js';
import { checkOffsets } from './validate/offsets.js';

/**
 * A column of text whose offsets are checked when they are first asked for. Offsets that go up and down make a few bytes
 * an endless amount of text, but to look at each of them takes twenty times as long as opening the batch, and whoever
 * reads the column spends far more.
 */
export class TextData extends Data {
  readonly #offsets: Offsets;
  readonly #name: string;
  #isChecked: boolean;

  /** @param isChecked whether the offsets were checked before. */
  constructor(
    type: DataType,
    { length, nulls }: Node,
    offsets: Offsets,
    text: Uint8Array,
    validity: Uint8Array,
    name: string,
    isChecked: boolean,
  ) {
    super(type, 0, length, nulls, [undefined, text, validity] as never);
    this.#offsets = offsets;
    this.#name = name;
    this.#isChecked = isChecked;
  }

  static {
    // By hand: to the type, `valueOffsets` is a field.
    Object.defineProperty(TextData.prototype, 'valueOffsets', {
      get(this: TextData): Offsets {
        if (!this.#isChecked) {
          // Memory that is no longer there has no offsets to check.
          if (this.#offsets.length > 0) checkOffsets(this.#offsets, this.length, this.#name);
          this.#isChecked = true;
        }
        return this.#offsets;
      },
    });
  }
}
