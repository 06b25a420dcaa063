// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '../errors.js';
import type { Settings } from './config.js';
import type { Link } from './link.js';

/** What has come already, and waits behind a late timer, is heard within this time. */
const LAST_LOOK_MS = 100;

/**
 * Finds out about a server that is gone without a word (a cable pulled, a machine asleep), for which TCP takes minutes.
 * A web page can not send WebSocket pings, so the protocol's own are used.
 *
 * Timers may be very late: a script computes, or the tab is hidden and its timers run once a minute. So silence alone is no
 * sign: a server is given up when it was asked, did not answer in time, and nothing from it waits to be heard either.
 */
export class Heartbeat {
  readonly #period: number;
  readonly #patience: number;
  readonly #ping: () => Promise<unknown>;
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastLook: ReturnType<typeof setTimeout> | undefined;

  constructor({ heartbeat, responseTimeout }: Settings, ping: () => Promise<unknown>) {
    this.#period = heartbeat;
    this.#patience = responseTimeout;
    this.#ping = ping;
  }

  watch(link: Link): void {
    this.stop();
    let buffered = 0;
    let heard = link.heard;
    let lastHeard = performance.now();
    let asked: number | undefined;
    this.#timer = setInterval(() => {
      if (!link.isOpen) {
        link.fail(leaving());
        return;
      }
      const now = performance.now();
      // A link that is still taking bytes is alive, and the ping waits behind them.
      const moving = link.buffered !== buffered;
      buffered = link.buffered;
      if (link.heard !== heard) lastHeard = now;
      if (moving || link.heard !== heard) asked = undefined;
      heard = link.heard;
      if (now - lastHeard < this.#period) return;
      if (asked === undefined) {
        asked = now;
        // Whether it is answered shows in what was heard.
        this.#ping().catch(() => {});
      } else if (now - asked >= this.#patience) {
        this.#lastLook ??= setTimeout(() => {
          this.#lastLook = undefined;
          if (link.heard === heard) giveUp(link, performance.now() - lastHeard);
        }, LAST_LOOK_MS);
      }
    }, this.#period);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#lastLook);
    this.#timer = this.#lastLook = undefined;
  }
}

/** The server has said goodbye, and has not let go of the connection. */
export function leaving(): CoreError {
  return new CoreError('DISCONNECTED', 'the server ends the connection');
}

function giveUp(link: Link, silence: number): void {
  link.fail(new CoreError('DISCONNECTED', `nothing came from the server for ${Math.round(silence)} ms`));
}
