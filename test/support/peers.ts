// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { test } from '@jest/globals';

/** The outside judges: other people's implementations. */
export type PeerName = 'python' | 'capnp';

type Missing = { readonly missing: string };
type Python = { readonly python: string } | Missing;

const script = new URL('../../scripts/python-peers.mjs', import.meta.url).href;
const { ensurePython } = (await import(script)) as { ensurePython(): Python };
const python = ensurePython();

const reasons: Readonly<Record<PeerName, string | undefined>> = {
  python: 'missing' in python ? python.missing : undefined,
  capnp: spawnSync('capnp', ['--version']).status === 0 ? undefined : 'no `capnp` tool on the PATH (Debian: capnproto)',
};

for (const [peer, reason] of Object.entries(reasons)) {
  if (reason !== undefined) process.stderr.write(`No peer \`${peer}\`, and its tests can not run: ${reason}\n`);
}

/** The interpreter that has eclipse-zenoh, pyarrow and pycapnp. */
export function pythonPath(): string {
  if ('missing' in python) throw new Error(python.missing);
  return python.python;
}

/**
 * A test against peers. Without one of them it is a skip that shows on a user's machine, and a failure where CI runs.
 */
export function peerTest(
  peers: PeerName | readonly PeerName[],
  name: string,
  run: () => Promise<void> | void,
  limit = 120_000,
): void {
  const missing = [peers].flat().find((peer) => reasons[peer] !== undefined);
  if (missing === undefined) {
    test(name, run, limit);
    return;
  }
  const reason = `the peer \`${missing}\` is missing: ${reasons[missing]}`;
  if (process.env.CI !== 'true') test.skip(`${name} [${reason.split('\n')[0]}]`, run);
  else {
    test(name, () => {
      throw new Error(reason);
    });
  }
}
