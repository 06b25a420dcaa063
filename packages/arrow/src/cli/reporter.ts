// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { LedgerSnapshot } from '@zenoh-segments/core';
import type { Command } from 'commander';
import { codeOf } from './cli-error.js';
import { escapeControls } from './escape.js';
import type { GivenUp } from './given-up.js';
import type { Tally } from './tally.js';
import { amount, plural } from './units.js';

/** Flags that say how much is told on standard error. */
export interface ReportOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function addReportOptions(command: Command): Command {
  return command
    .option('--json', 'tell what happens on standard error as JSON, one object a line: ready, warning, summary, error')
    .option('--quiet', 'tell errors only');
}

const PROGRESS_EVERY_MS = 100;
/** Of standard error; warnings beyond are left out. */
const MAX_WAITING_BYTES = 2 ** 20;

/**
 * Everything said on standard error: lines for people, or with `--json` one JSON object a line, told apart by `event`
 * (`ready`, `warning`, `summary`, `error`). `--quiet` leaves errors only. Progress needs a terminal.
 */
export class Reporter {
  readonly #verb: string | undefined;
  readonly #json: boolean;
  readonly #quiet: boolean;
  readonly #live: boolean;
  /** Warnings left out since the last one. */
  #unsaid = 0;
  #shownAt = 0;
  #shown = false;

  /** @param verb undefined before it is known. */
  constructor(verb: string | undefined, options: ReportOptions) {
    this.#verb = verb;
    this.#json = options.json === true;
    this.#quiet = options.quiet === true;
    this.#live = process.stderr.isTTY === true && !this.#json && !this.#quiet;
  }

  /** The session is open and everything is declared. */
  ready(key: string, text: string): void {
    if (!this.#quiet) this.#say({ event: 'ready', key }, escapeControls(text));
  }

  warn(code: string | undefined, text: string): void {
    if (this.#quiet) return;
    // Nobody reads: what waits is in memory, and strangers may decide how many warnings there are.
    if (process.stderr.writableLength > MAX_WAITING_BYTES) {
      this.#unsaid++;
      return;
    }
    this.#sayUnsaid();
    const suffix = code === undefined ? '' : ` [${code}]`;
    this.#say({ event: 'warning', code, message: text }, `${escapeControls(text)}${suffix}`);
  }

  /** What a signal left undone. */
  givenUp(error: GivenUp): void {
    this.warn('GIVEN_UP', `given up: ${error.message}`);
  }

  #sayUnsaid(): void {
    if (this.#unsaid === 0) return;
    const unsaid = `${plural(this.#unsaid, 'warning')} left out: nobody read them`;
    this.#unsaid = 0;
    this.#say({ event: 'warning', message: unsaid }, unsaid);
  }

  /**
   * @param what a tally, or what to show instead.
   * @param done from 0 to 1, when it is known.
   */
  progress(what: Tally | (() => string), done?: number): void {
    const now = performance.now();
    if (!this.#live || now - this.#shownAt < PROGRESS_EVERY_MS) return;
    this.#shownAt = now;
    this.#shown = true;
    const share = done === undefined ? '' : `${Math.floor(done * 100)}% `;
    process.stderr.write(`\r\x1b[K${share}${typeof what === 'function' ? what() : flow(what)}`);
  }

  summary(tally: Tally, ledger: LedgerSnapshot, interrupted: boolean): void {
    if (this.#quiet) return;
    const { batches, rows, bytes, skipped, unwritten, lost, seconds, bytesPerSecond } = tally;
    const { copied, reasons } = ledger;
    this.#sayUnsaid();
    this.#say(
      {
        event: 'summary',
        ...{ batches, rows, bytes, skipped, unwritten, lost, seconds, bytesPerSecond, copied, reasons, interrupted },
      },
      `${interrupted ? 'interrupted after ' : ''}${flow(tally)}; ${copies(ledger)}`,
    );
  }

  /** The end of a verb that is not about batches: what `--json` tells of it, and the same for people. */
  ended(facts: Readonly<Record<string, unknown>>, text: string): void {
    if (this.#quiet) return;
    this.#sayUnsaid();
    this.#say({ event: 'summary', ...facts }, escapeControls(text));
  }

  error(error: unknown): void {
    const code = codeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    // Some messages have several lines.
    const lines = message.split('\n').map(escapeControls).join('\n');
    this.#say({ event: 'error', code, message }, `${code === undefined ? '' : `${code}: `}${lines}`);
  }

  /** Both forms are safe to show: keys and messages can come from strangers. */
  #say(object: Readonly<Record<string, unknown>>, text: string): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
    this.#shown = false;
    const line = this.#json
      ? escapeControls(JSON.stringify({ verb: this.#verb, ...object }))
      : `zenoh-arrow${this.#verb === undefined ? '' : ` ${this.#verb}`}: ${text}`;
    process.stderr.write(`${line}\n`);
  }
}

function flow(tally: Tally): string {
  const { batches, rows, bytes, skipped, unwritten, lost, seconds, bytesPerSecond } = tally;
  const missing =
    (skipped === 0 ? '' : `, ${plural(skipped, 'sample')} skipped`) +
    (unwritten === 0 ? '' : `, ${plural(unwritten, 'batch', 'batches')} not written`) +
    (lost === 0 ? '' : `, ${plural(lost, 'message')} lost to a subscriber`);
  const all = `${plural(batches, 'batch', 'batches')}, ${plural(rows, 'row')}, ${amount(bytes)}`;
  const rate = bytesPerSecond === undefined ? '' : ` (${amount(bytesPerSecond)}/s)`;
  return `${all} in ${seconds.toFixed(2)} s${rate}${missing}`;
}

function copies({ copied, reasons }: LedgerSnapshot): string {
  if (copied === 0) return 'no byte copied';
  const list = Object.entries(reasons).map(([reason, bytes]) => `${reason} ${amount(bytes)}`);
  return `copied ${amount(copied)} (${list.join(', ')})`;
}
