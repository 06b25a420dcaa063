// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { usage } from '../cli-error.js';

export const OUTPUTS = ['table', 'ndjson', 'csv', 'arrow', 'parquet', 'none'] as const;

export type OutputKind = (typeof OUTPUTS)[number];

/** Where the output goes, and as what. */
export interface OutputOptions {
  /** By the path's extension, or by where standard output goes, unless given. */
  readonly kind: OutputKind | undefined;
  /** Standard output unless given. */
  readonly path: string | undefined;
  /** Whether a file that is there is overwritten. */
  readonly force: boolean;
}

const BY_EXTENSION: Readonly<Record<string, OutputKind>> = {
  '.txt': 'table',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'ndjson',
  '.csv': 'csv',
  '.arrows': 'arrow',
  '.parquet': 'parquet',
  '.pq': 'parquet',
};

/** Names that promise something else than what is written. */
const OTHERS: Readonly<Record<string, readonly [what: string, written: string, kind: OutputKind, extension: string]>> =
  {
    '.arrow': ['Arrow files, which end with an index', 'an Arrow stream', 'arrow', '.arrows'],
    '.feather': ['Arrow files, which end with an index', 'an Arrow stream', 'arrow', '.arrows'],
    '.ipc': ['Arrow files or streams', 'an Arrow stream', 'arrow', '.arrows'],
    '.tsv': ['values separated by tabs', 'values separated by commas', 'csv', '.csv'],
  };

/** For a flag's value that is no kind of output, but looks as if a file was meant. */
export function kindFrom(text: string): OutputKind {
  const kind = OUTPUTS.find((each) => each === text);
  if (kind !== undefined) return kind;
  const isPath = /[./\\]/.test(text);
  const advice = isPath ? ` A file is given with -o (--file): -o ${text}` : '';
  throw new InvalidArgumentError(`Allowed choices are ${OUTPUTS.join(', ')}.${advice}`);
}

/** @throws {CliError} `USAGE` */
export function kindOf({ kind, path }: OutputOptions): OutputKind {
  const terminal = path === undefined && process.stdout.isTTY === true;
  if (path !== undefined) {
    const extension = extname(path).toLowerCase();
    const known = kind ?? BY_EXTENSION[extension];
    if (known !== undefined) return known;
    const [what, written, other, instead] = OTHERS[extension] ?? [];
    if (what !== undefined) {
      throw usage(
        `'${extension}' is for ${what}, and sub writes ${written}: name it ${path.slice(0, -extension.length)}${instead}, ` +
          `or add --output ${other}`,
      );
    }
    const extensions = Object.keys(BY_EXTENSION).join(', ');
    throw usage(`the name '${path}' does not say what to write (${extensions} do): give --output`);
  }
  if (terminal && (kind === 'arrow' || kind === 'parquet')) {
    throw usage(`--output ${kind} is binary: send it to a file or a pipe`);
  }
  return kind ?? (terminal ? 'table' : 'ndjson');
}
