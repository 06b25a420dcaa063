// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { markdownTable } from 'markdown-table';
import { median } from 'simple-statistics';

/** @typedef {import('../goals.mjs').Verdict} Verdict */

/**
 * A row for each goal: what it came to, by the medians of the runs, and in how many runs all of it was met.
 *
 * @param {{ runs: readonly { goals: readonly Verdict[] }[] }} data
 */
export function goalTable({ runs }) {
  /** @type {Map<string, Verdict[]>} */
  const rows = new Map();
  for (const verdict of runs.flatMap(({ goals }) => goals)) {
    const row = `${verdict.path}\n${verdict.goal}`;
    rows.set(row, [...(rows.get(row) ?? []), verdict]);
  }
  const lines = [...rows].map(([row, verdicts]) => {
    const met = runs.filter(({ goals }) => {
      const own = goals.filter(({ path, goal }) => `${path}\n${goal}` === row);
      return own.length > 0 && own.every((verdict) => verdict.met);
    });
    return [...row.split('\n'), came(verdicts), `${met.length} of ${runs.length}`];
  });
  return markdownTable([['path', 'goal', 'median of the runs', 'met in'], ...lines]);
}

/** By what is told apart. @param {readonly Verdict[]} verdicts */
function came(verdicts) {
  const values = [...new Set(verdicts.map(({ at }) => at))].map((at) => {
    const known = verdicts.filter((verdict) => verdict.at === at).flatMap(({ value }) => value ?? []);
    return `${at}: ${known.length === 0 ? 'missing' : Number(median(known).toPrecision(3))}`;
  });
  return values.join(', ');
}
