// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type List, type Pointer, type Struct, Text, utils } from 'capnp-es';
import type { FieldReader, SchemaClasses, StructClass } from './classes.js';
import type { TypeModel } from './schema.js';

/** JSON of a message's content; `test/peers/capnp_judge.py` makes the same of pycapnp's view of it. */
export type Dump = null | boolean | number | string | Dump[] | { [name: string]: Dump };

/**
 * How deep absent structs and lists are looked into: one level shows that their fields have the right defaults, and
 * types that refer to themselves have no end.
 */
const ABSENT_LEVELS = 1;
export const NOT_LOOKED_INTO = '...';

/** Reads everything in a struct, by every field's getter. */
export class Dumper {
  readonly #classes: SchemaClasses;

  constructor(classes: SchemaClasses) {
    this.#classes = classes;
  }

  struct(type: StructClass, struct: Struct, absent = 0): Dump {
    const which = type.which(struct);
    const dump: { [name: string]: Dump } = {};
    let active: string | undefined;
    for (const field of type.fields) {
      if (field.discriminant !== undefined) {
        if (field.discriminant !== which) continue;
        active = field.name;
      }
      dump[field.name] = this.#field(field, struct, absent);
    }
    if (which !== undefined) dump.which = active ?? 'unknown';
    return dump;
  }

  #field(field: FieldReader, struct: Struct, absent: number): Dump {
    const isAbsent = field.has?.(struct) === false;
    const level = absent + (isAbsent ? 1 : 0);
    switch (field.kind) {
      case 'scalar':
        return scalar(field.get(struct));
      case 'text':
        return field.get(struct) as string;
      case 'data':
        return hex(field.get(struct).toUint8Array());
      case 'group':
        return this.struct(field.type, field.get(struct), absent);
      case 'struct':
        if (level > ABSENT_LEVELS) return NOT_LOOKED_INTO;
        return [isAbsent ? 'absent' : 'present', this.struct(field.type, field.get(struct), level)];
      case 'list':
        if (level > ABSENT_LEVELS) return NOT_LOOKED_INTO;
        return this.#list(field.element, field.get(struct), level);
      case 'any':
        return isAbsent ? null : this.#any(field.holds, field.get(struct));
    }
  }

  #any(holds: StructClass | 'text', pointer: Pointer): Dump {
    // pycapnp ends such a text at its first NUL.
    if (holds === 'text') return Text.fromPointer(pointer).get(0).split('\0')[0]!;
    return this.struct(holds, utils.getAs(holds.Class, pointer));
  }

  #list(element: TypeModel, list: List<unknown>, absent: number): Dump {
    const { length } = list;
    if (element.kind === 'void') return length;
    const dump: Dump[] = [];
    for (let i = 0; i < length; i++) dump.push(this.#element(element, list.get(i), absent));
    return dump;
  }

  #element(element: TypeModel, value: unknown, absent: number): Dump {
    switch (element.kind) {
      case 'list':
        return this.#list((element as { element: TypeModel }).element, value as List<unknown>, absent);
      case 'struct':
        return this.struct(this.#classes.byId((element as { id: bigint }).id), value as Struct, absent);
      case 'data':
        return hex((value as { toUint8Array(): Uint8Array }).toUint8Array());
      case 'text':
        return value as string;
      default:
        return scalar(value);
    }
  }
}

function scalar(value: unknown): Dump {
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value);
    case 'boolean':
      return value;
    case 'undefined':
      return null;
    default:
      throw new TypeError(`a scalar of type ${typeof value}`);
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
