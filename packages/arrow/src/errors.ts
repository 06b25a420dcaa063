// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/**
 * Every error code this package gives, in one list.
 *
 * | code | meaning |
 * |---|---|
 * | `ARROW_TRUNCATED` | the bytes end inside a message |
 * | `ARROW_INVALID` | bytes or vectors that contradict the Arrow columnar or IPC format |
 * | `ARROW_LIMIT` | a size above one of the limits given: rows, fields, depth, metadata or body bytes, messages |
 * | `ARROW_NO_SCHEMA` | a payload that does not start with a schema message |
 * | `ARROW_UNSUPPORTED_TYPE` | a column type this package does not carry yet; `typeName` names it |
 * | `ARROW_UNSUPPORTED_FEATURE` | compression, big-endian data, old metadata, tensors; `typeName` names it |
 * | `ARROW_TARGET` | memory to write into that is too small or misaligned |
 * | `ARROW_IO` | a file or a stream that can't be read; `cause` is the system's error |
 */
export type ArrowErrorCode =
  | 'ARROW_TRUNCATED'
  | 'ARROW_INVALID'
  | 'ARROW_LIMIT'
  | 'ARROW_NO_SCHEMA'
  | 'ARROW_UNSUPPORTED_TYPE'
  | 'ARROW_UNSUPPORTED_FEATURE'
  | 'ARROW_TARGET'
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
    super(code, details.column === undefined ? message : `column '${details.column}': ${message}`, {
      cause: details.cause,
    });
    this.typeName = details.typeName;
    this.column = details.column;
  }
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

export function unsupportedFeature(typeName: string): ArrowPayloadError {
  return new ArrowPayloadError('ARROW_UNSUPPORTED_FEATURE', `${typeName} is not supported`, { typeName });
}
