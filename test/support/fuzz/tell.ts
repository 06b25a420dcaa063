// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { writeSync } from 'node:fs';

/** Tells the process that started this one: a JSON line on stdout, whole before it returns. */
export function tell(line: object): void {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}
