// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Sample, Session, Subscriber } from '@zenoh-segments/core';
import { HANG_MS } from './until.js';

/** What a session of ours receives on a key, one sample at a time. */
export class Inbox {
  readonly #subscriber: Subscriber;

  private constructor(subscriber: Subscriber) {
    this.#subscriber = subscriber;
  }

  static async on(session: Session, key: string): Promise<Inbox> {
    return new Inbox(await session.declareSubscriber(key));
  }

  /** The next sample; fails when none comes in time. */
  async next(): Promise<Sample> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`no sample of ${this.#subscriber.keyExpr()} came in ${HANG_MS} ms`);
      timer = setTimeout(() => reject(error), HANG_MS);
    });
    const receiver = this.#subscriber.receiver();
    if (receiver === undefined) throw new Error('the subscriber has no channel');
    try {
      return await Promise.race([receiver.receive(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
