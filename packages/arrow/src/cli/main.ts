// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { codeOf } from './cli-error.js';
import { EXIT } from './exit-code.js';
import { Interrupt } from './interrupt.js';
import { pubCommand } from './pub/command.js';
import { publish } from './pub/publish.js';
import { Reporter, type ReportOptions } from './reporter.js';
import { subCommand } from './sub/command.js';
import { subscribe } from './sub/subscribe.js';

/** Errors that the arguments are to blame for. */
const USAGE_CODES: readonly (string | undefined)[] = ['USAGE', 'CONFIG_INVALID', 'KEY_EXPR_INVALID'];

/** Runs the command; the result is the process's exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const interrupt = new Interrupt();
  // Nobody reads what is told: that must not end the work.
  process.stderr.on('error', () => {});
  // Help in a pipe whose reader has enough of it.
  process.stdout.on('error', (error) => {
    if (codeOf(error) !== 'EPIPE') throw error;
  });
  let exitCode: number = EXIT.ok;
  const run = async (verb: string, options: ReportOptions, work: (reporter: Reporter) => Promise<number>) => {
    const reporter = new Reporter(verb, options);
    try {
      exitCode = await work(reporter);
    } catch (error) {
      // What a signal cut short ends in errors of all kinds.
      if (interrupt.exitCode !== undefined) return;
      reporter.error(error);
      exitCode = USAGE_CODES.includes(codeOf(error)) ? EXIT.usage : EXIT.error;
    }
  };
  const program = new Command('zenoh-arrow')
    .description('Arrow data through zenoh, without copies')
    .version(version())
    .addCommand(
      pubCommand((options, report) =>
        run('pub', report, async (reporter) => {
          await publish(options, reporter, interrupt.signal);
          return EXIT.ok;
        }),
      ),
    )
    .addCommand(
      subCommand((options, report) =>
        run('sub', report, async (reporter) => {
          const { skipped } = await subscribe(options, reporter, interrupt.signal);
          return skipped === 0 ? EXIT.ok : EXIT.error;
        }),
      ),
    );
  for (const command of [program, ...program.commands])
    command.exitOverride().showHelpAfterError('(--help tells more)');
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return interrupt.exitCode ?? exitCode;
}

function version(): string {
  const require = createRequire(import.meta.url);
  return (require('../../package.json') as { version: string }).version;
}
