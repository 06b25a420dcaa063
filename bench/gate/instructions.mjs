// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { min } from 'simple-statistics';
import { PeerProcess } from '../peer-process.mjs';
import { instructionsOf } from './callgrind.mjs';

const PROGRAM = fileURLToPath(new URL('instructing.mjs', import.meta.url));
/** The addon, zenoh included. */
const OBJECT = 'zenoh-segments.node';
const STEPS = 100;
const TRIES = 2;
/** With other work on all CPUs it needs half of this, all in all. */
const LIMIT_MS = 180_000;

/** Whether instructions can be counted here, or why not. */
export function missingTools() {
  const found = spawnSync('valgrind', ['--version']).status === 0;
  return found ? undefined : 'valgrind is missing: instructions of the addon are not counted';
}

/**
 * Instructions of the addon per step, by callgrind, on the thread of JavaScript. Other threads keep links alive by the clock:
 * with theirs, the figures grew on a machine with other work.
 *
 * @param {readonly string[]} names of paths @returns {Promise<Record<string, number>>}
 */
export async function countInstructions(names) {
  const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-gate-'));
  const output = ['--separate-threads=yes', `--callgrind-out-file=${join(folder, 'out')}`];
  const tool = ['--tool=callgrind', '--instr-atstart=no', '--smc-check=all-non-file', ...output];
  // Compiled JavaScript would be translated by valgrind again and again, and is not what is counted.
  const args = [...tool, process.execPath, '--jitless', '--expose-gc', PROGRAM];
  const peer = new PeerProcess('process under valgrind', { command: 'valgrind', args });
  try {
    await peer.hear('ready', LIMIT_MS);
    control('--instr=on', peer);
    /** @type {Record<string, number>} */
    const told = {};
    for (const name of names) {
      const run = async () => {
        peer.say(`${STEPS} ${name}`);
        await peer.hear('done', LIMIT_MS);
      };
      await run();
      control('--zero', peer);
      const tries = [];
      for (let i = 0; i < TRIES; i++) {
        await run();
        control('--dump', peer);
        tries.push(latest(folder) / STEPS);
      }
      told[name] = Math.round(min(tries));
    }
    return told;
  } catch (error) {
    throw new Error(`${/** @type {Error} */ (error).message}${peer.complaint}`);
  } finally {
    await peer.end();
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} command @param {PeerProcess} peer */
function control(command, { pid }) {
  const args = [command, String(pid)];
  const { status, stderr, stdout, error } = spawnSync('callgrind_control', args, {
    encoding: 'utf8',
    timeout: LIMIT_MS,
  });
  if (status !== 0) throw new Error(`callgrind_control ${command} failed: ${error?.message ?? ''}${stdout}${stderr}`);
}

/** What the last dump has of the first thread, the one of JavaScript. @param {string} folder */
function latest(folder) {
  const last = readdirSync(folder)
    .filter((name) => name.endsWith('-01'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
  return instructionsOf(readFileSync(join(folder, String(last)), 'utf8'), OBJECT);
}
