// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/** What is wrong with the content of a file, under the code of its reader; the message begins with the path. */
export class InputError extends ZenohError {
  override readonly name = 'InputError';
}

const CONTENT = /^(ARROW|CSV|NDJSON|PARQUET)_/;

/**
 * What a reader gives, and its error with the path of the file.
 *
 * @param path none for standard input, whose errors stay as they are.
 * @throws {InputError}
 */
export async function* namingFile<T>(path: string | undefined, items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (cause) {
    throw withPath(path, cause);
  }
}

export function withPath(path: string | undefined, cause: unknown): unknown {
  if (path === undefined || !(cause instanceof ZenohError) || !CONTENT.test(cause.code)) return cause;
  return new InputError(cause.code, `${path}: ${cause.message}`, { cause });
}
