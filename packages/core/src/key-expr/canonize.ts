// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/**
 * The canonical form of a key expression: repeated `$*` become one, a chunk of only `$*` becomes `*`, `**` after `**`
 * is dropped, and `**` moves behind the `*` that follow it. What is invalid stays so: the result must be validated.
 */
export function canonize(text: string): string {
  const chunks: string[] = [];
  let doubleWild = false;
  for (const raw of text.split('/')) {
    const chunk = raw.replace(/(?:\$\*)+/g, '$$*');
    if (chunk === '**') {
      doubleWild = true;
    } else if (chunk === '*' || chunk === '$*') {
      chunks.push('*');
    } else {
      if (doubleWild) chunks.push('**');
      doubleWild = false;
      chunks.push(chunk);
    }
  }
  if (doubleWild) chunks.push('**');
  return chunks.join('/');
}
