// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Sample } from '@zenoh-segments/core';

/** A sample that was taken, and whose head is perhaps not there yet. */
export interface Waiting {
  readonly sample: Sample;
  /** Of the head that it needs; undefined when it has its own. */
  readonly fingerprint: string | undefined;
  readonly bytes: number;
  /** Whether its head was unknown when it came. */
  readonly lacksHead: boolean;
  /** On the clock of `performance`. */
  readonly arrived: number;
}

/** Samples of one key, and of one source where samples name it, that wait for heads. */
export class Lane {
  readonly key: string;
  /** Empty where samples name none. */
  readonly source: string;
  /** Whether someone serves those in order. */
  isServed = false;
  /** Ends the holding back of those behind the first, when it has begun. */
  overtake = () => {};
  /** The head of the first is being fetched; the others wait behind it. */
  readonly #order: Waiting[] = [];
  /** Those that are overtaken, by fingerprint: each waits for its head alone. */
  readonly #aside = new Map<string, Waiting[]>();
  #lacking = 0;

  constructor(key: string, source: string) {
    this.key = key;
    this.source = source;
  }

  /** How many came whose heads were unknown. */
  get lacking(): number {
    return this.#lacking;
  }

  get first(): Waiting | undefined {
    return this.#order[0];
  }

  get isEmpty(): boolean {
    return this.#order.length === 0 && this.#aside.size === 0;
  }

  isAside(fingerprint: string | undefined): boolean {
    return fingerprint !== undefined && this.#aside.has(fingerprint);
  }

  add(waiting: Waiting): void {
    const list = waiting.fingerprint === undefined ? undefined : this.#aside.get(waiting.fingerprint);
    (list ?? this.#order).push(waiting);
    if (waiting.lacksHead) this.#lacking++;
  }

  shift(): void {
    const first = this.#order.shift();
    if (first?.lacksHead) this.#lacking--;
  }

  /** Lets those of a head be overtaken by all others; among themselves they stay in order. */
  setAside(fingerprint: string): void {
    const isOf = (each: Waiting) => each.fingerprint === fingerprint;
    this.#aside.set(fingerprint, this.#order.filter(isOf));
    const others = this.#order.filter((each) => !isOf(each));
    this.#order.splice(0, this.#order.length, ...others);
  }

  takeAside(fingerprint: string): Waiting[] {
    const taken = this.#aside.get(fingerprint) ?? [];
    this.#aside.delete(fingerprint);
    for (const { lacksHead } of taken) if (lacksHead) this.#lacking--;
    return taken;
  }

  /** Takes out the newest whose head was unknown; never the first in order, which is being served. */
  giveUp(): Waiting | undefined {
    let given: Waiting | undefined;
    for (const list of this.#aside.values()) {
      const last = list.at(-1);
      if (last === undefined || !last.lacksHead || (given !== undefined && given.arrived > last.arrived)) continue;
      given = last;
    }
    const at = this.#order.findLastIndex(({ lacksHead }, index) => lacksHead && index > 0);
    if (given !== undefined) this.#aside.get(given.fingerprint as string)?.pop();
    else if (at > 0) [given] = this.#order.splice(at, 1);
    if (given !== undefined) this.#lacking--;
    return given;
  }
}
