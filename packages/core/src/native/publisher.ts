// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendPublisher, MessageFields } from '../backend.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { PublisherHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon, call } from './load.js';
import { settle } from './settle.js';

export class NativePublisher implements BackendPublisher {
  readonly #handle: PublisherHandle;
  readonly id: string;

  constructor(handle: PublisherHandle) {
    this.#handle = handle;
    this.id = addon().publisherId(handle);
  }

  put(payload: ZBytes, fields: MessageFields): undefined {
    const { attachment, encoding, timestamp, sourceInfo } = fields;
    const segments = attachment?.segments();
    const outcome = call((native) =>
      native.publisherPut(this.#handle, payload.segments(), segments, encoding, 0, timestamp, sourceInfo),
    );
    return settle(outcome, payload, attachment);
  }

  delete({ attachment, timestamp, sourceInfo }: MessageFields): undefined {
    const segments = attachment?.segments();
    const outcome = call((native) =>
      native.publisherDelete(this.#handle, segments, undefined, 0, timestamp, sourceInfo),
    );
    return settle(outcome, undefined, attachment);
  }

  async matching(): Promise<boolean> {
    return call((native) => native.publisherMatching(this.#handle));
  }

  undeclare(): Promise<void> {
    return eventLoop().operation<void>(() => addon().publisherUndeclare(this.#handle));
  }
}
