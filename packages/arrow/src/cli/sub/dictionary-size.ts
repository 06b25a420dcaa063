// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type RecordBatch, Type } from 'apache-arrow';
import { CliError } from '../cli-error.js';
import { entryOf, rangeOf } from './json-value.js';

/** What the dictionary values of rows written at once may take, each time they occur: signals get their turn in between. */
export const PIECE_BYTES = 64 * 2 ** 20;
/** The same of one batch: a dictionary lets a few bytes stand for any amount. */
const MAX_BYTES = 8 * 2 ** 30;
/** Values other than texts and bytes take no more. */
const FIXED_BYTES = 32;

/**
 * So many rows of a batch that their dictionary values are looked at in one go; together all rows.
 *
 * @throws {CliError} `OUTPUT_LIMIT` when the batch has too many to ever come to an end.
 */
export function pieces(batch: RecordBatch): number[] {
  const columns = batch.data.children.filter((data) => hasDictionary(data));
  if (columns.length === 0) return [batch.numRows];
  const lengths: number[] = [];
  let rows = 0;
  let bytes = 0;
  let total = 0;
  for (let row = 0; row < batch.numRows; row++) {
    const more = columns.reduce((sum, data) => sum + bytesOf(data, row, row + 1), 0);
    total += more;
    if (total > MAX_BYTES) throw tooMuch();
    if (rows > 0 && bytes + more > PIECE_BYTES) {
      lengths.push(rows);
      rows = 0;
      bytes = 0;
    }
    rows++;
    bytes += more;
  }
  return [...lengths, rows];
}

function tooMuch(): CliError {
  return new CliError(
    'OUTPUT_LIMIT',
    `the values of a batch's dictionaries are more than ${MAX_BYTES} bytes when each one counts as often as it occurs: use ` +
      '--output arrow, or --columns without them',
  );
}

function hasDictionary({ type, children }: Data): boolean {
  return type.typeId === Type.Dictionary || children.some((child) => child !== undefined && hasDictionary(child));
}

/** Of the dictionary values of some rows, nested ones too. */
function bytesOf(data: Data, start: number, end: number): number {
  const { type, children } = data;
  let sum = 0;
  switch (type.typeId) {
    case Type.Dictionary:
      for (let row = start; row < end && sum <= MAX_BYTES; row++) {
        if (data.getValid(row)) sum += entryBytes(...entryOf(data, row));
      }
      return sum;
    case Type.List:
    case Type.LargeList:
    case Type.FixedSizeList:
    case Type.Map: {
      const range = rangeOf(type);
      for (let row = start; row < end; row++) sum += bytesOf(children[0] as Data, ...range(data, row));
      return sum;
    }
    default:
      for (const child of children) if (child !== undefined) sum += bytesOf(child, start, end);
      return sum;
  }
}

function entryBytes({ type, valueOffsets, values }: Data, row: number): number {
  switch (type.typeId) {
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Binary:
    case Type.LargeBinary:
      return Number(valueOffsets[row + 1]) - Number(valueOffsets[row]);
    case Type.Utf8View:
    case Type.BinaryView:
      // A view begins with its length.
      return new DataView(values.buffer, values.byteOffset + 16 * row).getInt32(0, true);
    default:
      return FIXED_BYTES;
  }
}
