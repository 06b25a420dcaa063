// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CodegenError } from '../codegen-error.js';
import type { Brand, PlainKind, Type } from '../model.js';
import type { Module } from './module.js';

interface Scalar {
  /** In the names of capnp-es's functions: `getUint16`, `setUint16`, `getUint16Mask`, `Uint16List`. */
  readonly name: string;
  /** What an offset is multiplied with: bytes, and bits for a Bool. */
  readonly size: number;
  readonly type: 'number' | 'bigint' | 'boolean';
}

/** What lies in a struct's data section. */
const SCALARS: Partial<Record<Type['kind'], Scalar>> = {
  bool: { name: 'Bit', size: 1, type: 'boolean' },
  int8: { name: 'Int8', size: 1, type: 'number' },
  int16: { name: 'Int16', size: 2, type: 'number' },
  int32: { name: 'Int32', size: 4, type: 'number' },
  int64: { name: 'Int64', size: 8, type: 'bigint' },
  uint8: { name: 'Uint8', size: 1, type: 'number' },
  uint16: { name: 'Uint16', size: 2, type: 'number' },
  uint32: { name: 'Uint32', size: 4, type: 'number' },
  uint64: { name: 'Uint64', size: 8, type: 'bigint' },
  float32: { name: 'Float32', size: 4, type: 'number' },
  float64: { name: 'Float64', size: 8, type: 'number' },
  enum: { name: 'Uint16', size: 2, type: 'number' },
};

export function scalarOf(type: Type): Scalar | undefined {
  return SCALARS[type.kind];
}

/** The interface in a type, whose values do not travel over zenoh. */
export function hasInterface(type: Type): boolean {
  return type.kind === 'list' ? hasInterface(type.element) : type.kind === 'interface';
}

/** Whether a class is made for lists of such elements: of structs or of lists. */
export function needsListClass(element: Type): boolean {
  return element.kind === 'struct' || element.kind === 'list';
}

/** The type of what a getter gives. */
export function typeText(type: Type, module: Module): string {
  switch (type.kind) {
    case 'void':
      return '$.Void';
    case 'text':
      return 'string';
    case 'data':
      return '$.Data';
    case 'list':
      return `$.List<${typeText(type.element, module)}>`;
    case 'enum':
      expectKind(type.id, 'enum', module);
      return module.type(type.id);
    case 'struct':
      expectKind(type.id, 'struct', module);
      return module.type(type.id);
    case 'anyPointer':
      return '$.Pointer';
    case 'interface':
      throw new CodegenError('SCHEMA_UNSUPPORTED', `${module.file.name}: an interface can't be generated`);
    default:
      return SCALARS[type.kind]?.type ?? 'never';
  }
}

/** The class that reads a list of such elements. */
export function listClass(element: Type, module: Module): string {
  switch (element.kind) {
    case 'void':
      return '$.VoidList';
    case 'bool':
      return '$.BoolList';
    case 'text':
      return '$.TextList';
    case 'data':
      return '$.DataList';
    case 'list':
      return `$.PointerList(${listClass(element.element, module)})`;
    case 'struct':
      return `$.CompositeList(${module.value(element.id)})`;
    case 'anyPointer':
      return '$.AnyPointerList';
    default:
      return `$.${SCALARS[element.kind]?.name}List`;
  }
}

/** The class of what a pointer leads to. */
export function pointerClass(type: Type, module: Module): string {
  switch (type.kind) {
    case 'data':
      return '$.Data';
    case 'list':
      return listClass(type.element, module);
    case 'struct':
      return module.value(type.id);
    default:
      return '$.Pointer';
  }
}

/** Whether a list's elements, or those of the lists in it, are enums: they are read as numbers, and need a cast. */
export function isEnumList(type: Type): boolean {
  return type.kind === 'list' && (type.element.kind === 'enum' || isEnumList(type.element));
}

const SCHEMA_NAMES: Partial<Record<PlainKind, string>> = {
  uint8: 'UInt8',
  uint16: 'UInt16',
  uint32: 'UInt32',
  uint64: 'UInt64',
};

/** A generic type as the schema writes it, `Box(Text)`; undefined for one that is not generic. */
export function brandText(type: Type, module: Module): string | undefined {
  if (type.kind === 'anyPointer') return type.parameter;
  if (type.kind === 'list') {
    const element = brandText(type.element, module);
    return element === undefined ? undefined : `List(${element})`;
  }
  return type.kind === 'struct' && type.brand.size > 0 ? schemaText(type, module) : undefined;
}

function schemaText(type: Type | undefined, module: Module): string {
  if (type === undefined) return 'AnyPointer';
  switch (type.kind) {
    case 'anyPointer':
      return type.parameter ?? 'AnyPointer';
    case 'list':
      return `List(${schemaText(type.element, module)})`;
    case 'enum':
      return module.names.node(type.id).name;
    case 'struct':
      return brandedName(type.id, type.brand, module);
    case 'interface':
      return type.name;
    default:
      return SCHEMA_NAMES[type.kind] ?? type.kind.charAt(0).toUpperCase() + type.kind.slice(1);
  }
}

function brandedName(id: bigint, brand: Brand, module: Module): string {
  const node = module.names.node(id);
  const bound = brand.get(id)?.map((type) => schemaText(type, module));
  const own = bound === undefined ? node.name : `${node.name}(${bound.join(', ')})`;
  const isInner = [...brand.keys()].some((scope) => scope === node.scopeId);
  return isInner ? `${brandedName(node.scopeId, brand, module)}.${own}` : own;
}

function expectKind(id: bigint, kind: 'enum' | 'struct', module: Module): void {
  const node = module.names.node(id);
  if (node.kind === kind) return;
  throw new CodegenError('REQUEST_INVALID', `${node.displayName} is used as ${kind}, and is none`);
}
