// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { SampleKind, type Session, type TransportEvent } from '@zenoh-segments/core';
import type { Reporter } from '../reporter.js';

/** A reader that stands still for that long may have cost a connection. */
const STILL_MS = 1000;
/** Nodes that left, of which one that comes back was cut off. */
const MAX_GONE = 1000;

/**
 * Tells of connections that were lost: those that end after the reader of the output stood still, and those of a node that
 * is back. zenoh does not tell why a connection ends; that of a publisher that is done ends as well, and is not told.
 */
export class LostConnections {
  readonly #reporter: Reporter;
  readonly #gone = new Set<string>();
  #writingSince: number | undefined;
  /** The longest time that one write took. */
  #still = 0;
  #ended = false;

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  /** @throws {CoreError} as `SessionInfo.transportEventsListener` */
  async watch(session: Session): Promise<void> {
    const info = await session.info();
    await info.transportEventsListener({ handler: (event) => this.#hear(event) });
  }

  /** Around a write to the output. */
  async during<T>(write: () => Promise<T>): Promise<T> {
    this.#writingSince = performance.now();
    try {
      return await write();
    } finally {
      this.#still = this.#longest();
      this.#writingSince = undefined;
    }
  }

  /** From here on connections end because the session does. */
  end(): void {
    this.#ended = true;
  }

  #longest(): number {
    return Math.max(this.#still, this.#writingSince === undefined ? 0 : performance.now() - this.#writingSince);
  }

  #hear(event: TransportEvent): void {
    if (this.#ended) return;
    const node = event.transport().zid().toString();
    if (event.kind() === SampleKind.PUT) {
      if (this.#gone.delete(node)) this.#warn(node, 'was lost and is back: what it sent in between did not come');
      return;
    }
    const still = this.#longest();
    if (still >= STILL_MS) {
      this.#still = 0;
      const seconds = (still / 1000).toFixed(1);
      this.#warn(node, `ended after the reader of the output stood still for ${seconds} s: samples may be lost`);
    } else if (this.#gone.size < MAX_GONE) this.#gone.add(node);
  }

  #warn(node: string, what: string): void {
    this.#reporter.warn('CONNECTION_LOST', `the connection to node ${node} ${what}`);
  }
}
