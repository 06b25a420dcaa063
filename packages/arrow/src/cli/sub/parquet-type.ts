// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  type Data,
  type DataType,
  type Date_,
  DateDay,
  DateUnit,
  type Dictionary,
  Field,
  FixedSizeList,
  type Interval,
  IntervalUnit,
  LargeList,
  List,
  Map_,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  type Time,
  TimeMillisecond,
  type Timestamp,
  TimestampMillisecond,
  TimeUnit,
  Type,
} from 'apache-arrow';
import { CliError } from '../cli-error.js';

/** Turns a column into what Parquet can hold. */
type Cast = (data: Data) => Data;

interface Column {
  readonly type: DataType;
  /** Undefined when nothing is to be changed. */
  readonly cast: Cast | undefined;
}

/**
 * Makes batches of one schema fit for Parquet, which has no unit of seconds and no dates in milliseconds: timestamps and times
 * in seconds become milliseconds, such dates days. All other columns stay as they are.
 */
export class ParquetTypes {
  readonly #schema: Schema;
  readonly #casts: readonly (Cast | undefined)[];

  /** @throws {CliError} `OUTPUT_TYPE` for a type that Parquet can't hold, naming the column. */
  constructor(schema: Schema) {
    const columns = schema.fields.map((field) => columnOf(field.type, field.name));
    const fields = schema.fields.map((field, i) => withType(field, (columns[i] as Column).type));
    this.#schema = new Schema(fields, schema.metadata);
    this.#casts = columns.map(({ cast }) => cast);
  }

  /** @throws {CliError} `OUTPUT_TYPE` for a value beyond what the other unit can hold, naming the column. */
  fit(batch: RecordBatch): RecordBatch {
    if (this.#casts.every((cast) => cast === undefined)) return batch;
    const children = batch.data.children.map((data, i) => this.#casts[i]?.(data) ?? data);
    const type = new Struct(this.#schema.fields);
    return new RecordBatch(this.#schema, makeData({ type, length: batch.numRows, nullCount: 0, children }));
  }
}

function columnOf(type: DataType, path: string): Column {
  switch (type.typeId) {
    case Type.Timestamp:
      return timestampColumn(type as Timestamp, path);
    case Type.Time:
      return (type as Time).unit === TimeUnit.SECOND
        ? numbers(new TimeMillisecond(), (seconds: number) => seconds * 1000)
        : { type, cast: undefined };
    case Type.Date:
      return dateColumn(type as Date_, path);
    case Type.Interval:
      if ((type as Interval).unit === IntervalUnit.MONTH_DAY_NANO) throw unfit(path, 'month-day-nano intervals');
      return { type, cast: undefined };
    case Type.Union:
      throw unfit(path, 'unions');
    case Type.Dictionary:
      checkDictionary((type as Dictionary).dictionary, path);
      return { type, cast: undefined };
    default:
      return (type.children?.length ?? 0) > 0 || type.typeId === Type.Struct
        ? nested(type, path)
        : { type, cast: undefined };
  }
}

function unfit(path: string, what: string): CliError {
  return new CliError(
    'OUTPUT_TYPE',
    `column '${path}': Parquet can't hold ${what}; leave it out with --columns, or use --output arrow or ndjson`,
  );
}

const PLAIN_IN_DICTIONARIES: readonly Type[] = [
  Type.Bool,
  Type.Int,
  Type.Float,
  Type.Decimal,
  Type.Utf8,
  Type.LargeUtf8,
  Type.Utf8View,
  Type.Binary,
  Type.LargeBinary,
  Type.BinaryView,
];

function checkDictionary(type: DataType, path: string): void {
  const { typeId } = type;
  const day = typeId === Type.Date && (type as Date_).unit === DateUnit.DAY;
  const fine = [Type.Timestamp, Type.Time].includes(typeId) && (type as Time).unit !== TimeUnit.SECOND;
  if (!PLAIN_IN_DICTIONARIES.includes(typeId) && !day && !fine) throw unfit(path, `a dictionary of ${type}`);
}

function timestampColumn(type: Timestamp, path: string): Column {
  if (type.unit !== TimeUnit.SECOND) return { type, cast: undefined };
  return numbers(new TimestampMillisecond(type.timezone), (seconds: bigint) => {
    const milliseconds = seconds * 1000n;
    if (BigInt.asIntN(64, milliseconds) !== milliseconds) throw unfit(path, `the time ${seconds} s in milliseconds`);
    return milliseconds;
  });
}

function dateColumn(type: Date_, path: string): Column {
  if (type.unit === DateUnit.DAY) return { type, cast: undefined };
  return numbers(new DateDay(), (milliseconds: bigint) => {
    const days = Number(milliseconds) / 86_400_000;
    if (!Number.isInteger(days) || days !== (days | 0)) throw unfit(path, `the date ${milliseconds} ms in days`);
    return days;
  });
}

/** Changes each value; what stands where there is none becomes 0. */
function numbers<From, To>(type: DataType, change: (value: From) => To): Column {
  const cast: Cast = (data) => {
    const values = new type.ArrayType(data.length);
    for (let row = 0; row < data.length; row++) if (data.getValid(row)) values[row] = change(data.values[row]);
    const { offset, length, nullCount, nullBitmap } = data;
    if (offset === 0) return makeData({ type, length, nullCount, nullBitmap, data: values } as never);
    // The bitmap starts in the middle: its own copy is in the clone, whose values begin at the offset.
    return data.clone(
      type as never,
      offset,
      length,
      nullCount,
      [undefined, values, nullBitmap, undefined] as never,
      [],
    );
  };
  return { type, cast };
}

function nested(type: DataType, path: string): Column {
  if (type.children.length === 0) throw unfit(path, 'structs without fields');
  const columns = type.children.map((field) => columnOf(field.type, `${path}.${field.name}`));
  if (columns.every(({ cast }) => cast === undefined)) return { type, cast: undefined };
  const fields = type.children.map((field, i) => withType(field, (columns[i] as Column).type));
  const changed = rebuilt(type, fields);
  const cast: Cast = (data) => {
    const children = data.children.map((child, i) => columns[i]?.cast?.(child as Data) ?? child);
    return data.clone(changed as never, data.offset, data.length, data.nullCount, data.buffers as never, children);
  };
  return { type: changed, cast };
}

function rebuilt(type: DataType, fields: readonly Field[]): DataType {
  const [first] = fields as [Field];
  switch (type.typeId) {
    case Type.List:
      return new List(first);
    case Type.LargeList:
      return new LargeList(first);
    case Type.FixedSizeList:
      return new FixedSizeList((type as FixedSizeList).listSize, first);
    case Type.Map:
      return new Map_(first as never, (type as Map_).keysSorted);
    default:
      return new Struct([...fields]);
  }
}

function withType(field: Field, type: DataType): Field {
  return type === field.type ? field : new Field(field.name, type, field.nullable, field.metadata);
}
