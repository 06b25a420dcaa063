// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { StandardOutput } from '../sub/sink.js';

/**
 * Lines on standard output that are told again and again: in place on a terminal, as many as fit on it, otherwise one
 * after the other.
 */
export class Screen {
  readonly #sink: StandardOutput;
  /** Whether lines stay in place. */
  readonly live: boolean;
  #shown = 0;

  /** @param machine lines are for programs: each counts, also on a terminal. */
  constructor(machine: boolean, interrupt: AbortSignal) {
    this.#sink = new StandardOutput(interrupt);
    this.live = process.stdout.isTTY === true && !machine;
  }

  /**
   * @param lines safe for a terminal.
   * @throws {ReaderGone}
   */
  async show(lines: readonly string[]): Promise<void> {
    if (!this.live) return this.print(lines);
    const shown = fitting(lines, process.stdout.columns, process.stdout.rows);
    await this.print(shown);
    this.#shown = shown.length;
  }

  /** All lines, in place of what is shown, to stay. @throws {ReaderGone} */
  async print(lines: readonly string[]): Promise<void> {
    const back = this.#shown === 0 ? '' : `\x1b[${this.#shown}A\x1b[0J`;
    this.#shown = 0;
    const text = back + lines.map((line) => `${line}\n`).join('');
    if (text !== '') await this.#sink.write([text]);
  }
}

const INDENT = '    ';

/**
 * The lines in a terminal of a size: a line that is too long goes on in the next one, indented, and what finds no room
 * is counted.
 *
 * @param columns 0 or undefined when the terminal does not tell, as `script` and some serial lines do
 */
export function fitting(lines: readonly string[], columns?: number, rows?: number): readonly string[] {
  const width = columns || UNKNOWN.columns;
  const room = Math.max(2, (rows || UNKNOWN.rows) - 2);
  // Strangers' keys may be very long.
  const wrapped = lines.map((line) => wrap(line.slice(0, width * room), width));
  const all = wrapped.flat();
  if (all.length <= room) return all;
  const shown: string[] = [];
  const end = wrapped.findIndex((part) => shown.length + part.length > room - 1 || !shown.push(...part));
  return [...shown, `and ${lines.length - end} more`];
}

const UNKNOWN = { columns: 80, rows: 24 };

/** The last column stays free: some terminals go to the next line when something stands there. */
function wrap(line: string, width: number): readonly string[] {
  const parts: string[] = [];
  const most = Math.max(width - 1, INDENT.length + 1);
  let rest = line;
  while (rest.length > most) {
    // Between words where there are any.
    const space = rest.lastIndexOf(' ', most);
    const at = space > INDENT.length ? space : most;
    parts.push(rest.slice(0, at));
    rest = INDENT + rest.slice(at).trimStart();
  }
  return [...parts, rest];
}
