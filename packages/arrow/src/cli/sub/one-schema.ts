// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CliError } from '../cli-error.js';

/** The schema of an output that can have one only. */
export class OneSchema {
  readonly #what: string;
  #schema: Uint8Array | undefined;

  /** @param what the output, in words. */
  constructor(what: string) {
    this.#what = what;
  }

  /**
   * @param key where the schema came from.
   * @returns whether it is the first.
   * @throws {CliError} `SCHEMA_CHANGED`
   */
  admit(key: string, schema: Uint8Array): boolean {
    if (this.#schema === undefined) {
      this.#schema = schema;
      return true;
    }
    if (Buffer.compare(this.#schema, schema) === 0) return false;
    throw new CliError(
      'SCHEMA_CHANGED',
      `'${key}' has another schema than the ${this.#what} being written, which can have one only: subscribe to keys of one ` +
        'schema, or use --output ndjson',
    );
  }
}
