// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { expect } from '@jest/globals';
import { peerTest, pythonPath } from '../support/peers.js';
import { freePort } from '../support/sessions.js';
import { Cli, connect, listen } from './cli.js';

/** Three batches whose dictionary grows by deltas. `write` sends them to standard output, `compare` reads a stream there. */
const PYTHON = `
import sys
import pyarrow as pa

def batch(values):
    kinds = pa.array(values).dictionary_encode()
    return pa.record_batch([pa.array(range(len(values)), pa.int64()), kinds], names=["n", "kind"])

batches = [batch(["a", "b", None, "a"]), batch(["a", "b", "c"]), batch(["a", "b", "c", "d", "d"])]
if sys.argv[1] == "write":
    options = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)
    with pa.ipc.new_stream(sys.stdout.buffer, batches[0].schema, options=options) as writer:
        for each in batches:
            writer.write_batch(each)
else:
    received = list(pa.ipc.open_stream(sys.stdin.buffer))
    for each in received:
        each.validate(full=True)
    print([each.to_pydict() for each in received] == [each.to_pydict() for each in batches])
`;

function python(verb: 'write' | 'compare', input: Uint8Array = new Uint8Array(0)): Uint8Array {
  const { status, stdout, stderr } = spawnSync(pythonPath(), ['-c', PYTHON, verb], { input });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

peerTest('python', 'pyarrow writes what pub reads, and reads what sub writes', async () => {
  const port = await freePort();
  await Cli.with(['sub', '-k', 'a', '--json', '--output', 'arrow', '--count', '3', ...listen(port)], async (sub) => {
    await sub.ready();
    expect((await Cli.run(['pub', '-k', 'a', '--wait-matching', ...connect(port)], python('write'))).code).toBe(0);
    const { code, stdout } = await sub.ended();
    expect(code).toBe(0);
    expect(Buffer.from(python('compare', stdout)).toString().trim()).toBe('True');
  });
});
