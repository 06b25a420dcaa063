// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Schema } from 'apache-arrow';
import { usage } from '../cli-error.js';
import type { OutputKind } from './output-kind.js';

/** What `--with-key` calls its column unless it is given a name. */
export const KEY_COLUMN = 'key';

/** @throws {CliError} `USAGE` for an output that can't have a column of keys. */
export function checkWithKey(name: string | undefined, kind: OutputKind): void {
  if (name === undefined || (kind !== 'arrow' && kind !== 'parquet')) return;
  throw usage(`--with-key is for ndjson and csv (a table shows keys already): ${kind} has the columns that came`);
}

/** @throws {CliError} `USAGE` for a name that a column has. */
export function checkKeyName(name: string | undefined, { fields }: Schema): void {
  if (fields.every((field) => field.name !== name)) return;
  throw usage(`there is a column '${name}' already: --with-key NAME gives that of the key another name`);
}
