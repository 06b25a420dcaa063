// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendMatching } from './backend.js';
import { declareListener, Listener, type ListenerOptions } from './listener.js';

/** Whether somebody is there for what is published or asked. */
export class MatchingStatus {
  readonly #matching: boolean;

  constructor(matching: boolean) {
    this.#matching = matching;
  }

  /** Whether there are subscribers that match a publisher's key, or queryables that match a querier's key and target. */
  matching(): boolean {
    return this.#matching;
  }
}

/** Options of `Publisher.matchingListener` and `Querier.matchingListener`. */
export type MatchingListenerOptions = ListenerOptions<MatchingStatus>;

/**
 * Hears each change of whether somebody matches; at first only that somebody does. A change that is over before zenoh has
 * looked is not told: the values alternate. Ends with its publisher or querier, and with the session.
 */
export class MatchingListener extends Listener<MatchingStatus> {}

/** Listens to what a publisher or a querier has. */
export function listenMatching(
  backend: BackendMatching,
  options: MatchingListenerOptions,
  owners: readonly Set<AsyncDisposable>[],
): Promise<MatchingListener> {
  return declareListener(
    MatchingListener,
    options,
    (hear) => backend.listenMatching((matching, lost) => hear(new MatchingStatus(matching), lost)),
    { owners },
  );
}
