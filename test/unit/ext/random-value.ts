// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { fromJson, type Leaf, leaves, type Schema, typedNames } from './schema.js';

type Below = (below: number) => number;

/** Types whose values are the same key when they are equal, here as in Python. */
const KEYS: readonly Leaf[] = ['Int8', 'Int32', 'UInt64', 'Int128', 'str'];
const TEXTS = ['', 'a', 'zenoh', 'é', '😀', '\u0000', '\ufeffmark', 'x'.repeat(127), 'y'.repeat(130), 'é'.repeat(700)];

export function randomSchema(below: Below, depth = 3): Schema {
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  if (depth === 0 || below(3) === 0) return pick(leaves);
  const inner = () => randomSchema(below, depth - 1);
  switch (below(5)) {
    case 0:
      return ['typed', pick(typedNames)];
    case 1:
      return ['list', inner()];
    case 2:
      return ['set', pick(KEYS)];
    case 3:
      return ['map', pick(KEYS), inner()];
    default:
      return ['tuple', ...Array.from({ length: below(4) }, inner)];
  }
}

export function randomValue(schema: Schema, below: Below): unknown {
  if (typeof schema === 'string') return randomLeaf(schema, below);
  // Long ones of plain elements alone: nested ones would multiply.
  const isFlat = schema.slice(1).every((each) => typeof each === 'string');
  const many = <T>(make: () => T) => Array.from({ length: isFlat && below(4) === 0 ? below(300) : below(4) }, make);
  switch (schema[0]) {
    case 'typed':
      return fromJson(
        schema,
        many(() => leafJson(schema[1], below)),
      );
    case 'list':
      return many(() => randomValue(schema[1], below));
    case 'set':
      return new Set(many(() => randomValue(schema[1], below)));
    case 'map':
      return new Map(many(() => [randomValue(schema[1], below), randomValue(schema[2], below)] as const));
    case 'tuple':
      return (schema.slice(1) as Schema[]).map((each) => randomValue(each, below));
  }
}

function randomLeaf(leaf: Leaf, below: Below): unknown {
  return fromJson(leaf, leafJson(leaf, below));
}

function leafJson(leaf: Leaf, below: Below): unknown {
  if (leaf === 'bool') return below(2) === 1;
  if (leaf === 'str') return TEXTS[below(TEXTS.length)];
  const hex = (length: number) => Array.from({ length }, () => below(256).toString(16).padStart(2, '0')).join('');
  if (leaf === 'bytes') return hex(below(5) === 0 ? below(3000) : below(5));
  if (leaf.startsWith('Float')) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(Math.fround((below(2 ** 24) - 2 ** 23) / 2 ** below(20)));
    return bytes.toString('hex');
  }
  const bits = Number(/\d+$/.exec(leaf)?.[0]);
  const value = BigInt(`0x${hex(bits / 8)}`) >> BigInt(below(bits));
  return String(leaf.startsWith('U') ? value : BigInt.asIntN(bits, value));
}
