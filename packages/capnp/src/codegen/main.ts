// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ZenohError } from '@zenoh-segments/core';
import { Command, CommanderError } from 'commander';
import { readInput, writeOutput } from './cli-io.js';
import { CodegenError } from './codegen-error.js';
import { generate } from './generate.js';

/** What the process ends with. */
const EXIT = { ok: 0, error: 1, usage: 2 } as const;
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

const HELP = `
As a plugin of the capnp tool it needs no arguments: the tool finds it on the PATH, pipes the request in and runs it in the
output folder, which has to be there. Each schema file becomes a TypeScript module beside it there, telemetry.capnp
telemetry.ts.

Exit codes: 0 all went well; 1 an error; 2 wrong usage; 130 after Ctrl-C, 143 after SIGTERM. What is left out of the modules
is told on standard error. Nothing is written unless every module could be made.

Examples:
  mkdir -p src/generated
  capnp compile -I node_modules/@zenoh-segments/capnp -ozenoh:src/generated telemetry.capnp
  capnp compile -o- telemetry.capnp > telemetry.bin
  capnpc-zenoh telemetry.bin --out src/generated
`;

/** Runs the command; the result is the process's exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => process.exit(code));
  // Help in a pipe whose reader has enough of it, and notes that nobody reads.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const program = new Command('capnpc-zenoh')
    .description("generates TypeScript for zenoh from Cap'n Proto schemas")
    .version((createRequire(import.meta.url)('../../package.json') as { version: string }).version)
    .argument('[request]', 'a request saved with `capnp compile -o-`; standard input unless given')
    .option('--out <folder>', 'where the modules go', '.')
    .addHelpText('after', HELP)
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .action(run);
  try {
    await program.parseAsync(argv);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof ZenohError)) throw error;
    say(`${error.code}: ${error.message}`);
    return error.code === 'USAGE' ? EXIT.usage : EXIT.error;
  }
}

async function run(request: string | undefined, { out }: { readonly out: string }): Promise<void> {
  if (request === undefined && process.stdin.isTTY) {
    const how = 'run it as `capnp compile -ozenoh schema.capnp`, or give it a saved request';
    throw new CodegenError('USAGE', `standard input is a terminal: ${how}. --help tells more`);
  }
  const files = generate(await readInput(request ?? process.stdin));
  await writeOutput(out, files);
  for (const note of files.flatMap(({ notes }) => notes)) say(note);
  for (const path of new Set(files.flatMap(({ imports }) => imports))) {
    if (existsSync(join(out, path))) continue;
    say(`${path} is imported and not there yet: generate it as well, into the same folder`);
  }
}

/** What is told comes out of schemas, and no terminal must be steered by them. */
function say(text: string): void {
  process.stderr.write(`capnpc-zenoh: ${text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')}\n`);
}
