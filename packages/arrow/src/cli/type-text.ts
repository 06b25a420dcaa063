// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type DataType,
  type Date_,
  DateUnit,
  type Decimal,
  type Dictionary,
  type Duration,
  type Field,
  type FixedSizeBinary,
  type FixedSizeList,
  type Float,
  type Int,
  type Interval,
  IntervalUnit,
  type Map_,
  Precision,
  type Time,
  type Timestamp,
  TimeUnit,
  Type,
  type Union,
  UnionMode,
} from 'apache-arrow';
import { typeNameOf } from '../types.js';

const PLAIN: Readonly<Partial<Record<Type, string>>> = {
  [Type.Null]: 'null',
  [Type.Bool]: 'bool',
  [Type.Utf8]: 'string',
  [Type.LargeUtf8]: 'large_string',
  [Type.Utf8View]: 'string_view',
  [Type.Binary]: 'binary',
  [Type.LargeBinary]: 'large_binary',
  [Type.BinaryView]: 'binary_view',
};

const FLOATS: Readonly<Record<Precision, string>> = {
  [Precision.HALF]: 'halffloat',
  [Precision.SINGLE]: 'float',
  [Precision.DOUBLE]: 'double',
};

const UNITS: Readonly<Record<TimeUnit, string>> = {
  [TimeUnit.SECOND]: 's',
  [TimeUnit.MILLISECOND]: 'ms',
  [TimeUnit.MICROSECOND]: 'us',
  [TimeUnit.NANOSECOND]: 'ns',
};

const INTERVALS: Readonly<Record<IntervalUnit, string>> = {
  [IntervalUnit.YEAR_MONTH]: 'month_interval',
  [IntervalUnit.DAY_TIME]: 'day_time_interval',
  [IntervalUnit.MONTH_DAY_NANO]: 'month_day_nano_interval',
};

/** A type as Arrow itself writes it, in C++ and Python: `timestamp[ms, tz=UTC]`, `list<item: int16>`. Names are as they came. */
export function typeText(type: DataType): string {
  const plain = PLAIN[type.typeId as Type];
  if (plain !== undefined) return plain;
  switch (type.typeId as Type) {
    case Type.Int: {
      const { isSigned, bitWidth } = type as Int;
      return `${isSigned ? '' : 'u'}int${bitWidth}`;
    }
    case Type.Float:
      return FLOATS[(type as Float).precision];
    case Type.Decimal: {
      const { bitWidth, precision, scale } = type as Decimal;
      return `decimal${bitWidth}(${precision}, ${scale})`;
    }
    case Type.Date:
      return (type as Date_).unit === DateUnit.DAY ? 'date32[day]' : 'date64[ms]';
    case Type.Time: {
      const { bitWidth, unit } = type as Time;
      return `time${bitWidth}[${UNITS[unit]}]`;
    }
    case Type.Timestamp: {
      const { unit, timezone } = type as Timestamp;
      return `timestamp[${UNITS[unit]}${timezone ? `, tz=${timezone}` : ''}]`;
    }
    case Type.Duration:
      return `duration[${UNITS[(type as Duration).unit]}]`;
    case Type.Interval:
      return INTERVALS[(type as Interval).unit];
    case Type.FixedSizeBinary:
      return `fixed_size_binary[${(type as FixedSizeBinary).byteWidth}]`;
    default:
      return nestedText(type);
  }
}

function nestedText(type: DataType): string {
  const children = (type.children ?? []) as readonly Field[];
  const list = children.map(fieldText).join(', ');
  switch (type.typeId as Type) {
    case Type.List:
      return `list<${list}>`;
    case Type.LargeList:
      return `large_list<${list}>`;
    case Type.FixedSizeList:
      return `fixed_size_list<${list}>[${(type as FixedSizeList).listSize}]`;
    case Type.Struct:
      return `struct<${list}>`;
    case Type.Map:
      return mapText(type as Map_);
    case Type.Union: {
      const { mode, typeIds } = type as Union;
      const choices = children.map((child, i) => `${fieldText(child)}=${typeIds[i]}`);
      return `${mode === UnionMode.Dense ? 'dense' : 'sparse'}_union<${choices.join(', ')}>`;
    }
    case Type.Dictionary: {
      const { dictionary, indices, isOrdered } = type as Dictionary;
      return `dictionary<values=${typeText(dictionary)}, indices=${typeText(indices)}, ordered=${isOrdered ? 1 : 0}>`;
    }
    default:
      return typeNameOf(type.typeId);
  }
}

function mapText(type: Map_): string {
  const [key, value] = ((type.children[0] as Field).type.children ?? []) as readonly Field[];
  const [from, to] = [key, value].map((field) => (field === undefined ? '?' : typeText(field.type)));
  return `map<${from}, ${to}${type.keysSorted ? ', keys_sorted' : ''}>`;
}

/** `name: type`, and `not null` where that is promised. */
export function fieldText({ name, type, nullable }: Field): string {
  return `${name}: ${typeText(type)}${nullable ? '' : ' not null'}`;
}
