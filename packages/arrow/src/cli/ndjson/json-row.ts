// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { isInteger, isSafeNumber, parse as parseExact } from 'lossless-json';
import type { Line } from './lines.js';
import { NdjsonError } from './ndjson-error.js';

/** A JSON value; an integer that a number would round is a bigint. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** One row: an object and where it was. */
export interface JsonRow {
  readonly line: number;
  readonly object: JsonObject;
  /** Its text, when it may have to say how numbers were written. */
  readonly text: string | undefined;
}

/** Digits that a number may not hold: only then is the slow, exact parser needed. */
const MANY_DIGITS = /\d{16}/;

/** A number that may be whole although it is written as a decimal: `1.0`, `1e3`. Texts may have it in them too. */
const DECIMAL_INTEGER = /\d(?:\.0+(?!\d)|[eE][+-]?\d)/;

/**
 * @param decides whether types may depend on how the numbers of this row are written.
 * @throws {NdjsonError} `NDJSON_INVALID`
 */
export function rowOf({ text, number }: Line, decides: boolean): JsonRow {
  const value = parsed(text, number);
  if (!isObject(value)) {
    const hint = text.trimStart().startsWith('[') ? "; a JSON array becomes lines with: jq -c '.[]'" : '';
    throw new NdjsonError(`line ${number}: each line must be one JSON object${hint}`);
  }
  return { line: number, object: value, text: decides && DECIMAL_INTEGER.test(text) ? text : undefined };
}

function parsed(text: string, line: number): Json {
  return told(
    line,
    () => (MANY_DIGITS.test(text) ? parseExact(text, undefined, exactNumber) : JSON.parse(text)) as Json,
  );
}

function told<T>(line: number, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new NdjsonError(`line ${line}: ${(cause as Error).message}`, { cause });
  }
}

/** The row to decide types by: in it, numbers written with a point or an exponent are no integers, whatever they are. */
export function typicalOf({ object, text, line }: JsonRow): JsonObject {
  if (text === undefined) return object;
  const parseNumber = (digits: string) => (isInteger(digits) ? exactNumber(digits) : Number.NaN);
  const options = { parseNumber, onDuplicateKey: ({ newValue }: { readonly newValue: unknown }) => newValue };
  return told(line, () => parseExact(text, undefined, options) as JsonObject);
}

function exactNumber(digits: string): number | bigint {
  return isInteger(digits) && !isSafeNumber(digits) ? BigInt(digits) : Number(digits);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member, and never what objects inherit; one that is not there is null. */
export function memberOf(object: JsonObject, name: string): Json {
  return Object.hasOwn(object, name) ? (object[name] as Json) : null;
}
