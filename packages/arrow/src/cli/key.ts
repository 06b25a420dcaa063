// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { KeyExpr } from '@zenoh-segments/core';
import { type Command, InvalidArgumentError } from 'commander';
import { usage } from './cli-error.js';

/** @throws {CliError} `USAGE` for a text that is no key expression. */
export function keyOf(text: string): KeyExpr {
  try {
    return new KeyExpr(text);
  } catch (error) {
    throw usage(`'${text}' is no key expression: ${(error as Error).message}`);
  }
}

/** For verbs that have the key expression as their argument: the flag that other verbs have works too. */
export function addKeyOption(command: Command): Command {
  return command.option('-k, --key <key>', 'the key expression, as the argument', onlyKey);
}

/** For flags that are given once: of two keys the first must not be dropped in silence. */
export function onlyKey(text: string, earlier: string | undefined): string {
  if (earlier !== undefined) throw new InvalidArgumentError(`A key is given already: '${earlier}'.`);
  return text;
}

/** @throws {CliError} `USAGE` for a text that is no key, or stands for many. */
export function oneKey(text: string, why: string): KeyExpr {
  const key = keyOf(text);
  if (text.includes('*')) throw usage(`'${text}' stands for many keys${why}`);
  return key;
}

/** The key expression out of argument and flag; a usage error unless it is one of them. */
export function keyFrom(argument: string | undefined, option: string | undefined, command: Command): string {
  if (argument !== undefined && option !== undefined) {
    command.error(`error: give the key once: either '${argument}' or --key '${option}'`);
  }
  return argument ?? option ?? command.error('error: a key expression is needed');
}
