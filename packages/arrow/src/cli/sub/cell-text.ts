// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type DataType, type Dictionary, Type } from 'apache-arrow';
import { entryOf, jsonWriter } from './json-value.js';
import { scalarText } from './scalar-text.js';

/** The text of a cell of a table; null for no value. */
export type CellText = (data: Data, row: number) => string | null;

/** As JSON writes it, but texts as they are, and with NaN and infinities. */
export function cellText(type: DataType): CellText {
  if (type.typeId === Type.Null) return () => null;
  const scalar = scalarText(type);
  if (scalar !== undefined) return (data, row) => (data.getValid(row) ? scalar(data, row).text : null);
  if (type.typeId === Type.Dictionary) {
    const value = cellText((type as Dictionary).dictionary);
    return (data, row) => (data.getValid(row) ? value(...entryOf(data, row)) : null);
  }
  const json = jsonWriter(type);
  return (data, row) => (data.getValid(row) ? json(data, row) : null);
}
