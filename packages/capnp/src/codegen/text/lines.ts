// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

const WIDTH = 120;
const INDENT = '  ';

/** Text that is written line by line, broken and indented as formatters for TypeScript do. */
export class Lines {
  readonly #lines: string[] = [];
  readonly #charge: (characters: number) => void;
  #depth = 0;

  /** @param charge is told of each line before it is kept, and may throw */
  constructor(charge: (characters: number) => void) {
    this.#charge = charge;
  }

  /** A line; an empty one is not repeated. */
  line(text = ''): void {
    if (text === '' && (this.#lines.length === 0 || this.#lines.at(-1) === '')) return;
    const line = text === '' ? '' : INDENT.repeat(this.#depth) + text;
    this.#charge(line.length + 1);
    this.#lines.push(line);
  }

  /** `open`, what `body` writes one step further in, and `close`. */
  block(open: string, body: () => void, close = '}'): void {
    this.line(open);
    this.indented(body);
    this.line(close);
  }

  indented(body: () => void): void {
    this.#depth++;
    body();
    this.#depth--;
  }

  /** `before(items)after` on one line, or an item a line where that would be too long. */
  list(before: string, items: readonly string[], after: string, [open, close] = ['(', ')']): void {
    const pad = open === '{' ? ' ' : '';
    const whole = `${before}${open}${pad}${items.join(', ')}${pad}${close}${after}`;
    if (this.#fits(whole) || items.length === 0) {
      this.line(whole);
      return;
    }
    const body = () => {
      for (const item of items) this.line(`${item},`);
    };
    this.block(before + open, body, close + after);
  }

  /** `before = value`; where that would be too long, a call has an argument a line, and another value a line to itself. */
  assign(before: string, value: string, operator = '='): void {
    const whole = `${before} ${operator} ${value}`;
    const call = /^([\w$.]+)\((.*)\)([^()]*)$/.exec(value);
    if (this.#fits(whole)) {
      this.line(whole);
    } else if (call === null) {
      this.line(`${before} ${operator}`);
      this.line(INDENT + value);
    } else {
      const [, callee, args = '', after = ''] = call;
      this.list(`${before} ${operator} ${callee}`, args.split(/, (?![^(]*\))/), after);
    }
  }

  /** A TSDoc comment, if there is something to say. */
  doc(...paragraphs: string[]): void {
    const said = paragraphs.map((text) => text.trim()).filter((text) => text !== '');
    if (said.length === 0) return;
    // What would end the comment.
    const lines = said.join('\n\n').replaceAll('*/', '*\\/').split(/\r?\n/);
    const [only = ''] = lines;
    if (lines.length === 1 && this.#fits(`/** ${only} */`)) {
      this.line(`/** ${only} */`);
      return;
    }
    this.line('/**');
    for (const text of lines) this.line(` * ${text}`.trimEnd());
    this.line(' */');
  }

  toString(): string {
    return this.#lines.join('\n');
  }

  #fits(text: string): boolean {
    return INDENT.length * this.#depth + text.length <= WIDTH;
  }
}
