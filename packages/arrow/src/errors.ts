// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/**
 * Every error code this package gives, in one list.
 *
 * | code | meaning |
 * |---|---|
 * | `ARROW_TRUNCATED` | the bytes end inside a message |
 * | `ARROW_INVALID` | bytes or vectors that contradict the Arrow columnar or IPC format |
 * | `ARROW_LIMIT` | a size above one of the limits given: rows, fields, depth, metadata, body or decompressed bytes, messages |
 * | `ARROW_NO_SCHEMA` | a payload that does not start with a schema message |
 * | `ARROW_UNSUPPORTED_TYPE` | a column type that apache-arrow can't hold; `typeName` names it |
 * | `ARROW_UNSUPPORTED_FEATURE` | compression that is not loaded, big-endian data, old metadata, tensors; `typeName` names it |
 * | `ARROW_SCHEMA` | columns that are not those of the schema declared; `column` names one |
 * | `ARROW_ENCODING` | a sample whose zenoh encoding says that it is no Arrow data |
 * | `ARROW_NO_HEAD` | a bare batch whose head nobody gave: no answer in time, or none that fits |
 * | `ARROW_OVERFLOW` | samples given up because too many waited for heads; the text says how many |
 * | `ARROW_TARGET` | memory to write into that is too small or misaligned |
 * | `ARROW_COLUMN` | a column that a schema does not have, or has several of |
 * | `ARROW_VALUE` | a value that a column can't hold, or a number of rows or bytes that can't be |
 * | `ARROW_FINISHED` | a builder that was finished, and was not reset |
 * | `ARROW_IO` | a file or a stream that can't be read; `cause` is the system's error |
 */
export type ArrowErrorCode =
  | 'ARROW_TRUNCATED'
  | 'ARROW_INVALID'
  | 'ARROW_LIMIT'
  | 'ARROW_NO_SCHEMA'
  | 'ARROW_UNSUPPORTED_TYPE'
  | 'ARROW_UNSUPPORTED_FEATURE'
  | 'ARROW_SCHEMA'
  | 'ARROW_ENCODING'
  | 'ARROW_NO_HEAD'
  | 'ARROW_OVERFLOW'
  | 'ARROW_TARGET'
  | 'ARROW_COLUMN'
  | 'ARROW_VALUE'
  | 'ARROW_FINISHED'
  | 'ARROW_IO';

/** What an {@link ArrowPayloadError} may know besides its code. */
export interface ArrowErrorDetails {
  readonly typeName?: string;
  readonly column?: string;
  readonly cause?: unknown;
}

/** Anything that is wrong with Arrow data, sent or received. */
export class ArrowPayloadError extends ZenohError<ArrowErrorCode> {
  override readonly name = 'ArrowPayloadError';
  /** The type or the feature that is refused, by its name in the Arrow specification. */
  readonly typeName: string | undefined;
  /** The column to blame, as a dotted path, when one is. */
  readonly column: string | undefined;

  constructor(code: ArrowErrorCode, message: string, details: ArrowErrorDetails = {}) {
    const place = details.column === undefined ? '' : `column '${shortened(details.column, 200)}': `;
    super(code, `${place}${shortened(message, 1000)}`, { cause: details.cause });
    this.typeName = details.typeName;
    this.column = details.column;
  }
}

/** A sender chooses how long names are: texts of errors end up in logs. */
function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`;
}

export function invalid(message: string, column?: string): ArrowPayloadError {
  return new ArrowPayloadError('ARROW_INVALID', message, column === undefined ? {} : { column });
}

export function truncated(what: string, needed: number, left: number): ArrowPayloadError {
  return new ArrowPayloadError('ARROW_TRUNCATED', `${what} needs ${needed} bytes and ${left} are left`);
}

export function beyond(limit: string, value: number, allowed: number): ArrowPayloadError {
  return new ArrowPayloadError('ARROW_LIMIT', `${limit}: ${value} is above the limit of ${allowed}`);
}

export function unsupportedType(typeName: string, column: string): ArrowPayloadError {
  return new ArrowPayloadError('ARROW_UNSUPPORTED_TYPE', `the type ${typeName} is not supported`, { typeName, column });
}

/** @param when in what case, if there are others. */
export function unsupportedFeature(typeName: string, when?: string): ArrowPayloadError {
  const text = when === undefined ? `${typeName} is not supported` : `${typeName} is not supported ${when}`;
  return new ArrowPayloadError('ARROW_UNSUPPORTED_FEATURE', text, { typeName });
}
