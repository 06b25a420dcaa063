// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Outcome } from '../exit-code.js';
import type { Reporter } from '../reporter.js';
import { type BenchOptions, bench } from './bench.js';
import { type RespondOptions, respond } from './respond.js';

/** Either side of a measurement. */
export function runBench(
  options: BenchOptions | RespondOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Outcome> {
  return options.respond ? respond(options, reporter, signal) : bench(options, reporter, signal);
}
