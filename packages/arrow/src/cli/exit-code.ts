// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** What the process ends with. `noData` is what `timeout` ends with. */
export const EXIT = { ok: 0, error: 1, usage: 2, noData: 124, interrupted: 130, terminated: 143 } as const;

/** How a verb ended: with an exit code, or with so many samples skipped. */
export type Outcome = number | { readonly skipped: number };

export function exitCodeOf(outcome: Outcome): number {
  if (typeof outcome === 'number') return outcome;
  return outcome.skipped === 0 ? EXIT.ok : EXIT.error;
}

/** For the end of a help text. */
export const EXIT_HELP = `
Exit codes: 0 all went well, also when the reader of the output went away; 1 an error, or a sample that was skipped;
2 wrong usage; 124 when --duration passed without data; 130 after Ctrl-C, 143 after SIGTERM (both end cleanly, and
wait a second for others at most; a second one ends at once).`;
