// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  BoolList,
  CompositeList,
  DataList,
  Float32List,
  Float64List,
  getBitMask,
  getFloat32Mask,
  getFloat64Mask,
  getInt8Mask,
  getInt16Mask,
  getInt32Mask,
  getInt64Mask,
  getUint8Mask,
  getUint16Mask,
  getUint32Mask,
  getUint64Mask,
  Int8List,
  Int16List,
  Int32List,
  Int64List,
  type List,
  type ListCtor,
  ObjectSize,
  type Pointer,
  PointerList,
  Struct,
  type StructCtor,
  TextList,
  Uint8List,
  Uint16List,
  Uint32List,
  Uint64List,
  utils,
  VoidList,
} from 'capnp-es';
import type { FieldModel, ScalarKind, SchemaModel, StructModel, TypeModel } from './schema.js';

/** capnp-es's classes for the types of a schema, made at run time: each accessor does what a generated one does. */
export class SchemaClasses {
  readonly #model: SchemaModel;
  readonly #byId = new Map<bigint, StructClass>();
  readonly #byName = new Map<string, StructClass>();

  constructor(model: SchemaModel) {
    this.#model = model;
    for (const struct of model.structs.values()) {
      const made = new StructClass(struct, this);
      this.#byId.set(struct.id, made);
      this.#byName.set(struct.name, made);
    }
  }

