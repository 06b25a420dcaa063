// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { jsonLine } from '../json-line.js';
import { StandardOutput } from '../sub/sink.js';
import { amount, milliseconds, thousands } from '../units.js';
import type { RoundTrips } from './measurement.js';

export type BenchOutputKind = 'text' | 'json' | 'csv';

/** The figures of one size. */
export interface BenchResult {
  readonly rows: number;
  /** Of one table. */
  readonly bytes: number;
  readonly shm: boolean;
  readonly read: boolean;
  readonly sent: number;
  readonly received: number;
  /** By descriptor, of those received. */
  readonly shmShare: number;
  readonly seconds: number;
  readonly tablesPerSecond: number;
  readonly rowsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly roundTripMs: RoundTrips;
}

type Columns = readonly (readonly [name: string, value: (result: BenchResult) => number | boolean])[];

const CSV: Columns = [
  ['rows', (result) => result.rows],
  ['bytes', (result) => result.bytes],
  ['shm', (result) => result.shm],
  ['read', (result) => result.read],
  ['sent', (result) => result.sent],
  ['received', (result) => result.received],
  ['shm_share', (result) => result.shmShare],
  ['seconds', (result) => result.seconds],
  ['tables_per_second', (result) => result.tablesPerSecond],
  ['rows_per_second', (result) => result.rowsPerSecond],
  ['bytes_per_second', (result) => result.bytesPerSecond],
  ['round_trips', (result) => result.roundTripMs.count],
  ['p50_ms', (result) => result.roundTripMs.p50],
  ['p95_ms', (result) => result.roundTripMs.p95],
  ['p99_ms', (result) => result.roundTripMs.p99],
  ['max_ms', (result) => result.roundTripMs.max],
];

/** Writes each result when it is there. */
export class BenchOutput {
  readonly #kind: BenchOutputKind;
  readonly #sink: StandardOutput;
  #written = false;

  constructor(kind: BenchOutputKind, interrupt: AbortSignal) {
    this.#sink = new StandardOutput(interrupt);
    this.#kind = kind;
  }

  /** @throws {ReaderGone} */
  async write(result: BenchResult): Promise<void> {
    const lines = this.#written ? [] : this.#head();
    this.#written = true;
    await this.#sink.write([[...lines, this.#line(result)].map((line) => `${line}\n`).join('')]);
  }

  #head(): string[] {
    if (this.#kind === 'csv') return [CSV.map(([name]) => name).join(',')];
    return this.#kind === 'text' ? [TITLES.map(pad).join('')] : [];
  }

  #line(result: BenchResult): string {
    if (this.#kind === 'json') return jsonLine({ event: 'result', ...result });
    if (this.#kind === 'csv') return CSV.map(([, value]) => value(result)).join(',');
    const { rows, bytes, tablesPerSecond, rowsPerSecond, bytesPerSecond, roundTripMs } = result;
    const rates = [
      thousands(Math.round(tablesPerSecond)),
      thousands(Math.round(rowsPerSecond)),
      amount(bytesPerSecond),
    ];
    const times = [roundTripMs.p50, roundTripMs.p95, roundTripMs.p99].map(milliseconds);
    return [thousands(rows), thousands(bytes), ...rates, ...times].map(pad).join('');
  }
}

const TITLES = ['rows', 'bytes', 'tables/s', 'rows/s', 'per second', 'p50 ms', 'p95 ms', 'p99 ms'];
const WIDTHS = [11, 14, 11, 17, 14, 9, 9, 9];

function pad(text: string, column: number): string {
  return text.padStart(WIDTHS[column] as number);
}
