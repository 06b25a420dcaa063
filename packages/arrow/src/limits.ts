// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Upper bounds on what bytes from outside may claim; checked before anything is allocated for the claim. */
export interface ArrowLimits {
  /** Rows of one batch, and values of one nested or dictionary column; a `Null` column of n rows takes no bytes. */
  readonly maxRows: number;
  /** Fields of a schema, nested ones counted. */
  readonly maxFields: number;
  /** Nesting levels of a column: 1 is a flat column. */
  readonly maxDepth: number;
  /** Bytes of the metadata of one message. */
  readonly maxMetadataBytes: number;
  /** Bytes of one message body read from a stream, and of all dictionaries a stream keeps. A payload bounds its own. */
  readonly maxBodyBytes: number;
  /** Messages of one payload, and dictionary messages that a stream keeps. */
  readonly maxMessages: number;
}

/** The limits used unless others are given. */
export const DEFAULT_LIMITS: ArrowLimits = {
  maxRows: 2 ** 26,
  maxFields: 16_384,
  maxDepth: 64,
  maxMetadataBytes: 16 * 2 ** 20,
  maxBodyBytes: 2 ** 30,
  maxMessages: 16_384,
};

export function limitsOf(given: Partial<ArrowLimits> | undefined): ArrowLimits {
  return given === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...given };
}
