// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { BACKEND, type Backend, type SessionConfig } from '../backend.js';
import { CoreError } from '../errors.js';
import { check, checkKnown } from '../qos.js';
import { LONGEST_TIMER } from '../timer.js';
import { webSocketBackend } from './backend.js';
import { urlOf } from './locator.js';
import type { WebSocketConstructor } from './socket.js';

/** How a lost connection is made again. Each wait is up to a quarter longer or shorter, so that clients do not come all at once. */
export interface ReconnectOptions {
  /** Milliseconds before the second attempt, the first being made at once; 100 unless given. It doubles from attempt to attempt. */
  readonly initialDelay?: number | undefined;
  /** The longest wait, in ms; 2,000 unless given. */
  readonly maxDelay?: number | undefined;
  /** After how many attempts the session is given up, and closed; never unless given. */
  readonly attempts?: number | undefined;
}

/** Options of a WebSocket session; times are in ms, sizes in bytes. */
export interface ConfigOptions {
  /** How long an answer of the server is waited for; 10,000 unless given. */
  readonly messageResponseTimeoutMs?: number | undefined;
  /** How long one attempt to connect may take; 5,000 unless given. */
  readonly connectTimeoutMs?: number | undefined;
  /** How a lost connection is made again; false: not at all. */
  readonly reconnect?: ReconnectOptions | false | undefined;
  /** What becomes of puts while there is no connection: they fail with `DISCONNECTED` (default), or wait in the backlog. */
  readonly putsWhileDown?: 'reject' | 'queue' | undefined;
  /**
   * What becomes of gets whose connection is lost: they fail with `DISCONNECTED` (default), or are asked again when it is
   * back, in what is left of their timeout; replies that came before may then come twice.
   */
  readonly getsWhileDown?: 'reject' | 'retry' | undefined;
  /** The most bytes that wait to be sent; 64 MiB unless given. Beyond it a put fails with `BACKLOG_FULL`. */
  readonly backlog?: number | undefined;
  /**
   * The largest message the server takes, as sent; a larger put fails with `MESSAGE_TOO_LARGE`. Unless given, what a server
   * of `Session.open(config, { serve })` tells, and for others 16 MiB, the frame limit of zenoh-plugin-remote-api.
   */
  readonly maxMessage?: number | undefined;
  /** How often the server is asked whether it is still there; 10,000 unless given. */
  readonly heartbeatMs?: number | undefined;
  /** The WebSocket class; the global one unless given. Node 20 has none: give it that of the package `ws`. */
  readonly WebSocket?: WebSocketConstructor | undefined;
}

/** {@link ConfigOptions}, checked and complete. */
export interface Settings {
  readonly url: string;
  readonly responseTimeout: number;
  readonly connectTimeout: number;
  readonly reconnect: { readonly initialDelay: number; readonly maxDelay: number; readonly attempts: number };
  readonly putsWhileDown: 'reject' | 'queue';
  readonly getsWhileDown: 'reject' | 'retry';
  readonly backlog: number;
  readonly maxMessage: number | undefined;
  readonly heartbeat: number;
  readonly WebSocket: WebSocketConstructor;
}

/** Set by the class below, for the backend alone. */
export let settingsOf: (config: Config) => Settings;

/** Where the remote-api server of a WebSocket session is, and how the session behaves. */
export class Config implements SessionConfig {
  /** As given. */
  readonly locator: string;
  readonly messageResponseTimeoutMs: number;
  readonly #settings: Settings;

  /**
   * @param locator `ws/127.0.0.1:10000`, `wss/…`, or a URL `ws://…`
   * @param options or, as in zenoh-ts, `messageResponseTimeoutMs` alone
   * @throws {CoreError} `CONFIG_INVALID` for what is no such locator, and where there is no WebSocket class;
   * `INVALID_ARGUMENT` for a bad option, and for one that there is not
   */
  constructor(locator: string, options: number | ConfigOptions = {}) {
    const given = typeof options === 'number' ? { messageResponseTimeoutMs: options } : options;
    check(typeof given === 'object' && given !== null, 'options object', options);
    checkKnown(given, '`Config`', OPTIONS);
    this.locator = locator;
    this.#settings = complete(locator, given);
    this.messageResponseTimeoutMs = this.#settings.responseTimeout;
  }

  get [BACKEND](): Backend<this> {
    return webSocketBackend;
  }

  static {
    settingsOf = (config) => config.#settings;
  }
}

const OPTIONS: Readonly<Record<keyof ConfigOptions, true>> = {
  messageResponseTimeoutMs: true,
  connectTimeoutMs: true,
  reconnect: true,
  putsWhileDown: true,
  getsWhileDown: true,
  backlog: true,
  maxMessage: true,
  heartbeatMs: true,
  WebSocket: true,
};
const RECONNECT: Readonly<Record<keyof ReconnectOptions, true>> = {
  initialDelay: true,
  maxDelay: true,
  attempts: true,
};
const MEBIBYTE = 1024 * 1024;

function complete(locator: string, options: ConfigOptions): Settings {
  const WebSocket = options.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (typeof WebSocket !== 'function') {
    const how = 'give one: `new Config(locator, { WebSocket })` with that of the package `ws`';
    throw new CoreError('CONFIG_INVALID', `this runtime has no WebSocket (Node has one from version 22): ${how}`);
  }
  const reconnect = options.reconnect === false ? { attempts: 0 } : (options.reconnect ?? {});
  checkKnown(reconnect, '`reconnect`', RECONNECT);
  const [puts, gets] = [options.putsWhileDown ?? 'reject', options.getsWhileDown ?? 'reject'];
  check(puts === 'reject' || puts === 'queue', 'putsWhileDown', puts);
  check(gets === 'reject' || gets === 'retry', 'getsWhileDown', gets);
  const attempts = reconnect.attempts ?? Number.POSITIVE_INFINITY;
  check(
    attempts === Number.POSITIVE_INFINITY || (Number.isSafeInteger(attempts) && attempts >= 0),
    'attempts',
    attempts,
  );
  return {
    url: urlOf(locator),
    responseTimeout: positive('messageResponseTimeoutMs', options.messageResponseTimeoutMs, 10_000),
    connectTimeout: positive('connectTimeoutMs', options.connectTimeoutMs, 5_000),
    reconnect: {
      initialDelay: positive('initialDelay', reconnect.initialDelay, 100),
      maxDelay: positive('maxDelay', reconnect.maxDelay, 2_000),
      attempts,
    },
    putsWhileDown: puts,
    getsWhileDown: gets,
    backlog: positive('backlog', options.backlog, 64 * MEBIBYTE),
    maxMessage: options.maxMessage === undefined ? undefined : positive('maxMessage', options.maxMessage, 0),
    heartbeat: positive('heartbeatMs', options.heartbeatMs, 10_000),
    WebSocket,
  };
}

function positive(name: string, value: number | undefined, fallback: number): number {
  const number = value ?? fallback;
  check(typeof number === 'number' && number > 0 && number <= LONGEST_TIMER, name, value);
  return number;
}
