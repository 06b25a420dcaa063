// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  Bool,
  type DataType,
  Dictionary,
  Field,
  Int16,
  Int64,
  List,
  Table,
  TimestampMillisecond,
  tableFromIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';

const datasets = new URL('../data/', pathToFileURL(createRequire(import.meta.url).resolve('vega-datasets')));

export function dataset(name: string): string {
  return fileURLToPath(new URL(name, datasets));
}

export function flights(): Table {
  return tableFromIPC(readFileSync(dataset('flights-200k.arrow')));
}

/** The same id every time: tables with different values have the same schema. */
const KIND = new Dictionary(new Utf8(), new Int16(), 7);

/** One batch of many types, with nulls. Other starts give other values, and another dictionary. */
export function mixed(start: number, rows: number): Table {
  const every = <T>(n: number, make: (i: number) => T) =>
    Array.from({ length: rows }, (_, i) => ((start + i) % n === 0 ? null : make(start + i)));
  const column = (type: DataType, values: readonly unknown[]) => vectorFromArray(values, type) as Vector;
  return new Table({
    big: column(
      new Int64(),
      every(5, (i) => 2n ** 60n + BigInt(i)),
    ),
    flag: column(
      new Bool(),
      every(3, (i) => i % 2 === 0),
    ),
    text: column(
      new Utf8(),
      every(4, (i) => `ÿ ${i} "\t`),
    ),
    when: column(
      new TimestampMillisecond(),
      every(7, (i) => i * 86_400_000),
    ),
    list: column(
      new List(new Field('item', new Int16(), true)),
      every(6, (i) => Array.from({ length: i % 3 }, Number)),
    ),
    kind: column(
      KIND,
      every(8, (i) => `kind ${start}.${i % 3}`),
    ),
  });
}

/** A table's batch several times over. */
export function repeated(table: Table, times: number): Table {
  return new Table(table.schema, Array.from({ length: times }, () => table.batches).flat());
}

/** Every value, column by column, in a form that `toEqual` compares. */
export function valuesOf(table: Table): unknown[][] {
  const plain = (value: unknown): unknown =>
    value !== null && typeof value === 'object' && Symbol.iterator in value ? [...(value as Iterable<unknown>)] : value;
  return table.schema.fields.map((_, i) => Array.from(table.getChildAt(i) as Vector, plain));
}

/** How many values differ, in tables too large for `toEqual`. */
export function differences(received: Table, expected: Table): number {
  if (received.numRows !== expected.numRows || String(received.schema) !== String(expected.schema)) return Infinity;
  const others = valuesOf(expected) as unknown[][];
  return valuesOf(received).reduce(
    (sum, column, i) => sum + column.filter((value, row) => !Object.is(value, others[i]?.[row])).length,
    0,
  );
}

/** A folder that is gone after `run`. */
export async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'zenoh-arrow-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns the path. */
export function write(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
