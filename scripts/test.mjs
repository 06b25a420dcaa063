// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Builds what is stale, makes the Python peers' environment, runs jest, and ends with the true totals.
// Arguments go to jest: `pnpm test conformance`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { ensurePython } from './python-peers.mjs';
import { ensureRuntimes } from './runtimes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Characters of a failure, and of one after the first few. */
const MOST_TOLD = 1500;
const MOST_BRIEFLY = 120;
const FIRST = 6;
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
  const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(chromium)) {
    console.error(
      `There is no ${chromium}, the tests in the browser fail: \`apt-get install chromium\`, or name one in CHROMIUM`,
    );
  }
}

function totals(report) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } = report;
  // A test file that could not even be loaded is a failure, though it counts no test.
  return [numPassedTests, numFailedTests + numRuntimeErrorTestSuites, numPendingTests + numTodoTests];
}

/** The failures once more, short and at the end: logs that are cut keep them. */
function tellFailures(report) {
  const lines = report.testResults.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const file = relative(join(root, 'test'), name);
    // A file that could not be loaded has a message and no tests.
    if (failed.length === 0) return message === '' ? [] : [`${file}: ${message}`];
    return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}\n${failureMessages.join('\n')}`);
  });
  for (const [index, line] of lines.entries()) {
    const text = stripVTControlCharacters(line).replace(/^.*node_modules.*\n?/gm, '');
    console.error(`\nFAILED ${text.slice(0, index < FIRST ? MOST_TOLD : MOST_BRIEFLY)}`);
  }
}

if (step(process.execPath, ['scripts/build.mjs']) !== 0) process.exit(1);
tellMissingPeers();

const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-test-'));
const output = join(folder, 'report.json');
const jest = join(root, 'test/node_modules/jest/bin/jest.js');
const flags = ['--experimental-vm-modules', '--no-warnings', '--expose-gc'];
const reporters = inCi ? [`--reporters=${join(root, 'scripts/failures-reporter.mjs')}`] : [];
const cwd = join(root, 'test');
const status = step(
  process.execPath,
  [...flags, jest, ...reporters, '--json', `--outputFile=${output}`, ...process.argv.slice(2)],
  // jest --json also writes the report to stdout, where the totals belong. The capnp tool warns of a PWD that is not its own.
  { cwd, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PWD: cwd, NODE_OPTIONS: flags.join(' ') } },
);
let counts = [0, 1, 0];
try {
  const report = JSON.parse(readFileSync(output, 'utf8'));
  counts = totals(report);
  tellFailures(report);
} catch (error) {
  console.error(`jest left no report: ${error.message}`);
}
rmSync(folder, { recursive: true });
const [passed, failed, skipped] = counts;
if (inCi && skipped > 0) console.error('A skipped test is a failure under CI=true.');
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(status !== 0 || failed > 0 || passed === 0 || (inCi && skipped > 0) ? 1 : 0);
