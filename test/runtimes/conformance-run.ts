// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Run } from '../conformance/known-gaps.js';
import type { RunEvent } from '../conformance/run.js';

const program = fileURLToPath(new URL('../dist/conformance/run.js', import.meta.url));
/** Of a whole run; the program itself limits each case. */
const LIMIT_MS = 240_000;

/** What a run of the conformance list in some runtime showed. */
export interface Outcome extends Run {
  readonly name: string;
  readonly version: string;
}

interface Ending {
  readonly events: RunEvent[];
  /** Undefined for a clean end. */
  readonly trouble: string | undefined;
}

/** Runs the list; after a crash in one case, which then counts as failed, it goes on with the next. */
export async function runConformance(command: readonly string[], args: readonly string[] = []): Promise<Outcome> {
  const cases: string[] = [];
  const failed = new Map<string, string>();
  let about = { name: '', version: '', cases: 0 };
  for (let from = 0; ; ) {
    const { events, trouble } = await once(command, [...args, '--from', `${from}`]);
    let running: number | undefined;
    for (const event of events) {
      if (event.event === 'start') about = event;
      if (event.event === 'case') cases[event.index] = event.name;
      running = event.event === 'case' ? event.index : undefined;
      if (event.event === 'failed') failed.set(cases[event.index] as string, event.reason);
    }
    if (trouble === undefined) break;
    if (running === undefined) throw new Error(`outside of any case, ${command[0]} ${trouble}`);
    failed.set(cases[running] as string, trouble);
    from = running + 1;
    if (from >= about.cases) break;
  }
  if (cases.length === 0 || cases.length !== about.cases) {
    throw new Error(`${command[0]} ran ${cases.length} of ${about.cases} cases`);
  }
  return { name: about.name, version: about.version, cases, failed };
}

function once([file, ...before]: readonly string[], args: readonly string[]): Promise<Ending> {
  const child = spawn(file as string, [...before, program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      // A crash can cut the last line.
      const lines = stdout.split('\n').slice(0, -1);
      const events = lines.map((line) => JSON.parse(line) as RunEvent);
      const clean = code === 0 && events.at(-1)?.event === 'done';
      const end = `ended with ${signal ?? code}, after ${lines.at(-1) ?? 'nothing'}: ${stderr.slice(-2000)}`;
      resolve({ events, trouble: clean ? undefined : end });
    });
  });
}
