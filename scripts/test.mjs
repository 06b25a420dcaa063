// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Builds what is stale, makes the Python peers' environment, runs jest, and ends with the true totals.
// Arguments go to jest: `pnpm test conformance`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePython } from './python-peers.mjs';
import { ensureRuntimes } from './runtimes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const inCi = process.env.CI === 'true';

function step(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options }).status ?? 1;
}

/** A missing peer is told once, here; its tests then skip, or fail under CI=true. */
function tellMissingPeers() {
  const python = ensurePython();
  if ('missing' in python) console.error(`Python peers are missing, their tests are skipped: ${python.missing}`);
  const runtimes = ensureRuntimes();
  if ('missing' in runtimes) console.error(`Other runtimes are missing, their tests are left out: ${runtimes.missing}`);
  if (spawnSync('capnp', ['--version'], { stdio: 'ignore' }).status !== 0) {
    console.error(
      'The capnp tool is missing, its tests are skipped: `apt-get install capnproto`, `brew install capnp`',
    );
  }
}

function totals(report) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } = report;
  // A test file that could not even be loaded is a failure, though it counts no test.
  return [numPassedTests, numFailedTests + numRuntimeErrorTestSuites, numPendingTests + numTodoTests];
}

if (step(process.execPath, ['scripts/build.mjs']) !== 0) process.exit(1);
tellMissingPeers();

const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-test-'));
const output = join(folder, 'report.json');
const jest = join(root, 'test/node_modules/jest/bin/jest.js');
const flags = ['--experimental-vm-modules', '--no-warnings', '--expose-gc'];
const status = step(
  process.execPath,
  [...flags, jest, '--json', `--outputFile=${output}`, ...process.argv.slice(2)],
  // jest --json also writes the report to stdout, where the totals belong.
  {
    cwd: join(root, 'test'),
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: flags.join(' ') },
  },
);
let counts = [0, 1, 0];
try {
  counts = totals(JSON.parse(readFileSync(output, 'utf8')));
} catch (error) {
  console.error(`jest left no report: ${error.message}`);
}
rmSync(folder, { recursive: true });
const [passed, failed, skipped] = counts;
if (inCi && skipped > 0) console.error('A skipped test is a failure under CI=true.');
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(status !== 0 || failed > 0 || passed === 0 || (inCi && skipped > 0) ? 1 : 0);
