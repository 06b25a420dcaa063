// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The Unix socket that stands for a port. @param {number} port */
export function socketPath(port) {
  return join(tmpdir(), `zenoh-segments-bench-${port}.sock`);
}

/** What peers leave behind: ZeroMQ its socket, zenoh its lock. @param {number} port */
export function removeSocket(port) {
  for (const path of [socketPath(port), `${socketPath(port)}.lock`]) rmSync(path, { force: true });
}
