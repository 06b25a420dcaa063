// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '@zenoh-segments/core';

/** Upper bounds on what bytes from outside may claim; checked before anything is allocated for the claim. */
export interface ArrowLimits {
  /** Rows of one batch, and values of one nested or dictionary column. */
  readonly maxRows: number;
  /**
   * Values that take no bytes, of all columns of a payload together: of type `Null`, binary of width 0, structs without
   * fields, lists of size 0, rows without columns. Besides, there may be as many of them as the payload has bits.
   */
  readonly maxBytelessValues: number;
  /** Fields of a schema, nested ones counted. */
  readonly maxFields: number;
  /** Key-values of a schema and all its fields together, and of the metadata of one message. */
  readonly maxKeyValues: number;
  /** Nesting levels of a column: 1 is a flat column. */
  readonly maxDepth: number;
  /** Bytes of the metadata of one message. */
  readonly maxMetadataBytes: number;
  /** Bytes of one message body read from a stream, and of all dictionaries a stream keeps. A payload bounds its own. */
  readonly maxBodyBytes: number;
  /** Messages of one payload, and dictionary messages that a stream keeps. */
  readonly maxMessages: number;
  /** Bytes that the compressed buffers of one payload declare together. */
  readonly maxDecompressedBytes: number;
  /**
   * Bytes that compressed buffers may declare for each byte of their payload, beyond the first 32 MiB, which are free:
   * a few bytes that stand for a gigabyte of zeros are refused. A buffer counts for 2 KiB at least. Also the bytes that
   * texts read from views, and values that several rows of a dense union share, may have together for each byte of their
   * payload when it is decompressed: each reading makes them anew. A list's item counts for 8 bytes, a struct's member or a
   * union's value for 32, besides their text. Dictionaries are not counted: their values are made once and shared, though
   * what prints a table, such as `JSON.stringify`, writes lists out as often as rows refer to them. To look into values that
   * rows share may take 262,144 steps and `maxExpansion` / 32 for each received byte.
   */
  readonly maxExpansion: number;
}

/** The limits used unless others are given. */
export const DEFAULT_LIMITS: ArrowLimits = {
  maxRows: 2 ** 26,
  maxBytelessValues: 2 ** 22,
  maxFields: 16_384,
  maxKeyValues: 65_536,
  maxDepth: 64,
  maxMetadataBytes: 16 * 2 ** 20,
  maxBodyBytes: 2 ** 30,
  maxMessages: 8192,
  maxDecompressedBytes: 2 ** 30,
  maxExpansion: 8,
};

/** @throws {CoreError} `INVALID_ARGUMENT` when one is not a number from 0 on, `Infinity` included. */
export function limitsOf(given: Partial<ArrowLimits> | undefined): ArrowLimits {
  if (given === undefined) return DEFAULT_LIMITS;
  const limits: { -readonly [name in keyof ArrowLimits]: number } = { ...DEFAULT_LIMITS };
  for (const name of Object.keys(limits) as (keyof ArrowLimits)[]) {
    const value: unknown = given[name];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value >= 0)) {
      throw new CoreError('INVALID_ARGUMENT', `${String(value)} is not a valid \`${name}\` of limits`);
    }
    limits[name] = value;
  }
  return limits;
}
