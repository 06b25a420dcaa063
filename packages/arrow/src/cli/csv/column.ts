// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Bool, type Data, type DataType, Float64, Int32, Int64, makeData, Utf8 } from 'apache-arrow';
import type { CsvType } from './column-type.js';

export function arrowType(type: CsvType): DataType {
  switch (type) {
    case 'int32':
      return new Int32();
    case 'int64':
      return new Int64();
    case 'float64':
      return new Float64();
    case 'bool':
      return new Bool();
    case 'utf8':
      return new Utf8();
  }
}

/** A column of Arrow memory from the texts of its values, which fit the type. An empty text is null. */
export function buildColumn(type: CsvType, texts: readonly string[]): Data {
  const validity = { length: texts.length, ...validityOf(texts) };
  switch (type) {
    case 'int32':
      return makeData({ type: new Int32(), data: Int32Array.from(texts, Number), ...validity });
    case 'int64':
      return makeData({ type: new Int64(), data: BigInt64Array.from(texts, BigInt), ...validity });
    case 'float64':
      return makeData({ type: new Float64(), data: Float64Array.from(texts, Number), ...validity });
    case 'bool':
      return makeData({ type: new Bool(), data: bitmap(texts, (text) => text.toLowerCase() === 'true'), ...validity });
    case 'utf8':
      return makeData({ type: new Utf8(), ...joined(texts), ...validity });
  }
}

function validityOf(texts: readonly string[]): { nullCount: number; nullBitmap: Uint8Array | null } {
  let nullCount = 0;
  for (const text of texts) if (text === '') nullCount++;
  return { nullCount, nullBitmap: nullCount === 0 ? null : bitmap(texts, (text) => text !== '') };
}

function bitmap(texts: readonly string[], isSet: (text: string) => boolean): Uint8Array {
  const bits = new Uint8Array((texts.length + 7) >>> 3);
  texts.forEach((text, i) => {
    if (isSet(text)) bits[i >>> 3] = (bits[i >>> 3] as number) | (1 << (i % 8));
  });
  return bits;
}

/** All texts in UTF-8, one after the other, measured first so that the memory is allocated once. */
function joined(texts: readonly string[]): { valueOffsets: Int32Array; data: Uint8Array } {
  const valueOffsets = new Int32Array(texts.length + 1);
  let end = 0;
  texts.forEach((text, i) => {
    end += Buffer.byteLength(text);
    valueOffsets[i + 1] = end;
  });
  const data = new Uint8Array(end);
  const target = Buffer.from(data.buffer);
  texts.forEach((text, i) => {
    target.write(text, valueOffsets[i] as number);
  });
  return { valueOffsets, data };
}
