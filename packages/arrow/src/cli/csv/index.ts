// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

export type { CsvType } from './column-type.js';
export { CSV_TYPES } from './column-type.js';
export { CsvError } from './csv-error.js';
export type { CsvOptions } from './read-csv.js';
export { readCsv } from './read-csv.js';
