// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

/** How long a peer may take to close its session. */
const END_LIMIT_MS = 5000;

/**
 * The environment of a peer. With a trace for each error, zenoh's ordinary ones (a full pool) cost a tenth of the time; nobody
 * measures with that.
 */
function surroundings() {
  const { RUST_BACKTRACE, ...env } = process.env;
  return env;
}

/** A peer: commands go to its stdin, answers come from its stdout, a line each. */
export class PeerProcess {
  #child;
  #name;
  /** @type {string[]} */
  #lines = [];
  #errors = '';
  #ended;
  /** The exit code, or the signal. @type {unknown} */
  #end;
  /** @type {() => void} */
  #wake = () => {};

  /** @param {string} name @param {import('./contenders.mjs').Launch} launch */
  constructor(name, { command, args }) {
    this.#name = name;
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: surroundings() });
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => resolve(signal ?? code));
      this.#child.once('error', (error) => {
        this.#errors += error.message;
        resolve(undefined);
      });
    }).then((how) => {
      this.#end = how;
      this.over = true;
      this.#wake();
    });
    this.over = false;
    // A peer that died: `hear` says so.
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#errors = `${this.#errors}${text}`.slice(-2000);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
  }

  /** Undefined when it could not be started. */
  get pid() {
    return this.#child.pid;
  }

  /** @param {string} line */
  say(line) {
    this.#child.stdin.write(`${line}\n`);
  }

  /**
   * What follows `word` in the next line that starts with it; other lines before it are forgotten.
   *
   * @param {string} word @param {number} limitMs
   * @throws {Error} when the peer ends or stays silent
   */
  async hear(word, limitMs) {
    const heard = await this.listen(word, limitMs);
    if (heard !== undefined) return heard;
    const what = this.over ? `ended (${this.#end})` : `was silent for ${Math.round(limitMs / 1000)} s`;
    throw new Error(`the ${this.#name} ${what} before it said ${word}`);
  }

  /** The last it wrote to stderr, if anything. */
  get complaint() {
    const lines = this.#errors.trim().split('\n').slice(-3).join(' | ');
    return lines === '' ? '' : ` (${this.#name}: ${lines})`;
  }

  /** Like `hear`, but undefined instead of an error. @param {string} word @param {number} limitMs */
  async listen(word, limitMs) {
    const deadline = performance.now() + limitMs;
    for (;;) {
      for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
        if (line.startsWith(word)) return line.slice(word.length).trim();
      }
      const left = deadline - performance.now();
      if (this.over || left <= 0) return undefined;
      const stop = new AbortController();
      await Promise.race([
        new Promise((resolve) => {
          this.#wake = () => resolve(undefined);
        }),
        setTimeout(left, undefined, { signal: stop.signal, ref: true }).catch(() => {}),
      ]);
      stop.abort();
    }
  }

  /** Asks it to end, waits, and ends it. */
  async end() {
    if (!this.over) this.#child.stdin.end('quit\n');
    const stop = new AbortController();
    const late = setTimeout(END_LIMIT_MS, true, { signal: stop.signal }).catch(() => false);
    if (await Promise.race([late, this.#ended])) this.#child.kill('SIGKILL');
    stop.abort();
    await this.#ended;
  }
}
