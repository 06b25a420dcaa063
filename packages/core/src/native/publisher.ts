// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendListener, BackendPublisher, Hear, MessageFields } from '../backend.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { PublisherHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon, call } from './load.js';
import { settle } from './settle.js';

export class NativePublisher implements BackendPublisher {
  readonly #handle: PublisherHandle;

  constructor(handle: PublisherHandle) {
    this.#handle = handle;
  }

  put(payload: ZBytes, { attachment, encoding, timestamp }: MessageFields): undefined {
    const outcome = call((native) =>
      native.publisherPut(this.#handle, payload.segments(), attachment?.segments(), encoding, 0, timestamp),
    );
    return settle(outcome, payload, attachment);
  }

  delete({ attachment, timestamp }: MessageFields): undefined {
    const segments = attachment?.segments();
    const outcome = call((native) => native.publisherDelete(this.#handle, segments, undefined, 0, timestamp));
    return settle(outcome, undefined, attachment);
  }

  async matching(): Promise<boolean> {
    return call((native) => native.publisherMatching(this.#handle));
  }

  listenMatching(hear: Hear<boolean>): Promise<BackendListener> {
    return eventLoop().listen(() => addon().publisherMatchingEvents(this.#handle), hear);
  }

  undeclare(): Promise<void> {
    return eventLoop().operation<void>(() => addon().publisherUndeclare(this.#handle));
  }
}
