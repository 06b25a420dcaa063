// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Message, type Pointer, readRawPointer } from 'capnp-es';
import { CodeGeneratorRequest, type Field, type Node, type Type, Type_Which, Value } from 'capnp-es/capnp/schema';

/** What a compiled schema says, as plain objects: `capnp compile -o-`, read by stock capnp-es from memory of its own. */
export interface StructModel {
  readonly id: bigint;
  /** `S0`, or `S0.g1` for the group in it. */
  readonly name: string;
  readonly dataBytes: number;
  readonly pointers: number;
  /** In units of 16 bits; undefined without a union. */
  readonly discriminantOffset: number | undefined;
  readonly fields: readonly FieldModel[];
}

export interface FieldModel {
  readonly name: string;
  /** The value of the discriminant that makes this field the active one; undefined outside a union. */
  readonly discriminant: number | undefined;
  readonly type: TypeModel;
  /** In units of the type's size. */
  readonly offset: number;
  /** The explicit default: a number, bigint, boolean, string, or a pointer in a message of its own. */
  readonly value: unknown;
}

export type TypeModel =
  | { readonly kind: ScalarKind | 'text' | 'data' | 'anyPointer' }
  | { readonly kind: 'list'; readonly element: TypeModel }
  | { readonly kind: 'struct' | 'group'; readonly id: bigint };

export type ScalarKind = 'void' | 'bool' | 'enum' | `${'int' | 'uint'}${8 | 16 | 32 | 64}` | 'float32' | 'float64';

export interface SchemaModel {
  readonly name: string;
  /** Struct types and groups, by id. */
  readonly structs: ReadonlyMap<bigint, StructModel>;
}

const NO_DISCRIMINANT = 0xffff;
const MANY = 2 ** 40;

/** One model for each file of a request. */
export function readRequest(request: Uint8Array): SchemaModel[] {
  const message = new Message(Uint8Array.from(request), false);
  // capnp-es counts every pointer it makes, over the message's life.
  message._capnp.traversalLimit = MANY;
  const root = message.getRoot(CodeGeneratorRequest);
  const files = new Map<string, Map<bigint, StructModel>>();
  for (const node of root.nodes.toArray()) {
    if (!node._isStruct) continue;
    const [file, name] = node.displayName.split(':') as [string, string];
    const structs = files.get(file) ?? new Map<bigint, StructModel>();
    files.set(file, structs.set(node.id, structModel(node, name)));
  }
  return [...files].map(([name, structs]) => ({ name, structs }));
}

function structModel(node: Node, name: string): StructModel {
  const { struct } = node;
  return {
    id: node.id,
    name,
    dataBytes: struct.dataWordCount * 8,
    pointers: struct.pointerCount,
    discriminantOffset: struct.discriminantCount === 0 ? undefined : struct.discriminantOffset,
    fields: struct.fields.map(fieldModel),
  };
}

function fieldModel(field: Field): FieldModel {
  const { name, discriminantValue } = field;
  const discriminant = discriminantValue === NO_DISCRIMINANT ? undefined : discriminantValue;
  if (field._isGroup) {
    return { name, discriminant, type: { kind: 'group', id: field.group.typeId }, offset: 0, value: undefined };
  }
  const { slot } = field;
  const value = slot.hadExplicitDefault ? defaultOf(slot.defaultValue) : undefined;
  return { name, discriminant, type: typeModel(slot.type), offset: slot.offset, value };
}

const SCALARS = new Map<number, ScalarKind | 'text' | 'data' | 'anyPointer'>([
  [Type_Which.VOID, 'void'],
  [Type_Which.BOOL, 'bool'],
  [Type_Which.INT8, 'int8'],
  [Type_Which.INT16, 'int16'],
  [Type_Which.INT32, 'int32'],
  [Type_Which.INT64, 'int64'],
  [Type_Which.UINT8, 'uint8'],
  [Type_Which.UINT16, 'uint16'],
  [Type_Which.UINT32, 'uint32'],
  [Type_Which.UINT64, 'uint64'],
  [Type_Which.FLOAT32, 'float32'],
  [Type_Which.FLOAT64, 'float64'],
  [Type_Which.ENUM, 'enum'],
  [Type_Which.TEXT, 'text'],
  [Type_Which.DATA, 'data'],
  [Type_Which.ANY_POINTER, 'anyPointer'],
]);

function typeModel(type: Type): TypeModel {
  if (type._isList) return { kind: 'list', element: typeModel(type.list.elementType) };
  if (type._isStruct) return { kind: 'struct', id: type.struct.typeId };
  const kind = SCALARS.get(type.which());
  if (kind === undefined) throw new Error(`no model of type ${type.which()}`);
  return { kind };
}

function defaultOf(value: Value): unknown {
  switch (value.which()) {
    case Value.VOID:
      return undefined;
    case Value.BOOL:
      return value.bool;
    case Value.INT8:
      return value.int8;
    case Value.INT16:
      return value.int16;
    case Value.INT32:
      return value.int32;
    case Value.INT64:
      return value.int64;
    case Value.UINT8:
      return value.uint8;
    case Value.UINT16:
      return value.uint16;
    case Value.UINT32:
      return value.uint32;
    case Value.UINT64:
      return value.uint64;
    case Value.FLOAT32:
      return value.float32;
    case Value.FLOAT64:
      return value.float64;
    case Value.ENUM:
      return value.enum;
    case Value.TEXT:
      return value.text;
    case Value.DATA:
      return apart(value.data);
    case Value.LIST:
      return apart(value.list);
    case Value.STRUCT:
      return apart(value.struct);
    default:
      throw new Error(`no default of kind ${value.which()}`);
  }
}

/** As generated code has it: the packed message of that value alone, opened when the program starts. */
function apart(pointer: Pointer): Pointer {
  const message = new Message();
  message.setRoot(pointer);
  return readRawPointer(message.toPackedArrayBuffer());
}
