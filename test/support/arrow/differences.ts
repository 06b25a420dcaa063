// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Column } from './column.js';

const SHOWN = 300;

/** Columns of two lists of batches that are not the same, as texts. Much faster than a deep comparison. */
export function differences(
  actual: readonly (readonly Column[])[],
  expected: readonly (readonly Column[])[],
): string[] {
  if (actual.length !== expected.length) return [`${actual.length} batches instead of ${expected.length}`];
  return expected.flatMap((columns, index) => batchDifferences(actual[index]!, columns));
}

function batchDifferences(actual: readonly Column[], expected: readonly Column[]): string[] {
  if (actual.length !== expected.length) return [`${actual.length} columns instead of ${expected.length}`];
  return expected.flatMap((column, index) => {
    const [is, should] = [actual[index]!, column].map(({ name, type, values }) => JSON.stringify([name, type, values]));
    if (is === should) return [];
    let at = 0;
    while (is![at] === should![at]) at++;
    const from = Math.max(0, at - 40);
    return [`${column.name}: ${is!.slice(from, from + SHOWN)}\n instead of ${should!.slice(from, from + SHOWN)}`];
  });
}
