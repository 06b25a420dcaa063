// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendConnectivity, BackendListener, Hear, InfoFacts, LinkFacts, TransportFacts } from '../backend.js';
import type { SampleKind } from '../enums.js';
import type { OperationId, SessionHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon } from './load.js';

/** The part of a session that tells how it is connected. */
export class NativeConnectivity implements BackendConnectivity {
  readonly #handle: SessionHandle;

  constructor(handle: SessionHandle) {
    this.#handle = handle;
  }

  info(): Promise<InfoFacts> {
    return answer(() => addon().sessionInfo(this.#handle));
  }

  transports(): Promise<TransportFacts[]> {
    return answer(() => addon().sessionTransports(this.#handle));
  }

  links(): Promise<LinkFacts[]> {
    return answer(() => addon().sessionLinks(this.#handle));
  }

  listenTransports(
    history: boolean,
    hear: Hear<{ readonly kind: SampleKind; readonly transport: TransportFacts }>,
  ): Promise<BackendListener> {
    return eventLoop().listen(() => addon().sessionTransportEvents(this.#handle, history), hear);
  }

  listenLinks(
    history: boolean,
    hear: Hear<{ readonly kind: SampleKind; readonly link: LinkFacts }>,
  ): Promise<BackendListener> {
    return eventLoop().listen(() => addon().sessionLinkEvents(this.#handle, history), hear);
  }
}

async function answer<T>(start: () => OperationId): Promise<T> {
  return JSON.parse(await eventLoop().operation<string>(start)) as T;
}
