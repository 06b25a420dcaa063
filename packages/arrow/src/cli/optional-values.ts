// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync } from 'node:fs';
import type { Command } from 'commander';

/** A number, perhaps with a unit that is not taken, which is told then. */
const AMOUNT = /^[+-]?\d[\d.]*\s*([a-z]{0,3})$/i;

/**
 * The arguments of a command, so that an option whose value may be left out takes the next argument only if that is a
 * number: `--loop flights.arrow` loops over a file; `sub`, which has no arguments, takes any value. What takes no value is moved behind all other arguments.
 *
 * @param argv behind the command's name
 */
export function withoutSwallowing(argv: readonly string[], command: Command): string[] {
  // Where nothing else is taken, there is nothing to swallow.
  if (command.registeredArguments.length === 0) return [...argv];
  const flags = command.options.filter(({ optional }) => optional).map(({ long }) => long);
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const bare = (arg: string, i: number) => {
    // Of several in a row each would have it when those after it are gone.
    const next = argv.slice(i + 1, end).find((each) => !flags.includes(each));
    return flags.includes(arg) && next !== undefined && !next.startsWith('-') && !isAmount(next);
  };
  const options = argv.slice(0, end);
  return [...options.filter((arg, i) => !bare(arg, i)), ...options.filter(bare), ...argv.slice(end)];
}

function isAmount(text: string): boolean {
  const [, unit] = AMOUNT.exec(text) ?? [];
  return unit !== undefined && (unit === '' || !existsSync(text));
}
