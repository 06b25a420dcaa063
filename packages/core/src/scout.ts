// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { BACKEND, type HelloFacts, type SessionConfig } from './backend.js';
import type { IntoDuration } from './duration.js';
import { milliseconds } from './duration.js';
import type { WhatAmI } from './enums.js';
import { CoreError } from './errors.js';
import { declareListener, Listener, type ListenerOptions } from './listener.js';
import { check } from './qos.js';
import { LONGEST_TIMER } from './timer.js';
import { type IntoWhatAmIMatcher, WhatAmIMatcher } from './what-am-i-matcher.js';
import { ZenohId } from './zenoh-id.js';

/** The answer of a node that was found. */
export class Hello {
  readonly #facts: HelloFacts;

  constructor(facts: HelloFacts) {
    this.#facts = facts;
  }

  /** Its role. */
  whatami(): WhatAmI {
    return this.#facts.whatami;
  }

  zid(): ZenohId {
    return ZenohId.fromString(this.#facts.zid);
  }

  /** Where it can be connected to: `tcp/127.0.0.1:7447`. */
  locators(): string[] {
    return [...this.#facts.locators];
  }
}

/** Options of `scout`. */
export interface ScoutOptions extends ListenerOptions<Hello> {
  /** How long to scout; until `stop` unless given. */
  readonly timeout?: IntoDuration | undefined;
  /** Stops the scouting: its channel closes. */
  readonly signal?: AbortSignal | undefined;
}

/** A search that goes on. It keeps the process alive until it ends. */
export class Scout extends Listener<Hello> {
  /** Ends the search, as `undeclare`. Idempotent. */
  stop(): Promise<void> {
    return this.undeclare();
  }
}

/** Held here: a search goes on although nobody keeps its `Scout`. */
const running = new Set<AsyncDisposable>();

/**
 * Searches the network for zenoh nodes by UDP multicast, without a session. The question is asked at once and then again
 * after 1, 2, 4, 8, 8, ... s, and every node answers every time: the same node is found again and again.
 *
 * Of the config, `scouting/multicast/address`, `interface` and `ttl` count; `127.0.0.1` as the interface searches this
 * machine alone.
 *
 * @param what which roles to look for
 * @throws {CoreError} `INVALID_ARGUMENT` for no role or a bad option, `CANCELLED`, `NETWORK` when there is no interface to
 * scout on, `ADDON_LOAD`
 */
export async function scout(
  what: IntoWhatAmIMatcher,
  config: SessionConfig,
  options: ScoutOptions = {},
): Promise<Scout> {
  const backend = config?.[BACKEND];
  check(backend !== undefined, 'config', config);
  const roles = new WhatAmIMatcher(what);
  check(!roles.isEmpty(), 'role to look for', what);
  const { signal } = options;
  const timeout = options.timeout === undefined ? undefined : milliseconds(options.timeout, 'timeout');
  check(timeout === undefined || (timeout > 0 && timeout <= LONGEST_TIMER), 'timeout', timeout);
  check(signal === undefined || signal instanceof AbortSignal, 'signal', signal);
  if (signal?.aborted) throw cancelled(signal);
  let timer: ReturnType<typeof setTimeout> | undefined;
  // zenoh has nothing to refuse at the end of a search.
  const stop = () => void scouting.stop();
  const onEnd = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  };
  const scouting = await declareListener(
    Scout,
    options,
    (hear) => backend.scout(roles.mask, config, (facts, lost) => hear(new Hello(facts), lost)),
    { owners: [running], onEnd },
  );
  if (signal?.aborted) {
    await scouting.stop();
    throw cancelled(signal);
  }
  if (timeout !== undefined) timer = setTimeout(stop, timeout);
  signal?.addEventListener('abort', stop, { once: true });
  return scouting;
}

function cancelled(signal: AbortSignal): CoreError {
  return new CoreError('CANCELLED', 'the scouting was cancelled before it began', { cause: signal.reason });
}
