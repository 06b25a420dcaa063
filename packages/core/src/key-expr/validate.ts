// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '../errors.js';
import { canonize } from './canonize.js';

/** One pass that accepts the usual key at once: no wildcard, no empty chunk, nothing forbidden. */
const UNUSUAL = /^$|^\/|\/\/|\/$|[#?$*]|\p{Surrogate}/u;

const MAX_QUOTE = 200;

/** What a chunk may not hold; the match tells the place. */
const CHUNK_RULES: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'empty chunk (leading, trailing and double `/` are forbidden)'],
  [/^\$\*$/, '`$*` alone in a chunk is written `*`'],
  [/[#?]/, '`#` and `?` are forbidden'],
  [/(?<!\$)\*/, '`*` must follow `$`, or be a chunk of its own as `*` or `**`'],
  [/\$(?!\*)/, '`$` is only allowed in `$*`'],
  [/\$\*\$/, '`$*` is not allowed after `$*`'],
  [/\p{Surrogate}/u, 'lone surrogate (not a Unicode text)'],
];

/**
 * Throws `KEY_EXPR_INVALID` unless the text is a canonical key expression. The message says why, where (an index into
 * the string), and the canonical form when there is one.
 */
export function validate(text: string): void {
  const fault = findFault(text);
  if (fault === undefined) return;
  const canonical = canonize(text);
  const remedy = findFault(canonical) === undefined ? `; the canonical form is ${quote(canonical)}` : '';
  throw new CoreError('KEY_EXPR_INVALID', `invalid key expression ${quote(text)}: ${fault}${remedy}`);
}

/** The text for a message, which must not grow with what a peer or a file sends. */
export function quote(text: string): string {
  return text.length <= MAX_QUOTE ? `\`${text}\`` : `\`${text.slice(0, MAX_QUOTE)}...\` (${text.length} characters)`;
}

function findFault(text: string): string | undefined {
  if (!UNUSUAL.test(text)) return undefined;
  let start = 0;
  let before = '';
  for (const chunk of text.split('/')) {
    const fault = wildcardFault(before, chunk) ?? chunkFault(chunk);
    if (fault !== undefined) return `${fault.reason}, at index ${start + fault.index}`;
    start += chunk.length + 1;
    before = chunk;
  }
  return undefined;
}

interface Fault {
  readonly reason: string;
  /** The place in the chunk. */
  readonly index: number;
}

function wildcardFault(before: string, chunk: string): Fault | undefined {
  if (before !== '**') return undefined;
  if (chunk === '*') return { reason: '`**/*` is written `*/**`', index: 0 };
  if (chunk === '**') return { reason: '`**/**` is written `**`', index: 0 };
  return undefined;
}

function chunkFault(chunk: string): Fault | undefined {
  if (chunk === '*' || chunk === '**') return undefined;
  for (const [rule, reason] of CHUNK_RULES) {
    const index = chunk.search(rule);
    if (index >= 0) return { reason, index };
  }
  return undefined;
}
