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

/** The interpreter that has eclipse-zenoh, pyarrow and pycapnp. */
export function pythonPath(): string {
  if ('missing' in python) throw new Error(python.missing);
  return python.python;
}

/** A test against a peer. Without the peer it is a skip that shows on a user's machine, and a failure where CI runs. */
export function peerTest(peer: PeerName, name: string, run: () => Promise<void> | void, limit = 60_000): void {
  const reason = reasons[peer];
  if (reason === undefined) test(name, run, limit);
  else if (process.env.CI === 'true') {
    test(name, () => {
      throw new Error(`the peer \`${peer}\` is missing: ${reason}`);
    });
  } else test.skip(`${name} [no ${peer}: ${reason.split('\n')[0]}]`, run);
}
