// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type Builder,
  type Data,
  DataType,
  type Field,
  type FixedSizeList,
  MapRow,
  makeBuilder,
  Type,
  Vector,
} from 'apache-arrow';
import { storeOf } from './cells.js';
import { type CellPlace, refusal, told } from './refusal.js';

/**
 * A column of cells, written into new memory: what apache-arrow's builders make of them, with each cell checked first as
 * `ShmTableBuilder` checks its own, also below lists, structs, maps and dictionaries. Null and undefined are null.
 *
 * @throws {ArrowPayloadError} `ARROW_VALUE`; `column` is the path to what is wrong
 */
export function dataOfCells(field: Field, cells: readonly unknown[]): Data {
  const builder = checked(makeBuilder({ type: field.type, nullValues: [null] }), field);
  // By index, so that holes count as well.
  for (let row = 0; row < cells.length; row++) builder.append(cells[row]);
  return builder.finish().flush();
}

/** What of a builder its type keeps to itself. */
interface Values {
  readonly length: number;
  reserve(more: number): { readonly buffer: never };
}
interface DictionaryParts {
  readonly dictionary: Builder;
  valueToKey(cell: unknown): string;
}

/** A builder that refuses what its type can't hold, as its children do. */
function checked(builder: Builder, place: CellPlace): Builder {
  const { name, type, nullable } = place;
  builder.isValid = (cell: unknown) => {
    if (cell !== null && cell !== undefined) return true;
    if (!nullable) throw refusal(place, 'null');
    return false;
  };
  type.children?.forEach((child: Field, index: number) => {
    const below = { name: `${name}.${child.name}`, type: child.type, nullable: child.nullable };
    checked(builder.children[index] as Builder, below);
  });
  if (DataType.isDictionary(type)) {
    const parts = builder as unknown as DictionaryParts;
    checked(parts.dictionary, { name, type: type.dictionary, nullable });
    parts.valueToKey = dictionaryKeys();
    return builder;
  }
  if (DataType.isUnion(type)) {
    (builder as { set: unknown }).set = () => {
      throw refusal(place, 'an array of values: give a vector');
    };
    return builder;
  }
  const normal = normalOf(type);
  if (normal === undefined) {
    const store = storeOf(type, name);
    const { _values: values } = builder as unknown as { readonly _values: Values };
    builder.setValue = (row: number, cell: unknown) => {
      if (!store(values.reserve(row - values.length + 1).buffer, row, cell)) throw refusal(place, told(cell));
    };
  } else {
    const setValue = builder.setValue.bind(builder);
    builder.setValue = (row: number, cell: unknown) => {
      const value = normal(cell);
      if (value === undefined) throw refusal(place, told(cell));
      setValue(row, value);
    };
  }
  return builder;
}

/** A cell as apache-arrow's builder takes it; undefined for what the type can't hold. */
type Normal = (cell: unknown) => unknown;

/** Undefined for types of fixed width. */
function normalOf(type: DataType): Normal | undefined {
  switch (type.typeId) {
    case Type.Null:
      return () => undefined;
    case Type.Bool:
      return (cell) => (typeof cell === 'boolean' ? cell : undefined);
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return (cell) => (typeof cell === 'string' ? cell : undefined);
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
      return (cell) => (cell instanceof Uint8Array ? cell : undefined);
    case Type.List:
    case Type.LargeList:
      return items;
    case Type.FixedSizeList:
      return (cell) => {
        const list = items(cell);
        return list?.length === (type as FixedSizeList).listSize ? list : undefined;
      };
    case Type.Struct:
      return (cell) => (Array.isArray(cell) || isRecord(cell) ? cell : undefined);
    case Type.Map:
      return (cell) => (cell instanceof MapRow ? new Map(cell) : isRecord(cell) ? cell : undefined);
    default:
      return undefined;
  }
}

/** Arrays, typed arrays, and lists that were read. */
function items(cell: unknown): { readonly length: number } | undefined {
  if (cell instanceof Vector) return [...cell];
  const isList = Array.isArray(cell) || (ArrayBuffer.isView(cell) && !(cell instanceof DataView));
  return isList ? (cell as unknown as { readonly length: number }) : undefined;
}

/** An object whose properties, or whose entries, are meant. */
function isRecord(cell: unknown): boolean {
  return typeof cell === 'object' && !Array.isArray(cell) && !ArrayBuffer.isView(cell) && !(cell instanceof Date);
}

/** Tells the values of a dictionary apart; those that have no short text are each their own. */
function dictionaryKeys(): (cell: unknown) => string {
  let others = 0;
  return (cell) => {
    if (typeof cell === 'string') return cell;
    if (cell instanceof Date) return `Date ${cell.getTime()}`;
    if (typeof cell !== 'object' || ArrayBuffer.isView(cell)) return `${typeof cell} ${cell}`;
    return `object ${others++}`;
  };
}
