// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { LedgerSnapshot } from '@zenoh-segments/core';
import type { Command } from 'commander';
import { codeOf } from './cli-error.js';
import { escapeControls } from './escape.js';
import type { Tally } from './tally.js';
import { megabytes, plural } from './units.js';

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

/**
 * Everything said on standard error: lines for people, or with `--json` one JSON object a line, told apart by `event`
 * (`ready`, `warning`, `summary`, `error`). `--quiet` leaves errors only. Progress needs a terminal.
 */
export class Reporter {
  readonly #verb: string;
  readonly #json: boolean;
  readonly #quiet: boolean;
  readonly #live: boolean;
  #shownAt = 0;
  #shown = false;

  constructor(verb: string, options: ReportOptions) {
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
    if (!this.#quiet) this.#say({ event: 'warning', code, message: text }, escapeControls(text));
  }

  progress(tally: Tally): void {
    const now = performance.now();
    if (!this.#live || now - this.#shownAt < PROGRESS_EVERY_MS) return;
    this.#shownAt = now;
    this.#shown = true;
    process.stderr.write(`\r\x1b[K${flow(tally)}`);
  }

  summary(tally: Tally, ledger: LedgerSnapshot, interrupted: boolean): void {
    if (this.#quiet) return;
    const { batches, rows, bytes, skipped, seconds, bytesPerSecond } = tally;
    const { copied, reasons } = ledger;
    this.#say(
      { event: 'summary', batches, rows, bytes, skipped, seconds, bytesPerSecond, copied, reasons, interrupted },
      `${interrupted ? 'interrupted after ' : ''}${flow(tally)}; ${copies(ledger)}`,
    );
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
      : `zenoh-arrow ${this.#verb}: ${text}`;
    process.stderr.write(`${line}\n`);
  }
}

function flow(tally: Tally): string {
  const { batches, rows, bytes, skipped, seconds, bytesPerSecond } = tally;
  const lost = skipped === 0 ? '' : `, ${plural(skipped, 'sample')} skipped`;
  const amount = `${plural(batches, 'batch', 'batches')}, ${plural(rows, 'row')}, ${megabytes(bytes)}`;
  return `${amount} in ${seconds.toFixed(2)} s (${megabytes(bytesPerSecond)}/s)${lost}`;
}

function copies({ copied, reasons }: LedgerSnapshot): string {
  if (copied === 0) return 'no byte copied';
  const list = Object.entries(reasons).map(([reason, bytes]) => `${reason} ${megabytes(bytes)}`);
  return `copied ${megabytes(copied)} (${list.join(', ')})`;
}
