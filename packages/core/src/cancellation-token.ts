// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

export type CancelAction = () => void;

/** Ends the gets it was given to, in zenoh-ts's form; an `AbortSignal` does the same. */
export class CancellationToken {
  readonly #actions = new Set<CancelAction>();
  #cancelled = false;

  isCancelled(): boolean {
    return this.#cancelled;
  }

  /** Idempotent. */
  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    for (const action of this.#actions) action();
    this.#actions.clear();
  }

  /** Runs `action` at the cancellation; at once when it has happened. */
  addCancelAction(action: CancelAction): void {
    if (this.#cancelled) action();
    else this.#actions.add(action);
  }

  /** @internal */
  removeCancelAction(action: CancelAction): void {
    this.#actions.delete(action);
  }
}
