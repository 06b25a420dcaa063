// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { peerTest, pythonPath } from '../support/peers.js';
import { freePort } from '../support/sessions.js';
import { HANG_MS } from '../support/until.js';
import { Cli, connect } from './cli.js';
import { dataset } from './data.js';

/** Runs a command at a terminal of its own, and writes what it shows to standard output. */
const TERMINAL = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
const bin = fileURLToPath(new URL('../../packages/arrow/bin/zenoh-arrow.js', import.meta.url));
// So many batches that they take longer than a picture of the progress stays.
const args = ['pub', '-k', 'a', '--batch-rows', '1000', '--loop', '20', dataset('flights-200k.arrow')];

peerTest('python', 'on a terminal pub shows how far it is, and clears that for the summary', async () => {
  const command = [process.execPath, bin, ...args, ...connect(await freePort())];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { status, stdout } = spawnSync(pythonPath(), ['-c', TERMINAL, ...command], { env, timeout: HANG_MS });
  const shown = stdout.toString().replaceAll('\u001b', 'ESC');
  expect(shown).toMatch(/\rESC\[K\d+% \d+ batch(es)?, [\d,]+ rows, [\d.]+ MB in [\d.]+ s \([\d.]+ MB\/s\)/);
  expect(shown).toMatch(/\rESC\[Kzenoh-arrow pub: 4,000 batches, 4,000,000 rows, /);
  expect(status).toBe(0);
});

test('in a pipe it shows none of that', async () => {
  const { stderr } = await Cli.run([...args, ...connect(await freePort())]);
  expect(stderr).not.toContain('\r');
  expect(stderr).not.toContain('%');
});
