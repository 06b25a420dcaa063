// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CodegenError } from '../codegen-error.js';
import type { FileNode, Schema, SchemaNode } from '../model.js';

/** Scopes of a request may nest this deep; a chain without an end is none of the tool's. */
const DEPTH = 64;

/** What every instance of a struct class has already, also as an object: a field of that name gets a `$` before it. */
const MEMBERS: ReadonlySet<string> = new Set([
  'byteOffset',
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'segment',
  'toLocaleString',
  'toString',
  'valueOf',
]);

/** `fooBar` as part of a class name: `FooBar`. */
export function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `fooBar` as a constant: `FOO_BAR`. */
export function constantName(name: string): string {
  return name.replaceAll(/(?<=[^A-Z_])(?=[A-Z])/g, '_').toUpperCase();
}

/** A field's getter and setter: its name, unless that is taken. */
export function accessorName(name: string, hasWhich: boolean): string {
  return MEMBERS.has(name) || (hasWhich && name === 'which') ? `$${name}` : name;
}

/** The names of one request's nodes in TypeScript, and the files they are in. */
export class Names {
  readonly #nodes: Schema['nodes'];

  constructor({ nodes }: Schema) {
    this.#nodes = nodes;
  }

  node(id: bigint): SchemaNode {
    const node = this.#nodes.get(id);
    if (node !== undefined) return node;
    throw new CodegenError('REQUEST_INVALID', `a node is not in the request: @0x${id.toString(16)}`);
  }

  /** What a type is called: nested names are joined with `_`. */
  className(id: bigint): string {
    const { scopes } = this.#path(id);
    return scopes.map(({ name }) => capitalized(name)).join('_');
  }

  /** Every node of a file. */
  *inFile(file: FileNode): Iterable<SchemaNode> {
    for (const node of this.#nodes.values()) {
      if (node.kind !== 'file' && node.scopeId !== 0n && this.fileOf(node.id) === file) yield node;
    }
  }

  fileOf(id: bigint): FileNode {
    return this.#path(id).file;
  }

  #path(id: bigint): { readonly file: FileNode; readonly scopes: readonly SchemaNode[] } {
    const scopes: SchemaNode[] = [];
    for (let node = this.node(id); scopes.length < DEPTH; node = this.node(node.scopeId)) {
      if (node.kind === 'file') return { file: node, scopes: scopes.reverse() };
      scopes.push(node);
    }
    throw new CodegenError('REQUEST_INVALID', `${this.node(id).displayName} is in no file`);
  }
}

/** Keeps names apart that would be the same in TypeScript. */
export class TakenNames {
  readonly #taken = new Map<string, string>();

  /** @param what who takes the name, for the message */
  take(name: string, what: string): void {
    const other = this.#taken.get(name);
    if (other !== undefined) {
      throw new CodegenError(
        'NAME_COLLISION',
        `${what} and ${other} would both be '${name}' in TypeScript: rename one of them in the schema`,
      );
    }
    this.#taken.set(name, what);
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }
}
