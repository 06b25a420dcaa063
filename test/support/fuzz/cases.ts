// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CaseOutcome } from './case-worker.js';

/** No input takes that long, on however busy a machine. */
const HANG_MS = 15_000;

/**
 * What came of each of `count` hostile inputs, read in processes that may hang or die.
 *
 * @param program below test/dist/support, with support/fuzz/case-worker.ts as its frame
 * @param heapMiB the heap that it may have
 */
export async function caseOutcomes(program: string, count: number, heapMiB: number): Promise<CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  while (outcomes.length < count) await runFrom(program, count, heapMiB, outcomes);
  return outcomes;
}

/** Runs the program until it ends; where that is not after the last case, the next one did it. */
async function runFrom(name: string, count: number, heapMiB: number, outcomes: CaseOutcome[]): Promise<void> {
  const program = fileURLToPath(new URL(`../../dist/support/${name}`, import.meta.url));
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMiB}`, program, `${outcomes.length}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const kill = () => child.kill('SIGKILL');
  let timer = setTimeout(kill, HANG_MS);
  createInterface({ input: child.stdout }).on('line', (line) => {
    outcomes.push(JSON.parse(line) as CaseOutcome);
    clearTimeout(timer);
    timer = setTimeout(kill, HANG_MS);
  });
  const how = await new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(`${code ?? signal}`));
  });
  clearTimeout(timer);
  if (outcomes.length === count) return;
  const code = `the process ended with ${how}: ${stderr.slice(-2000)}`;
  outcomes.push({ index: outcomes.length, length: 0, ms: 0, bytes: 0, code });
}
