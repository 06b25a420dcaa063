// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendListener, BackendPublisher, Done, Hear, MessageFields, PutResult } from '../backend.js';
import { NO_FIELDS } from '../message.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { PublisherHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon, call } from './load.js';
import type { Puts, Sending } from './puts.js';
import { POINTS, SYNC } from './qos.js';

export class NativePublisher implements BackendPublisher {
  readonly #handle: PublisherHandle;
  readonly #puts: Puts;
  readonly #priority: number;
  readonly id: string;

  constructor(handle: PublisherHandle, puts: Puts, priority: number) {
    this.#handle = handle;
    this.#puts = puts;
    this.#priority = priority;
    this.id = addon().publisherId(handle);
  }

  put(payload: ZBytes, fields: MessageFields): Done {
    return this.#puts.put(this.#priority, this.#sending(payload, fields, 0));
  }

  putBytes(bytes: Uint8Array, payload: () => ZBytes): Done {
    const send = () => addon().publisherPutPlain(this.#handle, bytes);
    if (this.#puts.waits(this.#priority)) return this.#puts.put(this.#priority, { payload: payload(), send });
    const outcome = call(send);
    return outcome === 0 ? 'done' : this.#puts.went(this.#priority, outcome, { payload: payload(), send });
  }

  putSync(payload: ZBytes, fields: MessageFields): PutResult {
    return this.#puts.putSync(this.#sending(payload, fields, SYNC));
  }

  delete({ attachment, timestamp, sourceInfo, instrumentation }: MessageFields): Done {
    const how = instrumentation << POINTS;
    const send = () =>
      addon().publisherDelete(this.#handle, attachment?.segments(), undefined, how, timestamp, sourceInfo);
    return this.#puts.put(this.#priority, { attachment, send });
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

  #sending(payload: ZBytes, fields: MessageFields, sync: number): Sending {
    if (fields === NO_FIELDS && sync === 0 && payload.segmentCount === 1) {
      return { payload, send: () => addon().publisherPutPlain(this.#handle, payload.segments()[0] as Uint8Array) };
    }
    const { attachment, encoding, timestamp, sourceInfo, instrumentation } = fields;
    const how = sync | (instrumentation << POINTS);
    const send = () => {
      const [body, extra] = [payload.segments(), attachment?.segments()];
      return addon().publisherPut(this.#handle, body, extra, encoding, how, timestamp, sourceInfo);
    };
    return { payload, attachment, send };
  }
}
