// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { includes } from './key-expr/includes.js';
import { intersects } from './key-expr/intersects.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  /** What is stored here, if anything. */
  entry: { readonly keyExpr: KeyExpr; value: T } | undefined;
}

/** How a search judges: whether the key expression stored at a node is one of those sought. */
type Relation = (sought: string, stored: string) => boolean;

/**
 * A map whose keys are key expressions, wildcards too, that finds the entries whose keys have to do with another key
 * expression. After zenoh's `KeBoxTree`: chunks that keys have in common are stored once, and where the sought key
 * expression names a chunk without wildcards, only that branch and those that begin with one are looked at.
 *
 * ```ts
 * const handlers = new KeTree<string>([['robot/7/*', 'seventh'], ['robot/**', 'log']]);
 * [...handlers.intersecting('robot/7/pose')].map(([, value]) => value);   // seventh, log
 * ```
 *
 * Iteration is in the order of insertion of each chunk. Changing the tree during an iteration is allowed: what is inserted
 * may come or not.
 *
 * Every method that takes an {@link IntoKeyExpr} throws a {@link CoreError}: `KEY_EXPR_INVALID` when the text is not a
 * canonical key expression, `INVALID_ARGUMENT` when it is not a text.
 */
export class KeTree<T> implements Iterable<[KeyExpr, T]> {
  readonly #root: Node<T> = { children: new Map(), entry: undefined };
  #size = 0;

  constructor(entries: Iterable<readonly [IntoKeyExpr, T]> = []) {
    for (const [keyExpr, value] of entries) this.insert(keyExpr, value);
  }

  /** How many entries there are. */
  get size(): number {
    return this.#size;
  }

  /** Stores a value. @returns the value that it replaces, if there was one. */
  insert(intoKeyExpr: IntoKeyExpr, value: T): T | undefined {
    const keyExpr = new KeyExpr(intoKeyExpr);
    let node = this.#root;
    for (const chunk of keyExpr.toString().split('/')) {
      let child = node.children.get(chunk);
      if (child === undefined) {
        child = { children: new Map(), entry: undefined };
        node.children.set(chunk, child);
      }
      node = child;
    }
    const { entry } = node;
    if (entry === undefined) this.#size += 1;
    node.entry = { keyExpr, value };
    return entry?.value;
  }

  /** The value of this very key expression. */
  get(keyExpr: IntoKeyExpr): T | undefined {
    return this.#path(keyExpr)?.at(-1)?.[1].entry?.value;
  }

  /** Whether this very key expression is stored. */
  has(keyExpr: IntoKeyExpr): boolean {
    return this.#path(keyExpr)?.at(-1)?.[1].entry !== undefined;
  }

  /** Takes this very key expression out. @returns whether it was there. */
  delete(keyExpr: IntoKeyExpr): boolean {
    const path = this.#path(keyExpr) ?? [];
    const node = path.at(-1)?.[1];
    if (node?.entry === undefined) return false;
    node.entry = undefined;
    this.#size -= 1;
    // Branches that lead nowhere go.
    for (let i = path.length - 1; i >= 0; i--) {
      const [chunk, { children, entry }] = path[i] as [string, Node<T>];
      if (entry !== undefined || children.size > 0) break;
      (path[i - 1]?.[1] ?? this.#root).children.delete(chunk);
    }
    return true;
  }

  /** Takes everything out. */
  clear(): void {
    this.#root.children.clear();
    this.#size = 0;
  }

  /** The entries that have at least one key in common with `keyExpr`. */
  intersecting(keyExpr: IntoKeyExpr): Generator<[KeyExpr, T], void> {
    return this.#related(keyExpr, intersects, true);
  }

  /** The entries whose every key belongs to `keyExpr`. */
  included(keyExpr: IntoKeyExpr): Generator<[KeyExpr, T], void> {
    return this.#related(keyExpr, includes, false);
  }

  /** The entries that every key of `keyExpr` belongs to. */
  including(keyExpr: IntoKeyExpr): Generator<[KeyExpr, T], void> {
    return this.#related(keyExpr, (sought, stored) => includes(stored, sought), true);
  }

  [Symbol.iterator](): Generator<[KeyExpr, T], void> {
    return walk(this.#root);
  }

  #path(intoKeyExpr: IntoKeyExpr): [string, Node<T>][] | undefined {
    const path: [string, Node<T>][] = [];
    let node: Node<T> | undefined = this.#root;
    for (const chunk of new KeyExpr(intoKeyExpr).toString().split('/')) {
      node = node.children.get(chunk);
      if (node === undefined) return undefined;
      path.push([chunk, node]);
    }
    return path;
  }

  #related(intoKeyExpr: IntoKeyExpr, relation: Relation, wildcards: boolean): Generator<[KeyExpr, T], void> {
    // Checked at the call, not at the first step.
    const sought = new KeyExpr(intoKeyExpr).toString();
    return search(this.#root, sought, relation, wildcards);
  }
}

function* search<T>(
  root: Node<T>,
  sought: string,
  relation: Relation,
  wildcards: boolean,
): Generator<[KeyExpr, T], void> {
  for (const [keyExpr, value] of candidates(root, sought.split('/'), wildcards)) {
    if (relation(sought, keyExpr.toString())) yield [keyExpr, value];
  }
}

/** The entries below `node` that may be related: as far as both sides are without wildcards, they must be equal. */
function* candidates<T>(
  node: Node<T>,
  [chunk, ...rest]: readonly string[],
  wildcards: boolean,
): Generator<[KeyExpr, T], void> {
  if (chunk?.includes('*')) {
    yield* walk(node);
    return;
  }
  if (node.entry !== undefined && chunk === undefined) yield [node.entry.keyExpr, node.entry.value];
  for (const [name, child] of [...node.children]) {
    if (wildcards && name.includes('*')) yield* walk(child);
    else if (name === chunk) yield* candidates(child, rest, wildcards);
  }
}

function* walk<T>({ entry, children }: Node<T>): Generator<[KeyExpr, T], void> {
  if (entry !== undefined) yield [entry.keyExpr, entry.value];
  for (const child of [...children.values()]) yield* walk(child);
}
