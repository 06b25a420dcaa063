// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type RecordBatch, Type } from 'apache-arrow';
import { CliError } from '../cli-error.js';
import { checkColumns } from '../columns/column-error.js';

/** Milliseconds in a unit that plain numbers can count. */
export const TIME_UNITS = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 } as const;

export type TimeUnit = keyof typeof TIME_UNITS;

/** 1980 and 2100 in milliseconds: what numbers that count from 1970 are between, in one of the units. */
const EPOCH_MS = [315_532_800_000, 4_102_444_800_000] as const;

/** The unit in which a number is a time of these days; seconds for one that is none in any of them. */
function unitOf(value: number): TimeUnit {
  const [first, last] = EPOCH_MS;
  const units = Object.entries(TIME_UNITS) as [TimeUnit, number][];
  return units.find(([, ms]) => value * ms >= first && value * ms < last)?.[0] ?? 's';
}

/** The column that tells when the rows of a batch were made. */
export class TimeColumn {
  readonly #name: string;
  readonly #assumed: (unit: TimeUnit, value: number) => void;
  #unit: TimeUnit | undefined;

  /**
   * @param unit of a column of plain numbers; unless given it is what makes the first one a time of these days, or seconds.
   * @param assumed told of a unit other than seconds that was not given.
   */
  constructor(name: string, unit: TimeUnit | undefined, assumed: (unit: TimeUnit, value: number) => void) {
    this.#name = name;
    this.#unit = unit;
    this.#assumed = assumed;
  }

  /**
   * The first time in a batch, in milliseconds; undefined when no row has one.
   *
   * @throws {ColumnError} `COLUMN_UNKNOWN`
   * @throws {CliError} `INPUT` for a column that holds no times.
   */
  of(batch: RecordBatch): number | undefined {
    const names = batch.schema.fields.map(({ name }) => name);
    checkColumns([this.#name], names);
    const vector = batch.getChildAt(names.indexOf(this.#name));
    for (let row = 0; row < batch.numRows; row++) {
      const value: unknown = vector?.get(row);
      if (value === null || value === undefined) continue;
      const ms = this.#milliseconds(value, vector?.type.typeId);
      if (Number.isFinite(ms)) return ms;
      const text = String(value).slice(0, 64);
      throw new CliError('INPUT', `--time-column '${this.#name}': '${text}' (${vector?.type}) is no time`);
    }
    return undefined;
  }

  #fromNumber(value: number): number {
    if (this.#unit === undefined) {
      this.#unit = unitOf(value);
      if (this.#unit !== 's') this.#assumed(this.#unit, value);
    }
    return value * TIME_UNITS[this.#unit];
  }

  #milliseconds(value: unknown, typeId: Type | undefined): number {
    switch (typeId) {
      // apache-arrow gives both in milliseconds, whatever their unit.
      case Type.Timestamp:
      case Type.Date:
        return Number(value);
      case Type.Int:
      case Type.Float:
        return this.#fromNumber(Number(value));
      case Type.Utf8:
      case Type.Dictionary:
        return Date.parse(String(value));
      default:
        return Number.NaN;
    }
  }
}
