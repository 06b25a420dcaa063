// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { KeFormatError } from '../../errors.js';
import { includes } from '../includes.js';
import { quote, validate } from '../validate.js';

/** One field of a format, and the text between it and the field before. */
export interface FormatSegment {
  /** With the slashes at its ends: empty, `/`, `a/b/` or `/a/b/`. */
  readonly prefix: string;
  readonly id: string;
  /** A canonical key expression. */
  readonly pattern: string;
  /** Included by the pattern; empty only where that is `**`. */
  readonly fallback: string | undefined;
}

export interface FormatParts {
  readonly segments: readonly FormatSegment[];
  /** What follows the last field: empty or `/a/b`; without any field the whole text. */
  readonly suffix: string;
}

/** Takes the text of a format apart. @throws {KeFormatError} `KEY_FORMAT_INVALID` */
export function formatParts(text: string): FormatParts {
  const segments: FormatSegment[] = [];
  let done = 0;
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at)) {
    if (text[at + 1] === '*') throw invalid(text, 'wildcards are allowed in fields only');
    const [open, close] = text[at + 1] === '#' ? ['$#{', '}#'] : ['${', '}'];
    if (!text.startsWith(open, at)) throw invalid(text, `\`$\` at ${at} starts no field: \`\${id:pattern}\``);
    const end = text.indexOf(close, at + open.length);
    if (end < 0) throw invalid(text, `the field at ${at} has no end`);
    const after = end + close.length;
    const prefix = text.slice(done, at);
    if (at > 0 && text[at - 1] !== '/')
      throw invalid(text, `the field at ${at} is not a whole chunk: no \`/\` before it`);
    if (after < text.length && text[after] !== '/') {
      throw invalid(text, `the field at ${at} is not a whole chunk: no \`/\` after it`);
    }
    checkBetween(text, prefix, done === 0, false);
    segments.push({ prefix, ...field(text, text.slice(at + open.length, end), segments) });
    done = at = after;
  }
  const suffix = text.slice(done);
  if (suffix !== '' || segments.length === 0) checkBetween(text, suffix, done === 0, true);
  return { segments, suffix };
}

function invalid(text: string, why: string, id?: string): KeFormatError {
  return new KeFormatError('KEY_FORMAT_INVALID', `${quote(text)} is not a key format: ${why}`, id);
}

/** A text between fields: chunks without wildcards, with a slash towards each field. */
function checkBetween(text: string, between: string, first: boolean, last: boolean): void {
  if (between.includes('*')) throw invalid(text, 'wildcards are allowed in fields only');
  if (!last && between === (first ? '' : '/')) return;
  checked(text, between.slice(first ? 0 : 1, last ? between.length : -1));
}

function checked(text: string, keyExpr: string, id?: string): void {
  try {
    validate(keyExpr);
  } catch (error) {
    throw invalid(text, (error as Error).message, id);
  }
}

function field(text: string, spec: string, others: readonly FormatSegment[]): Omit<FormatSegment, 'prefix'> {
  const colon = spec.indexOf(':');
  if (colon < 0) throw invalid(text, `the field ${quote(spec)} has no \`:\``);
  const id = spec.slice(0, colon);
  if (others.some((other) => other.id === id)) throw invalid(text, `two fields are called ${quote(id)}`, id);
  const sharp = spec.indexOf('#', colon);
  const pattern = spec.slice(colon + 1, sharp < 0 ? spec.length : sharp);
  checked(text, pattern, id);
  if (sharp < 0) return { id, pattern, fallback: undefined };
  const fallback = spec.slice(sharp + 1);
  if (fallback !== '') checked(text, fallback, id);
  if (!fits(pattern, fallback))
    throw invalid(text, `the default ${quote(fallback)} does not fit ${quote(pattern)}`, id);
  return { id, pattern, fallback };
}

/** Whether a field of this pattern can be this canonical key expression, or nothing. */
export function fits(pattern: string, value: string): boolean {
  return value === '' ? pattern === '**' : includes(pattern, value);
}
