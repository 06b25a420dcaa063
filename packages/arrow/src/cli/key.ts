// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { KeyExpr } from '@zenoh-segments/core';
import { usage } from './cli-error.js';

/** @throws {CliError} `USAGE` for a text that is no key expression. */
export function keyOf(text: string): KeyExpr {
  try {
    return new KeyExpr(text);
  } catch (error) {
    throw usage(`'${text}' is no key expression: ${(error as Error).message}`);
  }
}
