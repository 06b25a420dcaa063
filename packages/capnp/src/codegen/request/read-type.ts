// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import * as capnp from 'capnp-es/capnp/schema';
import { CodegenError } from '../codegen-error.js';
import type { Brand, NumberKind, PlainKind, Type, Value } from '../model.js';
import type { Reader } from './reader.js';

const PLAIN: Readonly<Record<number, PlainKind>> = {
  [capnp.Type.VOID]: 'void',
  [capnp.Type.BOOL]: 'bool',
  [capnp.Type.INT8]: 'int8',
  [capnp.Type.INT16]: 'int16',
  [capnp.Type.INT32]: 'int32',
  [capnp.Type.INT64]: 'int64',
  [capnp.Type.UINT8]: 'uint8',
  [capnp.Type.UINT16]: 'uint16',
  [capnp.Type.UINT32]: 'uint32',
  [capnp.Type.UINT64]: 'uint64',
  [capnp.Type.FLOAT32]: 'float32',
  [capnp.Type.FLOAT64]: 'float64',
  [capnp.Type.TEXT]: 'text',
  [capnp.Type.DATA]: 'data',
};

/** The parameters of every node, by its id: what a type parameter's index means. */
export type Parameters = ReadonlyMap<bigint, readonly string[]>;

export function readType(type: capnp.Type, parameters: Parameters, reader: Reader): Type {
  const which = type.which();
  const plain = PLAIN[which];
  if (plain !== undefined) return { kind: plain };
  switch (which) {
    case capnp.Type.LIST:
      return { kind: 'list', element: reader.deeper(() => readType(type.list.elementType, parameters, reader)) };
    case capnp.Type.ENUM:
      return { kind: 'enum', id: type.enum.typeId };
    case capnp.Type.STRUCT: {
      const { typeId, brand } = type.struct;
      return { kind: 'struct', id: typeId, brand: reader.deeper(() => readBrand(brand, parameters, reader)) };
    }
    case capnp.Type.INTERFACE:
      return { kind: 'interface', name: 'an interface' };
    case capnp.Type.ANY_POINTER:
      return readAnyPointer(type.anyPointer, parameters);
    default:
      throw new CodegenError('SCHEMA_UNSUPPORTED', `a type of kind ${which}, which this version does not know`);
  }
}

function readAnyPointer(any: capnp.Type_AnyPointer, parameters: Parameters): Type {
  if (any._isParameter) {
    const { scopeId, parameterIndex } = any.parameter;
    return { kind: 'anyPointer', parameter: parameters.get(scopeId)?.[parameterIndex] };
  }
  if (any._isUnconstrained && any.unconstrained._isCapability) return { kind: 'interface', name: 'any interface' };
  return { kind: 'anyPointer', parameter: undefined };
}

function readBrand(brand: capnp.Brand, parameters: Parameters, reader: Reader): Brand {
  const bound = new Map<bigint, (Type | undefined)[]>();
  for (const scope of reader.structs(brand, 0, capnp.Brand._Scopes)) {
    if (!scope._isBind) continue;
    bound.set(
      scope.scopeId,
      reader
        .structs(scope, 0, capnp.Brand_Scope._Bind)
        .map((binding) => (binding._isType ? readType(binding.type, parameters, reader) : undefined)),
    );
  }
  return bound;
}

/** The value of a constant, or a field's default. */
export function readValue(value: capnp.Value, reader: Reader): Value {
  switch (value.which()) {
    case capnp.Value.VOID:
    case capnp.Value.INTERFACE:
      return { kind: 'void' };
    case capnp.Value.BOOL:
      return { kind: 'bool', value: value.bool };
    case capnp.Value.INT8:
      return number('int8', value.int8);
    case capnp.Value.INT16:
      return number('int16', value.int16);
    case capnp.Value.INT32:
      return number('int32', value.int32);
    case capnp.Value.INT64:
      return { kind: 'int64', value: value.int64 };
    case capnp.Value.UINT8:
      return number('uint8', value.uint8);
    case capnp.Value.UINT16:
      return number('uint16', value.uint16);
    case capnp.Value.UINT32:
      return number('uint32', value.uint32);
    case capnp.Value.UINT64:
      return { kind: 'uint64', value: value.uint64 };
    case capnp.Value.FLOAT32:
      return number('float32', value.float32);
    case capnp.Value.FLOAT64:
      return number('float64', value.float64);
    case capnp.Value.TEXT:
      return { kind: 'text', value: value.text };
    case capnp.Value.ENUM:
      return number('enum', value.enum);
    case capnp.Value.DATA:
      return { kind: 'pointer', packed: reader.packed(value.data) };
    case capnp.Value.LIST:
      return { kind: 'pointer', packed: reader.packed(value.list) };
    case capnp.Value.STRUCT:
      return { kind: 'pointer', packed: reader.packed(value.struct) };
    case capnp.Value.ANY_POINTER:
      return { kind: 'pointer', packed: reader.packed(value.anyPointer) };
    default:
      throw new CodegenError(
        'SCHEMA_UNSUPPORTED',
        `a value of kind ${value.which()}, which this version does not know`,
      );
  }
}

function number(kind: NumberKind | 'enum', value: number): Value {
  return { kind, value };
}
