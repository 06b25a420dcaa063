// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** What the process ends with. */
export const EXIT = { ok: 0, error: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

/** For the end of a help text. */
export const EXIT_HELP = `
Exit codes: 0 all went well, also when the reader of the output went away; 1 an error, or a sample that was skipped;
2 wrong usage; 130 after Ctrl-C, 143 after SIGTERM (both end cleanly; a second one ends at once).`;
