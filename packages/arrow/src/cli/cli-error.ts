// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/**
 * | code | meaning |
 * |---|---|
 * | `USAGE` | arguments that make no sense |
 * | `INPUT` | an input that is not there or can't be read |
 * | `OUTPUT` | an output that can't be written: a full disk, a file that is there already, a path that leads nowhere |
 * | `OUTPUT_TYPE` | a column whose type the output can't hold |
 * | `OUTPUT_LIMIT` | a row, or the dictionaries of a batch, that would take too much memory or time to write |
 * | `MCAP_INVALID` | a file that is no MCAP file, or is damaged; what was before the damage was played |
 * | `MCAP_TRUNCATED` | an MCAP file that ends early; everything before was played |
 * | `MCAP_LIMIT` | an MCAP file that would take too much memory |
 * | `SCHEMA_CHANGED` | a sample whose schema is another than that of the output, which has one only |
 * | `OPEN_FAILED` | a client that reaches no router |
 * | `NO_ANSWER` | nobody answers a measurement, or not any more |
 * | `SHM_EXHAUSTED` | a batch larger than the pool of `--shm`, or a pool that subscribers do not give back |
 * | `SHM_UNAVAILABLE` | the system gives no shared memory of the size of `--shm` |
 */
export type CliErrorCode =
  | 'USAGE'
  | 'INPUT'
  | 'OUTPUT'
  | 'OUTPUT_TYPE'
  | 'OUTPUT_LIMIT'
  | 'MCAP_INVALID'
  | 'MCAP_TRUNCATED'
  | 'MCAP_LIMIT'
  | 'SCHEMA_CHANGED'
  | 'OPEN_FAILED'
  | 'NO_ANSWER'
  | 'SHM_EXHAUSTED'
  | 'SHM_UNAVAILABLE';

/** An error of the command itself; the message says what to do. */
export class CliError extends ZenohError<CliErrorCode> {
  override readonly name = 'CliError';
}

export function usage(message: string): CliError {
  return new CliError('USAGE', message);
}

export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
