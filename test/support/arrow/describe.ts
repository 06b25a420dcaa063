// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import * as arrow from 'apache-arrow';
import { type DataType, Type } from 'apache-arrow';
import type { ColumnField, ColumnType, DecimalBits, FlatKind, IndexKind, IntKind } from './column.js';
import { FLAT, UNITS } from './types.js';

const FLAT_BY_NAME = new Map(
  Object.entries(FLAT)
    .filter(([kind]) => !kind.startsWith('interval'))
    .map(([kind, make]) => [`${new make()}`, kind as FlatKind]),
);
const INTERVALS = ['interval_months', 'interval_days', 'interval_nanos'] as const;

/** A type of apache-arrow in the shared form. */
export function describeType(type: DataType): ColumnType {
  switch (type.typeId) {
    case Type.Timestamp: {
      const { unit, timezone } = type as arrow.Timestamp;
      return { kind: 'timestamp', unit: UNITS[unit]!, tz: timezone ?? null };
    }
    case Type.Time:
      return { kind: 'time', unit: UNITS[(type as arrow.Time).unit]! };
    case Type.Duration:
      return { kind: 'duration', unit: UNITS[(type as arrow.Duration).unit]! };
    case Type.Interval:
      return { kind: INTERVALS[(type as arrow.Interval).unit]! };
    case Type.Decimal: {
      const { bitWidth, precision, scale } = type as arrow.Decimal;
      return { kind: 'decimal', bits: bitWidth as DecimalBits, precision, scale };
    }
    case Type.FixedSizeBinary:
      return { kind: 'fixed_binary', width: (type as arrow.FixedSizeBinary).byteWidth };
    case Type.List:
      return { kind: 'list', item: childOf(type, 0).type };
    case Type.LargeList:
      return { kind: 'large_list', item: childOf(type, 0).type };
    case Type.FixedSizeList:
      return { kind: 'fixed_list', size: (type as arrow.FixedSizeList).listSize, item: childOf(type, 0).type };
    case Type.Struct:
      return { kind: 'struct', fields: childrenOf(type) };
    case Type.Map: {
      const [key, value] = childrenOf((type as arrow.Map_).childType);
      return { kind: 'map', sorted: (type as arrow.Map_).keysSorted, key: key!.type, value: value!.type };
    }
    case Type.Union: {
      const { mode, typeIds } = type as arrow.Union;
      const kind = mode === arrow.UnionMode.Dense ? 'dense_union' : 'sparse_union';
      return { kind, ids: [...typeIds], fields: childrenOf(type) };
    }
    case Type.Dictionary: {
      const { indices, dictionary } = type as arrow.Dictionary;
      return { kind: 'dictionary', index: intKind(indices) as IndexKind, values: describeType(dictionary) };
    }
    default: {
      const kind = FLAT_BY_NAME.get(`${type}`);
      if (kind === undefined) throw new Error(`a column of the type ${type} was not expected`);
      return { kind };
    }
  }
}

function childrenOf(type: DataType): ColumnField[] {
  return type.children.map((child: arrow.Field) => ({ name: child.name, type: describeType(child.type) }));
}

function childOf(type: DataType, index: number): ColumnField {
  return childrenOf(type)[index]!;
}

function intKind({ isSigned, bitWidth }: arrow.Int): IntKind {
  return `${isSigned ? '' : 'u'}int${bitWidth}` as IntKind;
}
