// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Whether somebody is there for what is published. */
export class MatchingStatus {
  readonly #matching: boolean;

  constructor(matching: boolean) {
    this.#matching = matching;
  }

  matching(): boolean {
    return this.#matching;
  }
}
