// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The conformance list as a plain program, for runtimes that have no jest: one line of JSON per event.
//
//   run.js [--copies] [--websocket] [--gaps <file>] [--from <index>]
//
// `--websocket` is over the runtime's own WebSocket, to servers of this process.
// `--copies` makes the addon behave as in a runtime that forbids ArrayBuffers over native memory.
// What is listed in `--gaps` is not waited for so long.
// It must end by itself: an exit call here would hide what keeps a runtime alive.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Case } from './case.js';
import { parseGaps, withoutPatience } from './known-gaps.js';
import { cases } from './list.js';
import { native } from './native.js';
import { withConnectedPair } from './pair.js';
import { embedded, overWebSocket } from './websocket.js';

/** What the program writes, a line each. */
export type RunEvent =
  | { readonly event: 'start'; readonly name: string; readonly version: string; readonly cases: number }
  | { readonly event: 'case'; readonly index: number; readonly name: string }
  | { readonly event: 'passed'; readonly index: number }
  | { readonly event: 'failed'; readonly index: number; readonly reason: string }
  | { readonly event: 'done' };

/** More than any wait of a case takes before it says what did not come. */
const LIMIT_MS = 60_000;

function tell(event: RunEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function runtime(): { name: string; version: string } {
  const { bun, deno, node } = process.versions as { bun?: string; deno?: string; node?: string };
  if (bun !== undefined) return { name: 'Bun', version: bun };
  if (deno !== undefined) return { name: 'Deno', version: deno };
  return { name: 'Node', version: node ?? 'unknown' };
}

function attempt({ name, run }: Case): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  const whole = () => withConnectedPair(backend, run);
  const running = gaps.has(name) ? withoutPatience(whole) : whole();
  return Promise.race([running, late]).finally(() => clearTimeout(timer));
}

function firstLines(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: jest colours its messages
  return text.replace(/\u001b\[\d*m/g, '').slice(0, 600);
}

const args = process.argv.slice(2);
const from = args.includes('--from') ? Number(args[args.indexOf('--from') + 1]) : 0;
if (args.includes('--copies')) {
  // Not a public name: the very module instance that the package itself uses.
  const place = new URL('../../../packages/core/dist/native/load.js', import.meta.url).href;
  const { addon } = (await import(place)) as { addon(): { forbidExternalBuffers(forbidden: boolean): void } };
  addon().forbidExternalBuffers(true);
}
const gapsAt = args.indexOf('--gaps');
const gaps = gapsAt < 0 ? new Map() : parseGaps(readFileSync(args[gapsAt + 1] as string, 'utf8'));
const backend = args.includes('--websocket') ? overWebSocket(embedded, { WebSocket: undefined }) : native;
tell({ event: 'start', ...runtime(), cases: cases.length });
for (const [index, one] of cases.entries()) {
  if (index < from) continue;
  tell({ event: 'case', index, name: one.name });
  try {
    await attempt(one);
    tell({ event: 'passed', index });
  } catch (error) {
    tell({ event: 'failed', index, reason: firstLines(error) });
  }
}
tell({ event: 'done' });
