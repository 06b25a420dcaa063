// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type Data,
  type DataType,
  type Dictionary,
  type FixedSizeList,
  Type,
  type Union,
  UnionMode,
} from 'apache-arrow';
import { escapeControls } from '../escape.js';
import { joined } from './row-text.js';
import { scalarText } from './scalar-text.js';

/** Writes one value of a column as JSON text. */
export type JsonWriter = (data: Data, row: number) => string;

const NOT_IN_JSON = ['NaN', 'Infinity', '-Infinity'];

/**
 * Integers and decimals are written with all digits, dates, times and intervals as ISO 8601, durations as a number of their
 * units, bytes in base64, maps as objects if their keys are texts and as lists of pairs otherwise, NaN and infinities as null.
 */
export function jsonWriter(type: DataType): JsonWriter {
  const write = writerOf(type);
  return (data, row) => (type.typeId === Type.Null || !data.getValid(row) ? 'null' : write(data, row));
}

export function jsonString(text: string): string {
  return escapeControls(JSON.stringify(text));
}

function writerOf(type: DataType): JsonWriter {
  const scalar = scalarText(type);
  if (scalar !== undefined) {
    return (data, row) => {
      const { text, isNumber } = scalar(data, row);
      if (!isNumber) return jsonString(text);
      return NOT_IN_JSON.includes(text) ? 'null' : text;
    };
  }
  switch (type.typeId) {
    case Type.Struct:
      return structWriter(type);
    case Type.Map:
      return mapWriter(type);
    case Type.Union:
      return unionWriter(type as Union);
    case Type.Dictionary:
      return dictionaryWriter(type as Dictionary);
    default:
      return listWriter(type);
  }
}

function listWriter(type: DataType): JsonWriter {
  const item = jsonWriter(childOf(type, 0));
  const range = rangeOf(type);
  return (data, row) => {
    const [start, end] = range(data, row);
    const items = data.children[0] as Data;
    return `[${joined(end - start, (i) => item(items, start + i))}]`;
  };
}

function structWriter(type: DataType): JsonWriter {
  const fields = type.children.map((field) => [jsonString(field.name), jsonWriter(field.type)] as const);
  return ({ children }, row) =>
    `{${joined(fields.length, (i) => {
      const [name, write] = fields[i] as (typeof fields)[number];
      return `${name}:${write(children[i] as Data, row)}`;
    })}}`;
}

function mapWriter(type: DataType): JsonWriter {
  const entry = childOf(type, 0);
  const [keyType, valueType] = [childOf(entry, 0), childOf(entry, 1)];
  const [key, value] = [jsonWriter(keyType), jsonWriter(valueType)];
  const texts = [Type.Utf8, Type.LargeUtf8].includes(keyType.typeId);
  const range = rangeOf(type);
  return (data, row) => {
    const [start, end] = range(data, row);
    const [keys, values] = (data.children[0] as Data).children as [Data, Data];
    const pair = (separator: string) => (i: number) => `${key(keys, start + i)}${separator}${value(values, start + i)}`;
    if (texts) return `{${joined(end - start, pair(':'))}}`;
    return `[${joined(end - start, (i) => `[${pair(',')(i)}]`)}]`;
  };
}

function unionWriter(type: Union): JsonWriter {
  const writers = type.children.map((field) => jsonWriter(field.type));
  return (data, row) => {
    const index = type.typeIdToChildIndex[data.typeIds[row] as number] as number;
    const at = type.mode === UnionMode.Dense ? (data.valueOffsets[row] as number) : row;
    return (writers[index] as JsonWriter)(data.children[index] as Data, at);
  };
}

function dictionaryWriter(type: Dictionary): JsonWriter {
  const write = jsonWriter(type.dictionary);
  return (data, row) => {
    const [values, at] = entryOf(data, row);
    return write(values, at);
  };
}

/** Where the value of a dictionary column is. */
export function entryOf(data: Data, row: number): readonly [data: Data, row: number] {
  let at = Number(data.values[row]);
  const chunks = data.dictionary?.data ?? [];
  for (const chunk of chunks) {
    if (at < chunk.length) return [chunk, at];
    at -= chunk.length;
  }
  throw new RangeError(`a dictionary has no entry ${data.values[row]}`);
}

/** Where the items of a list or a map are in its child. */
export function rangeOf(type: DataType): (data: Data, row: number) => readonly [start: number, end: number] {
  if (type.typeId === Type.FixedSizeList) {
    const { listSize } = type as FixedSizeList;
    return (_, row) => [row * listSize, (row + 1) * listSize];
  }
  return ({ valueOffsets }, row) => [Number(valueOffsets[row]), Number(valueOffsets[row + 1])];
}

function childOf(type: DataType, index: number): DataType {
  return (type.children[index] as DataType['children'][number]).type;
}
