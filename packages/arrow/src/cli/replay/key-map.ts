// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { KeyExpr } from '@zenoh-segments/core';
import { oneKey } from '../key.js';

/** `OLD=NEW`: what a key starts with, in whole chunks, and what stands there instead. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/** The keys that recorded keys are played back on: the first renaming that fits, then the prefix. */
export class KeyMap {
  readonly #renamings: readonly Renaming[];
  readonly #prefix: string | undefined;
  readonly #unused: Set<Renaming>;

  /** @throws {CliError} `USAGE` for a prefix or a new name that is no key. */
  constructor(renamings: readonly Renaming[], prefix: string | undefined) {
    for (const text of [...renamings.map(({ to }) => to), ...(prefix === undefined ? [] : [prefix])]) {
      oneKey(text, ', and a sample is played on one');
    }
    this.#renamings = renamings;
    this.#prefix = prefix;
    this.#unused = new Set(renamings);
  }

  /** Those that fitted no key so far. */
  get unused(): readonly Renaming[] {
    return [...this.#unused];
  }

  /** Undefined when it makes no key that can be published on. */
  keyOf(recorded: string): KeyExpr | undefined {
    const renaming = this.#renamings.find(({ from }) => recorded === from || recorded.startsWith(`${from}/`));
    if (renaming !== undefined) this.#unused.delete(renaming);
    const key = renaming === undefined ? recorded : renaming.to + recorded.slice(renaming.from.length);
    const whole = this.#prefix === undefined ? key : `${this.#prefix}/${key}`;
    if (whole.includes('*')) return undefined;
    try {
      return new KeyExpr(whole);
    } catch {
      return undefined;
    }
  }
}
