// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type DataType,
  type Date_,
  DateUnit,
  type Dictionary,
  type List,
  type Struct,
  Type,
  type Vector,
} from 'apache-arrow';
import { escapeControls } from '../escape.js';

/** Writes a value of one type as JSON text. */
export type JsonWriter = (value: unknown) => string;

/** 64-bit integers are written with all digits, dates and times as ISO 8601, NaN and infinities as null. */
export function jsonWriter(type: DataType): JsonWriter {
  const write = writerOf(type);
  return (value) => (value === null || value === undefined ? 'null' : write(value));
}

export function jsonString(text: string): string {
  return escapeControls(JSON.stringify(text));
}

function writerOf(type: DataType): JsonWriter {
  switch (type.typeId) {
    case Type.Int:
    case Type.Bool:
      return String;
    case Type.Float:
      return (value) => (Number.isFinite(value) ? String(value) : 'null');
    case Type.Date:
      return dateWriter((type as Date_).unit === DateUnit.DAY ? 10 : 24);
    case Type.Timestamp:
      return dateWriter(24);
    case Type.List:
      return listWriter(type as List);
    case Type.Struct:
      return structWriter(type as Struct);
    case Type.Dictionary:
      return jsonWriter((type as Dictionary).dictionary);
    default:
      return (value) => jsonString(String(value));
  }
}

/** A time outside the years that ISO 8601 writes is a number of milliseconds. */
function dateWriter(length: number): JsonWriter {
  return (value) => {
    const date = new Date(Number(value));
    return Number.isNaN(date.getTime()) ? String(value) : `"${date.toISOString().slice(0, length)}"`;
  };
}

function listWriter(type: List): JsonWriter {
  const item = jsonWriter(type.valueType);
  return (value) => `[${Array.from(value as Vector, item).join(',')}]`;
}

function structWriter(type: Struct): JsonWriter {
  const fields = type.children.map((field) => [field.name, jsonString(field.name), jsonWriter(field.type)] as const);
  return (value) => {
    const row = value as Readonly<Record<string, unknown>>;
    return `{${fields.map(([name, text, write]) => `${text}:${write(row[name])}`).join(',')}}`;
  };
}
