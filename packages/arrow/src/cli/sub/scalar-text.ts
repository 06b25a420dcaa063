// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type Data,
  type DataType,
  type Date_,
  DateUnit,
  type Decimal,
  type Interval,
  IntervalUnit,
  type Time,
  type Timestamp,
  Type,
  Vector,
} from 'apache-arrow';
import { type CalendarText, dateText, intervalText, timestampText, timeText } from './calendar.js';

const DAY_MS = 86_400_000n;
const WORD_BITS = 32n;

/** The text of a value that is not null, and whether JSON writes it without quotes. */
export type ScalarText = (data: Data, row: number) => CalendarText;

/** Of a type without children; undefined for one with. */
export function scalarText(type: DataType): ScalarText | undefined {
  switch (type.typeId) {
    case Type.Null:
      return () => number('null');
    case Type.Bool:
    case Type.Float:
      return (data, row) => number(String(vectorValue(data, row)));
    case Type.Int:
    case Type.Duration:
      return (data, row) => number(String(data.values[row]));
    case Type.Decimal:
      return decimal(type as Decimal);
    case Type.Date:
      return date(type as Date_);
    case Type.Timestamp:
      return (data, row) => timestampText(BigInt(data.values[row]), (type as Timestamp).unit);
    case Type.Time:
      return (data, row) => timeText(BigInt(data.values[row]), (type as Time).unit);
    case Type.Interval:
      return interval(type as Interval);
    case Type.Binary:
    case Type.LargeBinary:
    case Type.FixedSizeBinary:
    case Type.BinaryView:
      return (data, row) => text(base64(vectorValue(data, row) as Uint8Array));
    case Type.List:
    case Type.LargeList:
    case Type.FixedSizeList:
    case Type.Struct:
    case Type.Map:
    case Type.Union:
    case Type.Dictionary:
      return undefined;
    default:
      return (data, row) => text(String(vectorValue(data, row)));
  }
}

function text(value: string): CalendarText {
  return { text: value, isNumber: false };
}

function number(value: string): CalendarText {
  return { text: value, isNumber: true };
}

/** Making one costs more than reading a value. */
const vectors = new WeakMap<Data, Vector>();

function vectorValue(data: Data, row: number): unknown {
  let vector = vectors.get(data);
  if (vector === undefined) {
    vector = new Vector([data]);
    vectors.set(data, vector);
  }
  return vector.get(row);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Words of 32 bits, the lowest first, in two's complement. */
function decimal({ bitWidth, scale }: Decimal): ScalarText {
  const words = bitWidth / 32;
  return (data, row) => {
    let value = 0n;
    for (let i = words - 1; i >= 0; i--) value = (value << WORD_BITS) | BigInt(data.values[row * words + i] >>> 0);
    value = BigInt.asIntN(bitWidth, value);
    if (scale <= 0) return number(String(value * 10n ** BigInt(-scale)));
    const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
    return number(`${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`);
  };
}

function date({ unit }: Date_): ScalarText {
  if (unit === DateUnit.DAY) return (data, row) => dateText(BigInt(data.values[row]));
  return (data, row) => {
    const milliseconds = BigInt(data.values[row]);
    // Whole days are all that the type allows; what else is there is shown as it is.
    return milliseconds % DAY_MS === 0n ? dateText(milliseconds / DAY_MS) : timestampText(milliseconds, 1);
  };
}

function interval({ unit }: Interval): ScalarText {
  switch (unit) {
    case IntervalUnit.YEAR_MONTH:
      return (data, row) => text(intervalText(data.values[row], 0, 0n));
    case IntervalUnit.DAY_TIME:
      return ({ values }, row) => text(intervalText(0, values[2 * row], BigInt(values[2 * row + 1]) * 1_000_000n));
    case IntervalUnit.MONTH_DAY_NANO:
      return ({ values }, row) => {
        const at = 4 * row;
        const nanoseconds = (BigInt(values[at + 3]) << WORD_BITS) | BigInt(values[at + 2] >>> 0);
        return text(intervalText(values[at], values[at + 1], nanoseconds));
      };
  }
}
