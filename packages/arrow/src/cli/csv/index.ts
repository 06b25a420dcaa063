// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

export { ColumnError } from '../columns/column-error.js';
export type { ColumnType } from '../columns/column-type.js';
export { COLUMN_TYPES } from '../columns/column-type.js';
export type { TextOptions } from '../columns/text-options.js';
export { CsvError } from './csv-error.js';
export type { CsvOptions } from './read-csv.js';
export { readCsv } from './read-csv.js';
