// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ColumnWriterOf } from '@zenoh-segments/arrow';
import { Field, Float64, Int32, type RecordBatch, Schema, Utf8 } from 'apache-arrow';

export const KEY = 'measurements';
export const ROWS = 20_000;
const SENSORS = ['left', 'right', 'front', 'größer'];

export const schema = new Schema<{ sequence: Int32; sensor: Utf8; value: Float64 }>([
  new Field('sequence', new Int32()),
  new Field('sensor', new Utf8()),
  new Field('value', new Float64(), true),
]);

/** What is measured: a value in each row but the thirteenth, which is missing. */
export function measure(
  sequence: number,
  sequences: Int32Array,
  sensors: ColumnWriterOf<Utf8>,
  values: ColumnWriterOf<Float64>,
): void {
  sequences.fill(sequence);
  for (let row = 0; row < ROWS; row++) sensors.append(SENSORS[row % SENSORS.length] as string);
  const doubles = values.values;
  for (let row = 0; row < ROWS; row++) doubles[row] = sequence + row / 8;
  values.set(13, null);
}

/** Reads every column whole. */
export function isRight({ data: { children }, numRows }: RecordBatch): boolean {
  const [sequences, sensors, values] = children.map((column) => column.values);
  const sequence: number = sequences[0];
  const names = new TextEncoder().encode(SENSORS.join(''));
  const rounds = ROWS / SENSORS.length;
  return (
    numRows === ROWS &&
    sum(sequences) === sequence * ROWS &&
    sensors.length === names.length * rounds &&
    sum(sensors) === sum(names) * rounds &&
    children[2]?.nullCount === 1 &&
    sum(values) === sequence * (ROWS - 1) + (ROWS * (ROWS - 1)) / 16 - 13 / 8
  );
}

function sum(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i] as number;
  return total;
}
