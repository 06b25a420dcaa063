// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// Runs the hot paths under valgrind, as instructions.mjs tells: `<steps> <path>` for each line of stdin, then `done`.
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { openPaths } from './paths.mjs';

const { paths, close } = await openPaths();
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'quit') break;
  const [steps, ...name] = line.split(' ');
  const step = paths[name.join(' ')];
  for (let i = 0; i < Number(steps); i++) await step?.();
  // What the addon does when memory is collected belongs to these steps, not to those at which V8 would happen to collect it.
  globalThis.gc?.();
  for (let i = 0; i < 3; i++) await setImmediate();
  process.stdout.write('done\n');
}
process.stdin.destroy();
await close();
