// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { checkedText } from '../columns/checked-text.js';
import { NdjsonError } from './ndjson-error.js';

/** A line that never ends must not fill the memory. */
const MAX_LINE_CHARACTERS = 16 * 2 ** 20;

/** A line and its number, from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/** The lines of a text in UTF-8 that are not blank, chunk by chunk. */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  let rest = '';
  let number = 0;
  for await (const chunk of checkedText(source, (what) => new NdjsonError(`no NDJSON: ${what}`))) {
    const parts = (rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8')).split('\n');
    rest = parts.pop() as string;
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new NdjsonError(`line ${number + parts.length + 1} is longer than ${MAX_LINE_CHARACTERS} characters`);
    }
    const lines = parts.map((text) => lineOf(text, ++number)).filter(isThere);
    if (lines.length > 0) yield lines;
  }
  const last = lineOf(rest, number + 1);
  if (isThere(last)) yield [last];
}

function lineOf(text: string, number: number): Line {
  const start = number === 1 && text.startsWith('\ufeff') ? 1 : 0;
  return { text: start === 0 ? text : text.slice(start), number };
}

function isThere({ text }: Line): boolean {
  return text.trim() !== '';
}
