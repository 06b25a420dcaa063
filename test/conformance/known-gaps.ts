// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { patience } from '../support/until.js';

const GAP_LIMIT_MS = 1_000;

/** What a run of the list showed. */
export interface Run {
  readonly cases: readonly string[];
  /** By case: why it failed. */
  readonly failed: ReadonlyMap<string, string>;
}

/**
 * What is known to fail in one runtime or on one backend, with the reason: test/conformance/known-gaps.<place>.txt. Its lines are names of
 * cases; the comment above them says why. No file means no gap.
 */
export function knownGaps(place: string): ReadonlyMap<string, string> {
  const file = gapsFile(place);
  return existsSync(file) ? parseGaps(readFileSync(file, 'utf8')) : new Map();
}

export function gapsFile(place: string): string {
  return fileURLToPath(new URL(`known-gaps.${place}.txt`, import.meta.url));
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

/** Runs a case that is known to fail: what does not come then is not waited for as long as elsewhere. */
export async function withoutPatience(run: () => Promise<void>): Promise<void> {
  const { limit } = patience;
  patience.limit = GAP_LIMIT_MS;
  try {
    await run();
  } finally {
    patience.limit = limit;
  }
}

/** What the list and the run do not agree on; nothing when every failure is known and every known gap still fails. */
export function disagreements({ cases, failed }: Run, gaps: ReadonlyMap<string, string>): string[] {
  return [
    ...[...failed].filter(([name]) => !gaps.has(name)).map(([name, why]) => `failed: ${name}: ${why}`),
    ...[...gaps.keys()].filter((name) => !cases.includes(name)).map((name) => `stale, there is no such case: ${name}`),
    ...[...gaps.keys()]
      .filter((name) => cases.includes(name) && !failed.has(name))
      .map((name) => `stale, it passes: ${name}`),
  ];
}
