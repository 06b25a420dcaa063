// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { codeOf } from '../cli-error.js';

/** Works; works, but not as well as it could; does not work. */
export type Status = 'ok' | 'warning' | 'fault';

/** What a check found. Texts may come from strangers. */
export interface Finding {
  readonly check: string;
  readonly status: Status;
  readonly text: string;
  /** What to do. */
  readonly advice?: string;
  /** The figures behind it, for `--json`. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What went wrong, with its code. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
}
