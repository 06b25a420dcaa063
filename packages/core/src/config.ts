// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ConfigHandle } from './native/addon.js';
import { call } from './native/load.js';

/** Set by the class below, for the native backend alone. */
export let configHandle: (config: Config) => ConfigHandle;

const OUR_DEFAULTS = [
  ['listen/endpoints', '["tcp/127.0.0.1:0"]'],
  ['transport/shared_memory/transport_optimization/enabled', 'false'],
] as const;

/**
 * zenoh's configuration, with zenoh's own keys: see zenoh's DEFAULT_CONFIG.json5.
 *
 * `fromJson5`, `fromFile` and `fromEnv` take exactly what they are given, over zenoh's defaults. `new Config()` starts from
 * zenoh's defaults with two changes, meant for one machine and for the promise of no hidden copy:
 *
 * | key | zenoh | here |
 * |---|---|---|
 * | `listen/endpoints` | `tcp/[::]:0` (every interface) | `tcp/127.0.0.1:0` |
 * | `transport/shared_memory/transport_optimization/enabled` | true: payloads of 3 KiB and more are copied into shared memory | false |
 */
export class Config {
  readonly #handle: ConfigHandle;

  constructor(from?: ConfigHandle) {
    this.#handle = from ?? call((native) => native.configDefault());
    if (from === undefined) for (const [key, value] of OUR_DEFAULTS) this.insertJson5(key, value);
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
