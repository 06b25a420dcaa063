// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './conformance-run.js';

/**
 * What is known to fail in one runtime, with the reason: test/conformance/known-gaps.<runtime>.txt. Its lines are names of
 * cases; the comment above them says why. No file means no gap.
 */
export function knownGaps(runtime: string): ReadonlyMap<string, string> {
  const file = fileURLToPath(new URL(`../conformance/known-gaps.${runtime}.txt`, import.meta.url));
  return existsSync(file) ? parseGaps(readFileSync(file, 'utf8')) : new Map();
}

export function parseGaps(text: string): ReadonlyMap<string, string> {
  const gaps = new Map<string, string>();
  let reason = '';
  let inComment = false;
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '') continue;
    if (line.startsWith('#')) {
      const part = line.slice(1).trim();
      reason = inComment ? `${reason} ${part}` : part;
      inComment = true;
      continue;
    }
    inComment = false;
    if (reason === '') throw new Error(`a known gap without a reason: ${line}`);
    gaps.set(line, reason);
  }
  return gaps;
}

/** What the list and the run do not agree on; nothing when every failure is known and every known gap still fails. */
export function disagreements({ cases, failed }: Outcome, gaps: ReadonlyMap<string, string>): string[] {
  return [
    ...[...failed].filter(([name]) => !gaps.has(name)).map(([name, why]) => `failed: ${name}: ${why}`),
    ...[...gaps.keys()].filter((name) => !cases.includes(name)).map((name) => `stale, there is no such case: ${name}`),
    ...[...gaps.keys()]
      .filter((name) => cases.includes(name) && !failed.has(name))
      .map((name) => `stale, it passes: ${name}`),
  ];
}
