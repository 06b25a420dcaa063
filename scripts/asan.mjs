// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Runs the hostile and the ownership tests under AddressSanitizer: `pnpm asan [jest arguments]`. Linux with gcc.
//
// The C++ half is instrumented. The Rust half is not (that takes a nightly compiler), but the whole process allocates and
// copies through AddressSanitizer's malloc and memcpy, so most of what Rust does to freed memory is seen too.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'target/asan');
const addon = join(target, 'zenoh-segments.node');
const TESTS = ['stress/ownership', 'unit/core/(hostile|copies|addon|external-memory|advanced)'];
/** For each cell of the ownership test; everything takes three times as long as without AddressSanitizer. */
const PUTS = '100';

function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
}

function demand(holds, text) {
  if (holds) return;
  console.error(text);
  process.exit(1);
}

/** The dependencies of an ordinary build serve here too: links to them save compiling 345 crates again. */
function seedTarget() {
  const [from, to] = [join(root, 'target/release'), join(target, 'release')];
  if (existsSync(to) || !existsSync(from)) return;
  mkdirSync(to, { recursive: true });
  const folders = ['deps', 'build', '.fingerprint'].map((name) => join(from, name));
  demand(run('cp', ['-al', ...folders, to]).status === 0, 'the dependencies could not be linked');
}

function build() {
  demand(run(process.execPath, ['scripts/build.mjs']).status === 0, 'the ordinary build failed');
  seedTarget();
  const cargo = ['rustc', '--release', '--locked', '-p', 'zenoh-segments-addon', '--features', 'asan'];
  // The profile strips what AddressSanitizer takes its line numbers from.
  const { status } = run('cargo', [...cargo, '--target-dir', target, '--', '-C', 'strip=none']);
  demand(status === 0, 'the addon did not compile with AddressSanitizer');
  copyFileSync(join(target, 'release/libzenoh_segments_addon.so'), addon);
}

function sanitizer() {
  const { stdout } = spawnSync('gcc', ['-print-file-name=libasan.so'], { encoding: 'utf8' });
  const library = stdout?.trim() ?? '';
  demand(
    library.startsWith('/'),
    "gcc's libasan is missing: it comes with gcc (`apt-get install gcc`, `dnf install libasan`)",
  );
  return library;
}

/** The environment of a process under AddressSanitizer; its reports, and those of its children, go to files. */
function sanitized(reports) {
  return {
    ...process.env,
    LD_PRELOAD: sanitizer(),
    ZENOH_SEGMENTS_ADDON: addon,
    ZENOH_SEGMENTS_STRESS_PUTS: process.env.ZENOH_SEGMENTS_STRESS_PUTS ?? PUTS,
    // A panic that is meant would spend seconds on the names of a backtrace.
    RUST_BACKTRACE: '0',
    // Leaks are not looked for: at exit Node lets go of live Node-API values without freeing its own part of them (40 bytes
    // of napi_create_external each), so every run would report some.
    ASAN_OPTIONS: `detect_leaks=0:log_path=${join(reports, 'asan')}`,
  };
}

/** What was reported, to which the reader's eye goes first: each report's first lines. */
function take(reports) {
  return readdirSync(reports).map((file) => readFileSync(join(reports, file), 'utf8'));
}

/** Silence means something only if a bug makes a noise: memory that is read after the call that lent it. */
function seededBugIsCaught(how) {
  const reports = mkdtempSync(join(tmpdir(), 'zenoh-segments-asan-'));
  const program = `
    const module = { exports: {} };
    process.dlopen(module, process.env.ZENOH_SEGMENTS_ADDON);
    let view = new Uint8Array(5000);
    module.exports.keepLent([view]);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    view = undefined;
    gc();
    // V8 frees the memory on a thread of its own.
    setTimeout(() => { module.exports.${how}(); console.log('not caught'); }, 200);`;
  const { status, stdout } = run(process.execPath, ['--expose-gc', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    env: sanitized(reports),
  });
  const [report = ''] = take(reports);
  rmSync(reports, { recursive: true });
  const caught = status !== 0 && stdout === '' && /heap-use-after-free/.test(report) && report.includes(how);
  console.error(`${how} of memory whose loan has ended: ${caught ? 'caught' : `NOT CAUGHT (${status}): ${report}`}`);
  return caught;
}

function tests(args) {
  const reports = mkdtempSync(join(tmpdir(), 'zenoh-segments-asan-'));
  const flags = ['--experimental-vm-modules', '--no-warnings', '--expose-gc'];
  const { status } = run(process.execPath, [...flags, 'node_modules/jest/bin/jest.js', '--runInBand', ...args], {
    cwd: join(root, 'test'),
    env: sanitized(reports),
  });
  const told = take(reports);
  rmSync(reports, { recursive: true });
  for (const report of told) console.error(report);
  console.error(`AddressSanitizer: ${told.length} reports; jest ended with ${status}`);
  return status === 0 && told.length === 0;
}

demand(process.platform === 'linux', 'AddressSanitizer is run on Linux only');
const started = Date.now();
build();
const seeded = ['readKept', 'copyKept'].map(seededBugIsCaught).every(Boolean);
const clean = seeded && tests(process.argv.length > 2 ? process.argv.slice(2) : TESTS);
console.error(`${Math.round((Date.now() - started) / 1000)} s`);
process.exit(clean ? 0 : 1);
