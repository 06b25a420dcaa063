// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pythonPath } from './peers.js';
import { HANG_MS } from './until.js';

const scripts = new URL('../peers/', import.meta.url);

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Answer {
  readonly ready?: true;
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** zenoh-ts imports a WebAssembly module, which Node 20 takes for an experiment. */
function interpreter(name: string): [string, ...string[]] {
  if (name.endsWith('.mjs')) return [process.execPath, '--no-warnings', '--experimental-wasm-modules'];
  return [pythonPath(), '-u'];
}

/** A program of test/peers, running: requests and answers are JSON lines over its standard input and output. */
export class JsonPeer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #name: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #stderr = '';
  #calls = 0;
  #end: Error | undefined;

  private constructor(name: string) {
    this.#name = name;
    const [command, ...flags] = interpreter(name);
    const env = { ...process.env, NODE_OPTIONS: '' };
    this.#child = spawn(command, [...flags, fileURLToPath(new URL(name, scripts))], { stdio: 'pipe', env });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    // What was written to a process that is gone: its end tells more.
    this.#child.stdin.on('error', () => {});
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#onLine(line));
    this.#exited = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#fail(`did not start: ${error.message}`);
        resolve();
      });
      this.#child.on('close', (code, signal) => {
        if (code !== 0) this.#fail(`ended with ${code ?? signal}`);
        else this.#fail('ended');
        resolve();
      });
    });
  }

  /** Starts a program of test/peers, gives it to `run`, and ends it whatever happens. */
  static async with<T>(name: string, run: (peer: JsonPeer) => Promise<T>): Promise<T> {
    const peer = new JsonPeer(name);
    let result: T;
    try {
      await peer.#answer(0, `start of ${name}`);
      result = await run(peer);
    } catch (error) {
      // The first failure is the one to tell; a process that hangs after it is a consequence.
      await peer.#close().catch(() => {});
      throw error;
    }
    await peer.#close();
    return result;
  }

  /** Calls an operation of the program by its name there; an exception there rejects with its text. */
  call<R>(op: string, args: Readonly<Record<string, unknown>> = {}): Promise<R> {
    const id = ++this.#calls;
    this.#child.stdin.write(`${JSON.stringify({ id, op, arguments: args })}\n`);
    return this.#answer(id, op) as Promise<R>;
  }

  #answer(id: number, what: string): Promise<unknown> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#error(`gave no answer to \`${what}\` in ${HANG_MS} ms`)), HANG_MS);
      const settle = <V>(done: (value: V) => void) => {
        return (value: V) => {
          clearTimeout(timer);
          this.#waiting.delete(id);
          done(value);
        };
      };
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
    });
  }

  #onLine(line: string): void {
    const answer = JSON.parse(line) as Answer;
    const waiting = this.#waiting.get(answer.id ?? 0);
    if (answer.error === undefined) waiting?.resolve(answer.result);
    else waiting?.reject(this.#error(answer.error));
  }

  #fail(what: string): void {
    this.#end ??= this.#error(what);
    for (const waiting of [...this.#waiting.values()]) waiting.reject(this.#end);
  }

  #error(what: string): Error {
    return new Error(
      `${this.#name}: ${what}${this.#stderr === '' ? '' : `\nits stderr:\n${this.#stderr.slice(-4000)}`}`,
    );
  }

  /** The end of its input ends the program; one that hangs is killed, and that is an error. */
  async #close(): Promise<void> {
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      this.#child.kill('SIGKILL');
    }, HANG_MS);
    this.#child.stdin.end();
    await this.#exited;
    clearTimeout(timer);
    if (hung) throw this.#error(`was killed: it did not end ${HANG_MS} ms after its input`);
  }
}
