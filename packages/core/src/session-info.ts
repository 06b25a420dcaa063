// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendConnectivity, InfoFacts } from './backend.js';
import { LinkEvent, LinkEventsListener, type LinkEventsListenerOptions, LinkInfo } from './link-info.js';
import { declareListener } from './listener.js';
import {
  TransportEvent,
  TransportEventsListener,
  type TransportEventsListenerOptions,
  TransportInfo,
} from './transport-info.js';
import { ZenohId } from './zenoh-id.js';

/** What the session lends its info. */
export interface InfoHost {
  readonly backend: BackendConnectivity;
  /** What ends with the session. */
  readonly owned: Set<AsyncDisposable>;
  check(): void;
}

/** Whom a session knows and how it is connected. Ids and locators are as they were when `Session.info` was called. */
export class SessionInfo {
  readonly #facts: InfoFacts;
  readonly #host: InfoHost;

  constructor(facts: InfoFacts, host: InfoHost) {
    this.#facts = facts;
    this.#host = host;
  }

  /** The session's own id. */
  zid(): ZenohId {
    return ZenohId.fromString(this.#facts.zid);
  }

  /** The routers it is connected to. */
  routersZid(): ZenohId[] {
    return this.#facts.routers.map((zid) => ZenohId.fromString(zid));
  }

  /** The peers it is connected to. */
  peersZid(): ZenohId[] {
    return this.#facts.peers.map((zid) => ZenohId.fromString(zid));
  }

  /**
   * Where the session listens: `tcp/127.0.0.1:40000`. For an endpoint on all interfaces there is one for each address of
   * this machine but those of the loopback interface.
   */
  locators(): string[] {
    return [...this.#facts.locators];
  }

  /** The connections to other nodes now. @throws {CoreError} `SESSION_CLOSED` */
  async transports(): Promise<TransportInfo[]> {
    this.#host.check();
    return (await this.#host.backend.transports()).map((facts) => new TransportInfo(facts));
  }

  /** The links of all transports now. @throws {CoreError} `SESSION_CLOSED` */
  async links(): Promise<LinkInfo[]> {
    this.#host.check();
    return (await this.#host.backend.links()).map((facts) => new LinkInfo(facts));
  }

  /** Listens to transports that open and close. @throws {CoreError} `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async transportEventsListener(options: TransportEventsListenerOptions = {}): Promise<TransportEventsListener> {
    this.#host.check();
    const { backend, owned } = this.#host;
    return declareListener(
      TransportEventsListener,
      options,
      (hear) =>
        backend.listenTransports(options.history ?? false, ({ kind, transport }, lost) =>
          hear(new TransportEvent(kind, new TransportInfo(transport)), lost),
        ),
      { owners: [owned] },
    );
  }

  /** Listens to links that are added and removed. @throws {CoreError} `SESSION_CLOSED`, `INVALID_ARGUMENT`, `NETWORK` */
  async linkEventsListener(options: LinkEventsListenerOptions = {}): Promise<LinkEventsListener> {
    this.#host.check();
    const { backend, owned } = this.#host;
    return declareListener(
      LinkEventsListener,
      options,
      (hear) =>
        backend.listenLinks(options.history ?? false, ({ kind, link }, lost) =>
          hear(new LinkEvent(kind, new LinkInfo(link)), lost),
        ),
      { owners: [owned] },
    );
  }
}
