// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CodegenError } from '../codegen-error.js';
import type { Type, Value } from '../model.js';
import type { Module } from './module.js';
import { constantName } from './names.js';
import { quoted } from './quoted.js';
import { isEnumList, pointerClass, scalarOf, typeText } from './types.js';

/** Whether values of a type lie in the pointer section, text apart, which is plain. */
export function isPointerType({ kind }: Type): boolean {
  return kind === 'data' || kind === 'list' || kind === 'struct' || kind === 'anyPointer';
}

/** A value that needs no object: a number, a text, an enumerant. */
export function plainValue(type: Type, value: Value, where: string, module: Module): string {
  if (value.kind === 'pointer' || type.kind !== value.kind) throw mismatch(where);
  switch (value.kind) {
    case 'void':
      return 'undefined';
    case 'text':
      return quoted(value.value);
    case 'enum':
      return enumerant(type, value.value, module);
    case 'bool':
      return String(value.value);
    default:
      return numeral(value.value, module);
  }
}

/** What a field's getter and setter are told about its default. */
export function fieldDefault(type: Type, value: Value, offset: number, where: string, module: Module): string {
  if (isPointerType(type)) return `$.constant($.Pointer, ${base64(value, where)})`;
  const scalar = scalarOf(type);
  if (value.kind === 'pointer' || type.kind !== value.kind) throw mismatch(where);
  if (value.kind === 'text') return quoted(value.value);
  if (scalar === undefined || value.kind === 'void') throw mismatch(where);
  if (value.kind === 'bool') return `$.getBitMask(${value.value}, ${offset % 8})`;
  return `$.get${scalar.name}Mask(${numeral(value.value, module)})`;
}

/** A constant of a pointer type: its class and its bytes. */
export function pointerConstant(type: Type, value: Value, where: string, module: Module): string {
  const constant = `$.constant(${pointerClass(type, module)}, ${base64(value, where)})`;
  return isEnumList(type) ? `${constant} as ${typeText(type, module)}` : constant;
}

function enumerant(type: Type, value: number, module: Module): string {
  const node = type.kind === 'enum' ? module.names.node(type.id) : undefined;
  if (node?.kind !== 'enum')
    throw new CodegenError('REQUEST_INVALID', `an enumerant of no enum in ${module.file.name}`);
  const known = node.enumerants.find((other) => other.value === value);
  return known === undefined
    ? `${value} as ${module.type(node.id)}`
    : `${module.value(node.id)}.${constantName(known.name)}`;
}

function numeral(value: number | bigint, module: Module): string {
  if (typeof value === 'bigint') return `${value}n`;
  // A struct of the schema may be called Number.
  const global = module.taken.has('Number') ? 'globalThis.Number' : 'Number';
  if (Number.isNaN(value)) return `${global}.NaN`;
  if (value === Number.POSITIVE_INFINITY) return `${global}.POSITIVE_INFINITY`;
  if (value === Number.NEGATIVE_INFINITY) return `${global}.NEGATIVE_INFINITY`;
  return Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e');
}

function base64(value: Value, where: string): string {
  if (value.kind !== 'pointer') throw mismatch(where);
  return `'${Buffer.from(value.packed).toString('base64')}'`;
}

function mismatch(where: string): CodegenError {
  return new CodegenError('REQUEST_INVALID', `${where}: a value that is not of its type`);
}
