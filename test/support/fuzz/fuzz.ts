// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FuzzFigures, FuzzLine } from './worker.js';

/** Nothing is read that long, on however busy a machine: a hang. */
const HANG_MS = 30_000;
const LOOK_MS = 1_000;
const MOST_FAILURES = 2_000;

export interface FuzzResult {
  /** One for each kind of failure, the first of it. */
  readonly failures: readonly string[];
  readonly figures: readonly FuzzFigures[];
}

/** Damaged inputs, and who reads them. */
export interface FuzzJob {
  /** A program below test/dist/support that support/fuzz/worker.ts is the frame of. */
  readonly program: string;
  /** Its corpus: a file. */
  readonly corpus: string;
  readonly seed: number;
  readonly count: number;
  /** The heap that a process may have: what one input may take, and what Node and the corpus need. */
  readonly heapMiB: number;
}

const PROCESSES = 2;

/** Reads the damaged inputs, in processes that may crash or hang, which is a failure of that input. */
export async function fuzz(job: FuzzJob): Promise<FuzzResult> {
  const { seed, count } = job;
  const failures = new Failures();
  const figures: FuzzFigures[] = [];
  const share = Math.ceil(count / PROCESSES);
  await Promise.all(
    Array.from({ length: PROCESSES }, async (_, i) => {
      const end = Math.min(count, (i + 1) * share);
      let next = i * share;
      while (next < end && failures.count < MOST_FAILURES) {
        const process = new FuzzProcess(job, `${job.corpus}.${i}`, next, end, failures);
        const died = await process.ended();
        if (process.figures !== undefined) figures.push(process.figures);
        if (died === undefined) break;
        failures.add(`SEED=${seed}, input ${died.index}`, died.what);
        next = died.index + 1;
      }
    }),
  );
  return { failures: failures.texts(), figures };
}

/** Failures by kind: what they say in their first line, numbers apart. */
class Failures {
  count = 0;
  readonly #kinds = new Map<string, { readonly text: string; times: number }>();

  add(where: string, what: string): void {
    this.count++;
    const kind = what.split('\n')[0]!.replaceAll(/\[[0-9a-f ]*\]|0x[0-9a-f]+|\d+/g, '#');
    const known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, { text: `${where}: ${what}`, times: 1 });
    else known.times++;
  }

  texts(): string[] {
    return [...this.#kinds.values()].map(({ text, times }) => `${times} times, first at ${text}`);
  }
}

class FuzzProcess {
  figures: FuzzFigures | undefined;
  readonly #child: ChildProcess;
  readonly #indexPath: string;
  readonly #watch: NodeJS.Timeout;
  #hung = false;
  #stderr = '';

  constructor(job: FuzzJob, indexPath: string, first: number, end: number, failures: Failures) {
    this.#indexPath = indexPath;
    const { corpus, seed } = job;
    const program = fileURLToPath(new URL(`../../dist/support/${job.program}`, import.meta.url));
    const flags = [`--max-old-space-size=${job.heapMiB}`, '--max-semi-space-size=4'];
    this.#child = spawn(process.execPath, [...flags, program, corpus, indexPath, `${seed}`, `${first}`, `${end}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    createInterface({ input: this.#child.stdout! }).on('line', (text) => {
      const line = JSON.parse(text) as FuzzLine;
      if (line.kind === 'end') this.figures = line;
      else {
        const { index, of, what, base64 } = line;
        failures.add(`SEED=${seed}, input ${index}, ${of}`, `${what}\n${base64.slice(0, 20_000)}`);
        if (failures.count >= MOST_FAILURES) this.#child.kill('SIGTERM');
      }
    });
    this.#watch = this.#watched();
  }

  /** Undefined for an end as it should be, or after too many failures. */
  async ended(): Promise<{ readonly index: number; readonly what: string } | undefined> {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      this.#child.on('close', (...how) => resolve(how));
    });
    clearInterval(this.#watch);
    if (code === 0 || signal === 'SIGTERM') return undefined;
    const what = this.#hung ? `hung for ${HANG_MS} ms` : `the process ended with ${code ?? signal}:\n${this.#stderr}`;
    return { index: this.#index() ?? Number.POSITIVE_INFINITY, what };
  }

  #watched(): NodeJS.Timeout {
    let index = this.#index();
    let since = Date.now();
    return setInterval(() => {
      const now = this.#index();
      if (now !== index) {
        index = now;
        since = Date.now();
      } else if (Date.now() - since > HANG_MS) {
        this.#hung = true;
        this.#child.kill('SIGKILL');
      }
    }, LOOK_MS);
  }

  /** The input that the process is at; undefined before its first. */
  #index(): number | undefined {
    try {
      const text = readFileSync(this.#indexPath, 'utf8').trim();
      return text === '' ? undefined : Number(text);
    } catch {
      return undefined;
    }
  }
}
