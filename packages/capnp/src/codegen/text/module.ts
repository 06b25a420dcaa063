// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { posix } from 'node:path';
import { CodegenError } from '../codegen-error.js';
import type { FileNode } from '../model.js';
import { Lines } from './lines.js';
import { type Names, TakenNames } from './names.js';
import { quoted } from './quoted.js';

export const RUNTIME = '@zenoh-segments/capnp/runtime';

interface Import {
  /** What it is called here, if its own name is taken. */
  readonly alias: string;
  isValue: boolean;
}

/** One module being written: its text, what it imports, and what could not be written. */
export class Module {
  readonly file: FileNode;
  readonly names: Names;
  readonly lines: Lines;
  /** What was left out, for people. */
  readonly notes: string[] = [];
  readonly taken = new TakenNames();
  readonly #charge: (characters: number) => void;
  readonly #imports = new Map<bigint, Map<string, Import>>();

  constructor(file: FileNode, names: Names, charge: (characters: number) => void) {
    this.file = file;
    this.names = names;
    this.lines = new Lines(charge);
    this.#charge = charge;
  }

  /** A class, enum or constant of the schema as a value. */
  value(id: bigint): string {
    return this.#reference(id, true);
  }

  /** A class or enum of the schema as a type. */
  type(id: bigint): string {
    return this.#reference(id, false);
  }

  /** Says in the module and to whoever runs the generator what is left out. */
  note(where: string, why: string): void {
    this.lines.line(`// ${why}`);
    this.notes.push(`${where}: ${why}`);
  }

  /** The modules of other files that this one imports. */
  get imported(): string[] {
    return [...this.#imports.keys()].map((id) => modulePath(this.names.fileOf(id)));
  }

  /** The import declarations, when everything else is written. */
  imports(): Lines {
    const lines = new Lines(this.#charge);
    if (/\$\./.test(this.lines.toString())) lines.line(`import * as $ from '${RUNTIME}';`);
    const sources = [...this.#imports].map(
      ([id, imported]) => [specifier(this.file, this.names.fileOf(id)), imported] as const,
    );
    for (const [source, imported] of sources.sort(([a], [b]) => compare(a, b))) {
      const entries = [...imported].sort(([a], [b]) => compare(a, b));
      const allTypes = entries.every(([, { isValue }]) => !isValue);
      const items = entries.map(([name, { alias, isValue }]) => {
        const item = alias === name ? name : `${name} as ${alias}`;
        return isValue || allTypes ? item : `type ${item}`;
      });
      lines.list(allTypes ? 'import type ' : 'import ', items, ` from ${quoted(source)};`, ['{', '}']);
    }
    return lines;
  }

  #reference(id: bigint, isValue: boolean): string {
    const file = this.names.fileOf(id);
    const name = this.names.className(id);
    if (file.id === this.file.id) return name;
    const imported = this.#imports.get(file.id) ?? new Map<string, Import>();
    this.#imports.set(file.id, imported);
    const entry = imported.get(name) ?? this.#import(name, file);
    imported.set(name, entry);
    entry.isValue ||= isValue;
    return entry.alias;
  }

  #import(name: string, file: FileNode): Import {
    let alias = name;
    for (let i = 2; this.taken.has(alias); i++) alias = `${name}$${i}`;
    this.taken.take(alias, `${name} of ${file.name}`);
    return { alias, isValue: false };
  }
}

/** A path that stays below a folder on any system, and has no end of a line. */
const INSIDE = /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[^\\:\p{Cc}\p{Zl}\p{Zp}]+$/u;

/** Where a file's module goes, below the output folder. */
export function modulePath({ name }: FileNode): string {
  const path = `${name.replace(/^\/+/, '').replace(/\.capnp$/, '')}.ts`;
  if (INSIDE.test(path)) return path;
  throw new CodegenError(
    'OUTPUT',
    `'${name}' would be written outside the output folder: run capnp in its folder, or with --src-prefix`,
  );
}

function specifier(from: FileNode, to: FileNode): string {
  const path = posix.relative(posix.dirname(modulePath(from)), modulePath(to)).replace(/\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
