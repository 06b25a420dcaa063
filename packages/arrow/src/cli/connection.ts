// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { statSync } from 'node:fs';
import { Config } from '@zenoh-segments/core';
import { type Command, Option } from 'commander';
import { codeOf, usage } from './cli-error.js';

/** The connection flags of zenoh's own tools. */
export interface ConnectionOptions {
  readonly mode?: string;
  readonly connect?: string[];
  readonly listen?: string[];
  readonly config?: string;
  readonly cfg?: string[];
  readonly multicastScouting: boolean;
}

export const MODES = ['peer', 'client', 'router'];

export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(new Option('-m, --mode <mode>', 'what this node is (peer unless given)').choices(MODES))
    .option('-e, --connect <endpoint>', 'connect to it, such as tcp/192.168.1.2:7447; repeatable', collect)
    .option('-l, --listen <endpoint>', 'listen there; tcp/127.0.0.1:0 unless given; repeatable', collect)
    .option('-c, --config <file>', "zenoh's configuration: JSON5, JSON or YAML")
    .option('--cfg <key:value>', 'set one key of the configuration to a JSON5 value; repeatable', collect)
    .option('--no-multicast-scouting', 'look for no other peers by multicast');
}

export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

/** Later settings win: file, flags, `--cfg`. */
export function configOf(options: ConnectionOptions): Config {
  try {
    const config = options.config === undefined ? new Config() : configFile(options.config);
    // zenoh's default would copy large payloads into shared memory behind our back.
    config.insertJson5('transport/shared_memory/transport_optimization/enabled', 'false');
    if (options.mode !== undefined) config.insertJson5('mode', JSON.stringify(options.mode));
    if (options.connect !== undefined) config.insertJson5('connect/endpoints', JSON.stringify(options.connect));
    if (options.listen !== undefined) config.insertJson5('listen/endpoints', JSON.stringify(options.listen));
    if (!options.multicastScouting) config.insertJson5('scouting/multicast/enabled', 'false');
    for (const pair of options.cfg ?? []) insert(config, pair);
    return config;
  } catch (error) {
    if (codeOf(error) !== 'CONFIG_INVALID') throw error;
    throw usage(`the configuration is refused: ${(error as Error).message}`);
  }
}

/** It is read whole, before anything else can happen: not without end. */
const MAX_CONFIG_BYTES = 2 ** 20;

function configFile(path: string): Config {
  const stat = statSync(path, { throwIfNoEntry: false });
  // One that the system makes up, of no size, may have no end.
  if (stat !== undefined && (!stat.isFile() || stat.size === 0 || stat.size > MAX_CONFIG_BYTES)) {
    const size = stat.size === 0 ? 'it is empty' : `it is larger than ${MAX_CONFIG_BYTES} bytes`;
    const reason = stat.isFile() ? size : 'it is no file';
    throw usage(`the configuration is refused: '${path}': ${reason}`);
  }
  return Config.fromFile(path);
}

function insert(config: Config, pair: string): void {
  const colon = pair.indexOf(':');
  if (colon < 1) throw usage(`--cfg takes KEY:VALUE, such as scouting/multicast/enabled:false, not '${pair}'`);
  config.insertJson5(pair.slice(0, colon), pair.slice(colon + 1));
}
