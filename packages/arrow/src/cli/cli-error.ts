// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/**
 * | code | meaning |
 * |---|---|
 * | `USAGE` | arguments that make no sense |
 * | `INPUT` | an input that is not there or can't be read |
 * | `SCHEMA_CHANGED` | a sample whose schema is another than that of the Arrow stream being written |
 * | `SHM_EXHAUSTED` | a batch larger than the pool of `--shm`, or a pool that subscribers do not give back |
 * | `SHM_UNAVAILABLE` | the system gives no shared memory of the size of `--shm` |
 */
export type CliErrorCode = 'USAGE' | 'INPUT' | 'SCHEMA_CHANGED' | 'SHM_EXHAUSTED' | 'SHM_UNAVAILABLE';

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