  get names(): string[] {
    return [...this.#model.structs.values()].map(({ name }) => name).filter((name) => !name.includes('.'));
  }

  byId(id: bigint): StructClass {
    return found(this.#byId.get(id), id);
  }

  byName(name: string): StructClass {
    return found(this.#byName.get(name), name);
  }

  /** The class of a list with such elements. */
  listOf(element: TypeModel): ListCtor<unknown> {
    if (element.kind === 'list') return PointerList(this.listOf(element.element) as never) as ListCtor<unknown>;
    if (element.kind === 'struct') return CompositeList(this.byId((element as { id: bigint }).id).Class);
    return LISTS[element.kind as keyof typeof LISTS] as unknown as ListCtor<unknown>;
  }
}

/** A struct type (or group): its class, and how its fields are read. */
export class StructClass {
  readonly model: StructModel;
  readonly Class: StructCtor<Struct>;
  readonly #classes: SchemaClasses;
  #fields: readonly FieldReader[] | undefined;

  constructor(model: StructModel, classes: SchemaClasses) {
    this.model = model;
    this.#classes = classes;
    this.Class = class extends Struct {
      static override readonly _capnp = {
        displayName: model.name,
        id: model.id.toString(16),
        size: new ObjectSize(model.dataBytes, model.pointers),
      };
    };
  }

  /** Made at the first use: types refer to each other. */
  get fields(): readonly FieldReader[] {
    this.#fields ??= this.model.fields.map((field) => fieldReader(field, this.#classes, this.model.name));
    return this.#fields;
  }

  which(struct: Struct): number | undefined {
    const { discriminantOffset } = this.model;
    return discriminantOffset === undefined ? undefined : utils.getUint16(discriminantOffset * 2, struct);
  }
}

/** A field, by what its getter gives. */
export type FieldReader = {
  readonly name: string;
  readonly discriminant: number | undefined;
  /** `_hasX()`; undefined for what is no pointer. */
  readonly has?: (struct: Struct) => boolean;
} & (
  | { readonly kind: 'scalar' | 'text'; readonly get: (struct: Struct) => unknown }
  | { readonly kind: 'data'; readonly get: (struct: Struct) => { toUint8Array(): Uint8Array } }
  | { readonly kind: 'list'; readonly get: (struct: Struct) => List<unknown>; readonly element: TypeModel }
  | { readonly kind: 'struct' | 'group'; readonly get: (struct: Struct) => Struct; readonly type: StructClass }
  /** What it holds is told by the name: `anyText4`, `anyS2x4`. */
  | {
      readonly kind: 'any';
      readonly get: (struct: Struct) => Pointer;
      readonly holds: StructClass | 'text';
    }
);

function fieldReader(field: FieldModel, classes: SchemaClasses, owner: string): FieldReader {
  const { name, discriminant, offset, type, value } = field;
  const has = (struct: Struct) => !utils.isNull(utils.getPointer(offset, struct));
  const pointer = { name, discriminant, has };
  // Generated code passes a default only if the schema has one.
  const rest = (value === undefined ? [] : [value]) as [never?];
  switch (type.kind) {
    case 'group': {
      const target = classes.byId((type as { id: bigint }).id);
      const get = (struct: Struct) => utils.getAs(target.Class, struct);
      return { name, discriminant, kind: 'group', type: target, get };
    }
    case 'struct': {
      const target = classes.byId((type as { id: bigint }).id);
      const get = (struct: Struct) => utils.getStruct(offset, target.Class, struct, ...rest);
      return { ...pointer, kind: 'struct', type: target, get };
    }
    case 'list': {
      const { element } = type as { element: TypeModel };
      const ListClass = classes.listOf(element);
      const get = (struct: Struct) => utils.getList(offset, ListClass, struct, ...rest) as List<unknown>;
      return { ...pointer, kind: 'list', element, get };
    }
    case 'text':
      return { ...pointer, kind: 'text', get: (struct) => utils.getText(offset, struct, ...rest) };
    case 'data':
      return { ...pointer, kind: 'data', get: (struct) => utils.getData(offset, struct, ...rest) };
    case 'anyPointer': {
      const struct = /^any(S\d+)x/.exec(name)?.[1];
      const suffix = owner.split('.')[0]!.endsWith('Old') ? 'Old' : '';
      const holds = struct === undefined ? 'text' : classes.byName(struct + suffix);
      return { ...pointer, kind: 'any', holds, get: (struct) => utils.getPointer(offset, struct) };
    }
    default: {
      const scalar = SCALARS[type.kind as ScalarKind](offset, value as never);
      return { name, discriminant, kind: 'scalar', get: scalar };
    }
  }
}

type Getter = (struct: Struct) => unknown;
type MakeGetter = (offset: number, value: never) => Getter;

const SCALARS: Readonly<Record<ScalarKind, MakeGetter>> = {
  void: () => () => undefined,
  bool: (offset, value?: boolean) => {
    const mask = value === undefined ? undefined : getBitMask(value, offset % 8);
    return (struct) => utils.getBit(offset, struct, mask);
  },
  int8: number(1, 'getInt8', getInt8Mask),
  int16: number(2, 'getInt16', getInt16Mask),
  int32: number(4, 'getInt32', getInt32Mask),
  int64: number(8, 'getInt64', getInt64Mask),
  uint8: number(1, 'getUint8', getUint8Mask),
  uint16: number(2, 'getUint16', getUint16Mask),
  uint32: number(4, 'getUint32', getUint32Mask),
  uint64: number(8, 'getUint64', getUint64Mask),
  float32: number(4, 'getFloat32', getFloat32Mask),
  float64: number(8, 'getFloat64', getFloat64Mask),
  enum: number(2, 'getUint16', getUint16Mask),
};

type NumberGetter = {
  [K in keyof typeof utils]: (typeof utils)[K] extends (
    offset: number,
    struct: Struct,
    mask?: DataView,
  ) => number | bigint
    ? K
    : never;
}[keyof typeof utils];

function number<V extends number | bigint>(size: number, getter: NumberGetter, maskOf: (value: V) => DataView) {
  return (offset: number, value?: V): Getter => {
    const mask = value === undefined ? undefined : maskOf(value);
    // Looked up at each call, as generated code does.
    return (struct) => utils[getter](offset * size, struct, mask);
  };
}

const LISTS = {
  void: VoidList,
  bool: BoolList,
  int8: Int8List,
  int16: Int16List,
  int32: Int32List,
  int64: Int64List,
  uint8: Uint8List,
  uint16: Uint16List,
  uint32: Uint32List,
  uint64: Uint64List,
  float32: Float32List,
  float64: Float64List,
  enum: Uint16List,
  text: TextList,
  data: DataList,
} as const;

function found<T>(value: T | undefined, name: unknown): T {
  if (value === undefined) throw new Error(`the schema has no struct ${name}`);
  return value;
}
