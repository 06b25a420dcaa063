// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { BigIntFormat, NumberFormat, ZD, type ZDTypeInfo, ZS, type ZSTypeInfo } from '@zenoh-segments/core/ext';

/** The name of a leaf type is that of Python's zenoh.ext; `typed` is a typed array here, a list there. */
export type Leaf = keyof typeof LEAVES;
export type Typed = keyof typeof TYPED;
export type Schema =
  | Leaf
  | readonly ['typed', Typed]
  | readonly ['list' | 'set', Schema]
  | readonly ['map', Schema, Schema]
  | readonly ['tuple', ...Schema[]];

type SerializeTag = ZSTypeInfo<never>;
type DeserializeTag = ZDTypeInfo<unknown>;

/** How a value is serialized and deserialized; what a schema tells at run time has no type at compile time. */
export interface Tags {
  readonly zs: SerializeTag;
  readonly zd: DeserializeTag;
}

const tags = (zs: unknown, zd: unknown): Tags => ({ zs: zs as SerializeTag, zd: zd as DeserializeTag });
const number = (format: NumberFormat) => tags(ZS.number(format), ZD.number(format));
const bigint = (format: BigIntFormat) => tags(ZS.bigint(format), ZD.bigint(format));

export const LEAVES = {
  Float64: number(NumberFormat.Float64),
  Float32: number(NumberFormat.Float32),
  Int8: number(NumberFormat.Int8),
  Int16: number(NumberFormat.Int16),
  Int32: number(NumberFormat.Int32),
  Int64: bigint(BigIntFormat.Int64),
  Int128: bigint(BigIntFormat.Int128),
  UInt8: number(NumberFormat.Uint8),
  UInt16: number(NumberFormat.Uint16),
  UInt32: number(NumberFormat.Uint32),
  UInt64: bigint(BigIntFormat.Uint64),
  UInt128: bigint(BigIntFormat.Uint128),
  bool: tags(ZS.boolean(), ZD.boolean()),
  str: tags(ZS.string(), ZD.string()),
  bytes: tags(ZS.uint8array(), ZD.uint8array()),
} as const;

const TYPED = {
  UInt8: { type: Uint8Array, tags: tags(ZS.uint8array(), ZD.uint8array()) },
  UInt16: { type: Uint16Array, tags: tags(ZS.uint16array(), ZD.uint16array()) },
  UInt32: { type: Uint32Array, tags: tags(ZS.uint32array(), ZD.uint32array()) },
  UInt64: { type: BigUint64Array, tags: tags(ZS.biguint64array(), ZD.biguint64array()) },
  Int8: { type: Int8Array, tags: tags(ZS.int8array(), ZD.int8array()) },
  Int16: { type: Int16Array, tags: tags(ZS.int16array(), ZD.int16array()) },
  Int32: { type: Int32Array, tags: tags(ZS.int32array(), ZD.int32array()) },
  Int64: { type: BigInt64Array, tags: tags(ZS.bigint64array(), ZD.bigint64array()) },
  Float32: { type: Float32Array, tags: tags(ZS.float32array(), ZD.float32array()) },
  Float64: { type: Float64Array, tags: tags(ZS.float64array(), ZD.float64array()) },
} as const;

export const leaves = Object.keys(LEAVES) as Leaf[];
export const typedNames = Object.keys(TYPED) as Typed[];

export function tagsOf(schema: Schema): Tags {
  if (typeof schema === 'string') return LEAVES[schema];
  switch (schema[0]) {
    case 'typed':
      return TYPED[schema[1]].tags;
    case 'list': {
      const { zs, zd } = tagsOf(schema[1]);
      return tags(ZS.array<never>(zs as never), ZD.array(zd));
    }
    case 'set': {
      const { zs, zd } = tagsOf(schema[1]);
      return tags(ZS.set<never>(zs as never), ZD.set(zd));
    }
    case 'map': {
      const [key, value] = [tagsOf(schema[1]), tagsOf(schema[2])];
      return tags(ZS.map<never, never>(key.zs as never, value.zs as never), ZD.map(key.zd, value.zd));
    }
    case 'tuple': {
      const members = (schema.slice(1) as Schema[]).map(tagsOf);
      return tags(ZS.tuple(...members.map(({ zs }) => zs)), ZD.tuple(...members.map(({ zd }) => zd)));
    }
  }
}

/** The JSON form that test/peers/ext_peer.py shares: integers in decimal, floats and bytes in hex, maps as pairs. */
export function toJson(schema: Schema, value: unknown): unknown {
  if (typeof schema !== 'string') {
    const [kind] = schema;
    const elements = [...(value as Iterable<unknown>)];
    if (kind === 'map') return elements.map((pair) => toJson(['tuple', schema[1], schema[2]], pair));
    if (kind === 'tuple') return elements.map((each, i) => toJson(schema[i + 1] as Schema, each));
    return elements.map((each) => toJson(schema[1], each));
  }
  if (schema === 'bytes') return Buffer.from(value as Uint8Array).toString('hex');
  if (schema.startsWith('Float')) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value as number);
    return bytes.toString('hex');
  }
  return schema === 'bool' || schema === 'str' ? value : String(value);
}

export function fromJson(schema: Schema, json: unknown): unknown {
  if (typeof schema !== 'string') {
    const elements = json as unknown[];
    switch (schema[0]) {
      case 'typed': {
        const values = elements.map((each) => fromJson(schema[1], each));
        const { type } = TYPED[schema[1]] as { type: { from(values: unknown[]): unknown } };
        return type.from(values);
      }
      case 'list':
        return elements.map((each) => fromJson(schema[1], each));
      case 'set':
        return new Set(elements.map((each) => fromJson(schema[1], each)));
      case 'map':
        return new Map(elements.map((pair) => fromJson(['tuple', schema[1], schema[2]], pair) as [unknown, unknown]));
      case 'tuple':
        return elements.map((each, i) => fromJson(schema[i + 1] as Schema, each));
    }
  }
  if (schema === 'bool' || schema === 'str') return json;
  if (schema === 'bytes') return new Uint8Array(Buffer.from(json as string, 'hex'));
  if (schema.startsWith('Float')) return Buffer.from(json as string, 'hex').readDoubleLE();
  return schema.endsWith('64') || schema.endsWith('128') ? BigInt(json as string) : Number(json);
}
