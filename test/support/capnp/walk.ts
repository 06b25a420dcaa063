// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CapnpPayloadError, dataSegments, listView } from '@zenoh-segments/capnp';
import { type Data, Float64List, Int32List, type List, type Struct, Text, Uint8List, utils } from 'capnp-es';
import type { FieldReader, SchemaClasses, StructClass } from './classes.js';
import type { TypeModel } from './schema.js';

/** So many damaged fields are passed by in one walk: each costs an error with its stack. */
const MOST_ERRORS = 50;

/** So many absent structs and lists are looked into in one walk: they are all alike, and none is of the sender's making. */
const MOST_ABSENT = 2000;

/**
 * Reads everything that a program can read of a message: every getter, list element, text and data. A damaged field
 * ends at its typed error, and its neighbours are read all the same; the budget's end is the walk's. Any other error
 * passes through.
 */
export class Walk {
  /** How often each error code came. */
  readonly codes = new Map<string, number>();
  values = 0;
  readonly #classes: SchemaClasses;
  #errors = 0;
  #absent = 0;

  constructor(classes: SchemaClasses) {
    this.#classes = classes;
  }

  /** Whether everything could be read. */
  root(type: StructClass, open: () => Struct): boolean {
    try {
      this.#struct(type, open(), 0);
    } catch (error) {
      if (error !== END) this.#count(error);
    }
    return this.codes.size === 0;
  }

  #struct(type: StructClass, struct: Struct, absent: number): void {
    const which = type.which(struct);
    for (const field of type.fields) {
      if (field.discriminant !== undefined && field.discriminant !== which) continue;
      try {
        this.#field(field, struct, absent);
      } catch (error) {
        this.#pass(error);
      }
    }
  }

  #field(field: FieldReader, struct: Struct, absent: number): void {
    this.values++;
    if (field.kind === 'scalar' || field.kind === 'text') {
      field.get(struct);
      return;
    }
    if (field.kind === 'group') {
      this.#struct(field.type, field.get(struct), absent);
      return;
    }
    // What is absent is its defaults, of which types that refer to themselves have no end.
    const isAbsent = field.has?.(struct) === false;
    if (isAbsent && (absent > 0 || ++this.#absent > MOST_ABSENT)) return;
    const level = isAbsent ? absent + 1 : absent;
    switch (field.kind) {
      case 'data':
        this.#data(field.get(struct) as Data);
        break;
      case 'struct':
        this.#struct(field.type, field.get(struct), level);
        break;
      case 'list':
        this.#list(field.element, field.get(struct), level);
        break;
      case 'any': {
        const pointer = field.get(struct);
        if (utils.isNull(pointer)) return;
        if (field.holds === 'text') Text.fromPointer(pointer).get(0);
        else this.#struct(field.holds, utils.getAs(field.holds.Class, pointer), level);
      }
    }
  }

  #list(element: TypeModel, list: List<unknown>, absent: number): void {
    const { length } = list;
    this.values += length;
    // By both ways that programs take.
    if (length % 2 === 1 && !isPointer(element)) {
      list.toArray();
      for (const [Class, Numbers] of VIEWED) {
        if (list instanceof Class && listView(list as List<number>, Numbers).length !== length) {
          throw new Error(`a view of a list of ${length} has another length`);
        }
      }
      return;
    }
    for (let i = 0; i < length; i++) {
      try {
        this.#element(element, list.get(i), absent);
      } catch (error) {
        this.#pass(error);
      }
    }
  }

  #element(element: TypeModel, value: unknown, absent: number): void {
    if (element.kind === 'list')
      this.#list((element as { element: TypeModel }).element, value as List<unknown>, absent);
    else if (element.kind === 'struct') this.#struct(this.#classes.byId(idOf(element)), value as Struct, absent);
    else if (element.kind === 'data') this.#data(value as Data);
  }

  #data(data: Data): void {
    const bytes = data.toUint8Array();
    const { length } = data;
    if (bytes.length !== length) throw new Error(`a data of length ${length} has ${bytes.length} bytes`);
    if (dataSegments(data).reduce((sum, { byteLength }) => sum + byteLength, 0) !== length) {
      throw new Error(`the segments of a data of length ${length} have another`);
    }
    if (length > 0 && data.get(length - 1) !== bytes[length - 1]) throw new Error('a data has two last bytes');
  }

  /** Counts the typed error of one field; everything else ends the walk. */
  #pass(error: unknown): void {
    if (error === END) throw error;
    this.#count(error);
    if ((error as CapnpPayloadError).code === 'CAPNP_LIMIT' || ++this.#errors > MOST_ERRORS) throw END;
  }

  #count(error: unknown): void {
    if (!(error instanceof CapnpPayloadError)) throw error;
    this.codes.set(error.code, (this.codes.get(error.code) ?? 0) + 1);
  }
}

const VIEWED = [
  [Uint8List, Uint8Array],
  [Int32List, Int32Array],
  [Float64List, Float64Array],
] as const;

const END = Symbol('the end of a walk');

function isPointer({ kind }: TypeModel): boolean {
  return kind === 'list' || kind === 'struct' || kind === 'data' || kind === 'text';
}

function idOf(type: TypeModel): bigint {
  return (type as { id: bigint }).id;
}
