// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { LinkFacts } from './backend.js';
import type { Reliability, SampleKind } from './enums.js';
import { Listener, type ListenerOptions } from './listener.js';
import { ZenohId } from './zenoh-id.js';

/** One data link of a transport, such as a TCP connection. */
export class LinkInfo {
  readonly #facts: LinkFacts;

  constructor(facts: LinkFacts) {
    this.#facts = facts;
  }

  /** The node at the other end. */
  zid(): ZenohId {
    return ZenohId.fromString(this.#facts.zid);
  }

  /** Our end, as a locator: `tcp/127.0.0.1:40000`. */
  src(): string {
    return this.#facts.src;
  }

  /** The other end, as a locator. */
  dst(): string {
    return this.#facts.dst;
  }

  /** The multicast group, as a locator; undefined for unicast. */
  group(): string | undefined {
    return this.#facts.group ?? undefined;
  }

  /** The largest batch the link takes, in bytes. */
  mtu(): number {
    return this.#facts.mtu;
  }

  /** Whether the link is a stream of bytes rather than of datagrams. */
  isStreamed(): boolean {
    return this.#facts.isStreamed;
  }

  /** Names of the network interfaces it goes through. */
  interfaces(): string[] {
    return [...this.#facts.interfaces];
  }

  /** Who the other end proved to be: the common name of its TLS or QUIC certificate. */
  authIdentifier(): string | undefined {
    return this.#facts.authIdentifier ?? undefined;
  }

  /** The priorities it carries, the most urgent first, 0 being zenoh's own control messages; undefined without QoS. */
  priorities(): [number, number] | undefined {
    return this.#facts.priorities === null ? undefined : [...this.#facts.priorities];
  }

  /** Undefined without QoS. */
  reliability(): Reliability | undefined {
    return this.#facts.reliability ?? undefined;
  }
}

/** A link that was added or removed. */
export class LinkEvent {
  readonly #kind: SampleKind;
  readonly #link: LinkInfo;

  constructor(kind: SampleKind, link: LinkInfo) {
    this.#kind = kind;
    this.#link = link;
  }

  /** `PUT`: added; `DELETE`: removed. */
  kind(): SampleKind {
    return this.#kind;
  }

  link(): LinkInfo {
    return this.#link;
  }
}

/** Options of `SessionInfo.linkEventsListener`. */
export interface LinkEventsListenerOptions extends ListenerOptions<LinkEvent> {
  /** Whether links that stand already are told first; false unless given. */
  history?: boolean | undefined;
}

/** Hears of links that are added and removed, once of each. Ends with its session. */
export class LinkEventsListener extends Listener<LinkEvent> {}
