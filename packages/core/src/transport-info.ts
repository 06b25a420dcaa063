// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { TransportFacts } from './backend.js';
import type { SampleKind, WhatAmI } from './enums.js';
import { Listener, type ListenerOptions } from './listener.js';
import { ZenohId } from './zenoh-id.js';

/** A connection to another zenoh node. One node can have two: unicast and multicast. Each has one or more links. */
export class TransportInfo {
  readonly #facts: TransportFacts;

  constructor(facts: TransportFacts) {
    this.#facts = facts;
  }

  /** The other node. */
  zid(): ZenohId {
    return ZenohId.fromString(this.#facts.zid);
  }

  /** The role of the other node. */
  whatami(): WhatAmI {
    return this.#facts.whatami;
  }

  /** Whether it keeps priorities apart. */
  isQos(): boolean {
    return this.#facts.isQos;
  }

  isMulticast(): boolean {
    return this.#facts.isMulticast;
  }

  /**
   * Whether shared-memory payloads go over it by descriptor: both ends have it enabled and see the same memory. Otherwise
   * their bytes are copied into the link.
   */
  isShm(): boolean {
    return this.#facts.isShm;
  }
}

/** A transport that was opened or closed. */
export class TransportEvent {
  readonly #kind: SampleKind;
  readonly #transport: TransportInfo;

  constructor(kind: SampleKind, transport: TransportInfo) {
    this.#kind = kind;
    this.#transport = transport;
  }

  /** `PUT`: opened; `DELETE`: closed. */
  kind(): SampleKind {
    return this.#kind;
  }

  transport(): TransportInfo {
    return this.#transport;
  }
}

/** Options of `SessionInfo.transportEventsListener`. */
export interface TransportEventsListenerOptions extends ListenerOptions<TransportEvent> {
  /** Whether transports that stand already are told first; false unless given. */
  history?: boolean | undefined;
}

/** Hears of transports that open and close, once of each. Ends with its session. */
export class TransportEventsListener extends Listener<TransportEvent> {}
