// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendPublisher, BackendSession, BackendSubscriber, MessageFields, QueueBounds } from '../backend.js';
import type { Locality } from '../enums.js';
import type { Ledger } from '../zbytes/ledger.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { PublisherHandle, PutOutcome, SessionHandle, SubscriberHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon, call } from './load.js';
import { sessionClosed, sessionOpened } from './signals.js';
import { NativeSubscriber } from './subscriber.js';

const POLICIES = { block: 0, 'drop-oldest': 1, 'drop-newest': 2, error: 3 } as const;

/** After the native call: counts what zenoh kept, and keeps the segments that local subscribers will ask for. */
function settle(outcome: PutOutcome, payload: ZBytes | undefined, attachment: ZBytes | undefined): undefined {
  if (outcome === 0) return;
  const [local, held] = outcome;
  payload?.ledger.count('held', held);
  if (local !== 0) {
    eventLoop().lend(local, {
      payload: payload?.segments() ?? [],
      attachment: attachment?.segments(),
      owner: payload,
    });
  }
}

export class NativeSession implements BackendSession {
  readonly #handle: SessionHandle;
  readonly zid: string;
  #closing: Promise<void> | undefined;

  constructor(handle: SessionHandle) {
    this.#handle = handle;
    this.zid = addon().sessionZid(handle);
    sessionOpened();
  }

  isClosed(): boolean {
    return this.#closing !== undefined || addon().sessionIsClosed(this.#handle);
  }

  close(): Promise<void> {
    this.#closing ??= eventLoop()
      .operation<void>(() => addon().sessionClose(this.#handle))
      .finally(sessionClosed);
    return this.#closing;
  }

  put(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields): undefined {
    const { attachment, encoding, timestamp } = fields;
    const outcome = call((native) =>
      native.sessionPut(this.#handle, keyExpr, payload.segments(), attachment?.segments(), encoding, qos, timestamp),
    );
    return settle(outcome, payload, attachment);
  }

  delete(keyExpr: string, qos: number, { attachment, timestamp }: MessageFields): undefined {
    const segments = attachment?.segments();
    const outcome = call((native) => native.sessionDelete(this.#handle, keyExpr, segments, undefined, qos, timestamp));
    return settle(outcome, undefined, attachment);
  }

  async declarePublisher(keyExpr: string, encoding: string | undefined, qos: number): Promise<BackendPublisher> {
    return new NativePublisher(
      await eventLoop().operation<PublisherHandle>(() =>
        addon().sessionDeclarePublisher(this.#handle, keyExpr, encoding, qos),
      ),
    );
  }

  async declareSubscriber(
    keyExpr: string,
    bounds: QueueBounds,
    origin: Locality,
    ledger: Ledger,
    onReady: () => void,
  ): Promise<BackendSubscriber> {
    const { count, bytes, policy } = bounds;
    const handle = await eventLoop().operation<SubscriberHandle>(() =>
      addon().sessionDeclareSubscriber(this.#handle, keyExpr, count, bytes, POLICIES[policy], origin),
    );
    return new NativeSubscriber(handle, ledger, onReady);
  }
}

class NativePublisher implements BackendPublisher {
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

  undeclare(): Promise<void> {
    return eventLoop().operation<void>(() => addon().publisherUndeclare(this.#handle));
  }
}
