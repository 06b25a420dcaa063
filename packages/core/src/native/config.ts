// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

import { BACKEND, type Backend, type SessionConfig } from '../backend.js';
import { CoreError } from '../errors.js';
import type { ConfigHandle } from './addon.js';
import { nativeBackend } from './backend.js';
import { call } from './load.js';

/** Set by the class below, for the native backend alone. */
export let configHandle: (config: Config) => ConfigHandle;

const OUR_DEFAULTS = [
  ['listen/endpoints', '["tcp/127.0.0.1:0"]'],
  ['transport/shared_memory/transport_optimization/enabled', 'false'],
  ['transport/link/tx/queue/size/data', '16'],
] as const;

/**
 * zenoh's configuration, with zenoh's own keys: see zenoh's DEFAULT_CONFIG.json5.
 *
 * `fromJson5`, `fromFile` and `fromEnv` take exactly what they are given, over zenoh's defaults. `new Config()` starts from
 * zenoh's defaults with three changes, meant for one machine, for the promise of no hidden copy, and for speed:
 *
 * | key | zenoh | here |
 * |---|---|---|
 * | `listen/endpoints` | `tcp/[::]:0` (every interface) | `tcp/127.0.0.1:0` |
 * | `transport/shared_memory/transport_optimization/enabled` | true: payloads of 3 KiB and more are copied into shared memory | false |
 * | `transport/link/tx/queue/size/data` | 2 batches of 64 KiB wait for each link at the default priority | 16: up to 1 MiB for a link, taken as needed |
 */
export class Config implements SessionConfig {
  readonly #handle: ConfigHandle;

  constructor(from?: ConfigHandle) {
    if (typeof from === 'string') {
      const where = '`@zenoh-segments/core/websocket`; in a page the export condition `browser` chooses it';
      throw new CoreError('CONFIG_INVALID', `a locator belongs to the Config of ${where}`);
    }
    this.#handle = from ?? call((native) => native.configDefault());
    if (from === undefined) for (const [key, value] of OUR_DEFAULTS) this.insertJson5(key, value);
  }

  get [BACKEND](): Backend<this> {
    return nativeBackend;
  }

  /** @throws {CoreError} `CONFIG_INVALID` */
  static fromJson5(text: string): Config {
    return new Config(call((native) => native.configFromJson5(text)));
  }

  /** A JSON5, JSON or YAML file. @throws {CoreError} `CONFIG_INVALID` */
  static fromFile(path: string): Config {
    return new Config(call((native) => native.configFromFile(path)));
  }

  /** The file that the environment variable ZENOH_CONFIG names. @throws {CoreError} `CONFIG_INVALID` */
  static fromEnv(): Config {
    return new Config(call((native) => native.configFromEnv()));
  }

  /** Sets one key, such as `scouting/multicast/enabled`, to a JSON5 value. @throws {CoreError} `CONFIG_INVALID` */
  insertJson5(key: string, value: string): void {
    call((native) => native.configInsertJson5(this.#handle, key, value));
  }

  /** The JSON text of one key. @throws {CoreError} `CONFIG_INVALID` when there is no such key */
  getJson(key: string): string {
    return call((native) => native.configGetJson(this.#handle, key));
  }

  static {
    configHandle = (config) => config.#handle;
  }
}
