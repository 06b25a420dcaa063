// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ConnectionOptions } from '../connection.js';

const bin = fileURLToPath(new URL('../../../bin/zenoh-arrow.js', import.meta.url));

/** The receiving process. It ends with its standard input, so it does not outlive this one, however that ends. */
export class Responder implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #interrupt: AbortSignal;
  readonly #ended: Promise<number | null>;
  #exitCode: number | null | undefined;

  /** @param locators where this process listens, for when no other place to meet is given. */
  constructor(key: string, connection: ConnectionOptions, locators: readonly string[], interrupt: AbortSignal) {
    this.#interrupt = interrupt;
    const args = [
      'bench',
      '--respond',
      '--until-input-ends',
      '--quiet',
      '--key',
      key,
      ...flagsOf(connection, locators),
    ];
    this.#child = spawn(process.execPath, [bin, ...args], { stdio: ['pipe', 'ignore', 'inherit'] });
    this.#child.stdin?.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', () => resolve(null));
      this.#child.on('close', resolve);
    });
    void this.#ended.then((code) => {
      this.#exitCode = code;
    });
  }

  /** What it ended with, when it has. */
  get exitCode(): number | null | undefined {
    return this.#exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    const late = setTimeout(() => this.#child.kill('SIGKILL'), this.#interrupt.aborted ? HURRY_MS : PATIENCE_MS);
    await this.#ended;
    clearTimeout(late);
  }
}

/** How long it may take to end, in ms, and how long after a signal. */
const PATIENCE_MS = 5000;
const HURRY_MS = 1000;

/** This process's own connection flags; it never listens where this process does. */
function flagsOf(
  { mode, connect, config, cfg, multicastScouting }: ConnectionOptions,
  locators: readonly string[],
): string[] {
  const given = (flag: string, values: readonly string[] = []) => values.flatMap((value) => [flag, value]);
  return [
    ...given('--mode', mode === undefined ? [] : [mode]),
    ...given('--connect', connect ?? (config === undefined ? locators : [])),
    ...given('--config', config === undefined ? [] : [config]),
    ...given('--cfg', ['listen/endpoints:[]', ...(cfg ?? [])]),
    ...(multicastScouting ? [] : ['--no-multicast-scouting']),
  ];
}
