// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';
import { HANG_MS, until } from './until.js';

/** Programs of the running test: none outlives it, whatever state it is in. */
const running = new Set<ChildProcessByStdio<null, Readable, Readable>>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process under test. */
export class Program {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  stdout = '';
  stderr = '';
  readonly #end: Promise<Ended>;

  /**
   * @param wrapper a command, with its arguments, that starts what follows
   * @param interpreter what runs the file; Node unless given
   */
  constructor(
    file: string,
    args: readonly string[] = [],
    env: Record<string, string> = {},
    wrapper: readonly string[] = [],
    interpreter: readonly string[] = [process.execPath, '--expose-gc'],
  ) {
    const [command, ...rest] = [...wrapper, ...interpreter, file, ...args] as [string, ...string[]];
    this.child = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', ...env },
    });
    running.add(this.child);
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.#end = new Promise((resolve) => {
      this.child.on('close', (code, signal) => resolve({ code, signal, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** Waits for a line of its output. */
  says(text: string, limit = HANG_MS): Promise<void> {
    return until(
      `the program says ${text}; it said ${this.stdout}${this.stderr}`,
      () => this.stdout.includes(text),
      limit,
    );
  }

  /** How it ended; a program still running after `limit` ms is killed, and that is a failure. */
  async ended(limit = HANG_MS): Promise<Ended> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), limit);
    const result = await this.#end;
    clearTimeout(timer);
    if (result.signal === 'SIGKILL')
      throw new Error(`still running after ${limit} ms:\n${this.stdout}\n${this.stderr}`);
    return result;
  }
}

/** One of the programs beside a test file. */
export function program(
  base: string,
  name: string,
  args: readonly string[] = [],
  env?: Record<string, string>,
): Program {
  return new Program(fileURLToPath(new URL(`programs/${name}.mjs`, base)), args, env);
}
