// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { SourceInfo } from '@zenoh-segments/core';

/** Publishers of one key that are told apart. */
const MOST_SOURCES = 32;

/** Who publishes on a key, and what got lost on the way, as far as samples carry source ids and sequence numbers. */
export class Sources {
  readonly #last = new Map<string, number>();
  /** Numbers that were left out. One that comes late is taken off again. */
  missing = 0;
  /** Samples with a number lower than one before. */
  late = 0;

  /** `<zid>/<eid>`, in the order they were seen. */
  get ids(): readonly string[] {
    return [...this.#last.keys()];
  }

  see(info: SourceInfo | undefined): void {
    if (info === undefined) return;
    const id = info.sourceId().toString();
    const last = this.#last.get(id);
    if (last === undefined && this.#last.size >= MOST_SOURCES) return;
    const number = info.sourceSn();
    if (last === undefined) {
      this.#last.set(id, number);
      return;
    }
    // Numbers start again from 0 after 2^32 - 1.
    const ahead = (number - last) >>> 0;
    if (ahead === 0) return;
    if (ahead < 2 ** 31) {
      this.missing += ahead - 1;
      this.#last.set(id, number);
    } else {
      this.late++;
      this.missing = Math.max(0, this.missing - 1);
    }
  }
}
