// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { benchCommand } from './bench/command.js';
import { codeOf, usage } from './cli-error.js';
import { addCompletion } from './completion.js';
import { doctorCommand } from './doctor/command.js';
import { EXIT, exitCodeOf, type Outcome } from './exit-code.js';
import { GivenUp } from './given-up.js';
import { hzCommand } from './hz/command.js';
import { infoCommand } from './info/command.js';
import { Interrupt } from './interrupt.js';
import { withoutSwallowing } from './optional-values.js';
import { outputError } from './output-file.js';
import { pubCommand } from './pub/command.js';
import { recordCommand } from './record/command.js';
import { replayCommand } from './replay/command.js';
import { Reporter, type ReportOptions } from './reporter.js';
import { schemaCommand } from './schema/command.js';
import { subCommand } from './sub/command.js';

/** Does what a verb is for, until it is done or `signal` is aborted. */
type Work<O> = (options: O, reporter: Reporter, signal: AbortSignal) => Promise<Outcome>;

/** Makes what a command calls with its arguments. */
type Runner = <O>(verb: string, work: Work<O>) => (options: O, report: ReportOptions) => Promise<void>;

/** All verbs, in the order of the help. What a verb needs is loaded when it runs: help and completion need none of it. */
const verbs = (run: Runner): Command[] => [
  pubCommand(run('pub', async (...all) => (await import('./pub/publish.js')).publish(...all))),
  subCommand(run('sub', async (...all) => (await import('./sub/subscribe.js')).subscribe(...all))),
  infoCommand(run('info', async (...all) => (await import('./info/info.js')).info(...all))),
  schemaCommand(run('schema', async (...all) => (await import('./schema/print.js')).printSchema(...all))),
  benchCommand(run('bench', async (...all) => (await import('./bench/run.js')).runBench(...all))),
  hzCommand(run('hz', async (...all) => (await import('./hz/hz.js')).hz(...all))),
  doctorCommand(run('doctor', async (...all) => (await import('./doctor/doctor.js')).doctor(...all))),
  recordCommand(run('record', async (...all) => (await import('./record/record.js')).record(...all))),
  replayCommand(run('replay', async (...all) => (await import('./replay/replay.js')).replay(...all))),
];

const HELP = `
Examples:
  zenoh-arrow pub -k flights flights.arrow
  zenoh-arrow sub -k flights
  zenoh-arrow info '**'
  zenoh-arrow doctor
  zenoh-arrow pub --help
`;

/** Errors that the arguments are to blame for. */
const USAGE_CODES: readonly (string | undefined)[] = ['USAGE', 'CONFIG_INVALID', 'KEY_EXPR_INVALID', 'COLUMN_UNKNOWN'];

/** Runs the command; the result is the process's exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const interrupt = new Interrupt();
  // Nobody reads what is told: that must not end the work.
  process.stderr.on('error', () => {});
  // Verbs tell of it themselves; help and completion, below. A reader that has enough of it is no error.
  let unwritten: Error | undefined;
  process.stdout.on('error', (error) => {
    if (codeOf(error) !== 'EPIPE') unwritten ??= error;
  });
  let exitCode: number = EXIT.ok;
  let ran = false;
  const run: Runner = (verb, work) => async (options, report) => {
    ran = true;
    const reporter = new Reporter(verb, report);
    try {
      exitCode = exitCodeOf(await work(options, reporter, interrupt.signal));
    } catch (error) {
      // What a signal cut short ends in errors of all kinds.
      if (interrupt.exitCode !== undefined) {
        if (error instanceof GivenUp) reporter.givenUp(error);
        return;
      }
      reporter.error(error);
      exitCode = USAGE_CODES.includes(codeOf(error)) ? EXIT.usage : EXIT.error;
    }
  };
  const program = new Command('zenoh-arrow')
    .description('Arrow data through zenoh, without copies')
    .version(version())
    .addHelpText('after', HELP);
  for (const command of verbs(run)) program.addCommand(command);
  addCompletion(program);
  const json = argv.includes('--json');
  for (const command of [program, ...program.commands]) {
    const reporter = new Reporter(command === program ? undefined : command.name(), { json });
    const outputError = (text: string) => {
      const message = text.trimEnd().replace(/^error: /, '');
      reporter.error(usage(json ? message : `${message}\n(--help tells more)`));
    };
    command.exitOverride().configureOutput({ outputError });
  }
  try {
    const verb = program.commands.find((command) => command.name() === argv[2]);
    const args = verb === undefined ? argv.slice(2) : [verb.name(), ...withoutSwallowing(argv.slice(3), verb)];
    await program.parseAsync([...argv.slice(0, 2), ...args]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    ran = false;
  }
  if (!ran) {
    await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
    if (unwritten !== undefined && exitCode === EXIT.ok) {
      process.stderr.write(`zenoh-arrow: OUTPUT: ${outputError(undefined, unwritten).message}\n`);
      exitCode = EXIT.error;
    }
  }
  if (interrupt.exitCode !== undefined) await interrupt.end();
  return exitCode;
}

function version(): string {
  const require = createRequire(import.meta.url);
  return (require('../../package.json') as { version: string }).version;
}
