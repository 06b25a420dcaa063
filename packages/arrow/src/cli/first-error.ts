// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Steps that are all taken, whatever happens before them; the first error is the one to tell. */
export class FirstError {
  #errors: unknown[] = [];

  add(error: unknown): void {
    this.#errors.push(error);
  }

  async of(step: () => Promise<void>): Promise<void> {
    await step().catch((error: unknown) => this.#errors.push(error));
  }

  rethrow(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }
}
