// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HANG_MS, until } from '../support/until.js';

const bin = fileURLToPath(new URL('../../packages/arrow/bin/zenoh-arrow.js', import.meta.url));

/** One line of `--json`. */
export interface CliEvent {
  readonly event: 'ready' | 'warning' | 'summary' | 'error';
  readonly code?: string;
  readonly message?: string;
  readonly batches?: number;
  readonly rows?: number;
  readonly bytes?: number;
  readonly skipped?: number;
  readonly unwritten?: number;
  readonly lost?: number;
  readonly samples?: number;
  readonly messages?: number;
  readonly keys?: number;
  readonly copied?: number;
  readonly reasons?: Readonly<Record<string, number>>;
  readonly interrupted?: boolean;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly summary: CliEvent | undefined;
}

/** A running `zenoh-arrow`, in a process of its own. */
export class Cli {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #stdout: Buffer[] = [];
  readonly #ended: Promise<number | null>;
  stderr = '';

  private constructor(args: readonly string[], wrapper: readonly string[]) {
    const [command, ...rest] = [...wrapper, process.execPath, bin, ...args] as [string, ...string[]];
    this.child = spawn(command, rest, { env: { ...process.env, NODE_OPTIONS: '' } });
    this.child.stdout.on('data', (chunk: Buffer) => this.#stdout.push(chunk));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    // What is written to a process that is gone: its exit code tells more.
    this.child.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => this.child.on('close', (code) => resolve(code)));
  }

  /**
   * Starts it, gives it to `run`, and kills it in the end if it is still there.
   *
   * @param wrapper a command, with its arguments, that starts what follows
   */
  static async with<T>(
    args: readonly string[],
    run: (cli: Cli) => Promise<T>,
    wrapper: readonly string[] = [],
  ): Promise<T> {
    const cli = new Cli(args, wrapper);
    try {
      return await run(cli);
    } finally {
      cli.child.kill('SIGKILL');
      await cli.#ended;
    }
  }

  /** Runs it to its end. */
  static run(args: readonly string[], stdin: Uint8Array | string = ''): Promise<Ended> {
    return Cli.with(args, (cli) => {
      cli.child.stdin.end(stdin);
      return cli.ended();
    });
  }

  get stdout(): Buffer {
    return Buffer.concat(this.#stdout);
  }

  /** What was told with `--json` so far. */
  events(): CliEvent[] {
    const lines = this.stderr.split('\n').slice(0, -1);
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as CliEvent);
  }

  async ready(): Promise<void> {
    await until('it is ready', () => this.child.exitCode !== null || this.events().some((e) => e.event === 'ready'));
    if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode}: ${this.stderr}`);
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }

  async ended(): Promise<Ended> {
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(new Error(`still running after ${HANG_MS} ms: ${this.stderr}`)), HANG_MS);
    });
    const code = await Promise.race([this.#ended, limit]).finally(() => clearTimeout(late));
    const summary = this.events().find(({ event }) => event === 'summary');
    return { code, stdout: this.stdout, stderr: this.stderr, summary };
  }

  /** The shared-memory files that the process has mapped now. */
  shmFiles(): string[] {
    const maps = readFileSync(`/proc/${this.child.pid}/maps`, 'utf8');
    return [...new Set(maps.match(/\/dev\/shm\/\S+\.zenoh/g) ?? [])];
  }
}

export function leftOver(files: readonly string[]): string[] {
  return files.filter((file) => existsSync(file));
}

const ALONE = ['--no-multicast-scouting', '--cfg', 'scouting/gossip/enabled:false'];

export function listen(port: number): string[] {
  return ['-l', `tcp/127.0.0.1:${port}`, ...ALONE];
}

export function connect(port: number): string[] {
  return ['-e', `tcp/127.0.0.1:${port}`, ...ALONE];
}
