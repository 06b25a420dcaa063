// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

/** @typedef {import('../contenders.mjs').Role} Role */
/** @typedef {{ role: Role, link: string, size: number, place: string }} Arguments */

const ROLES = /** @type {readonly Role[]} */ (['publisher', 'subscriber', 'ping', 'echo']);

/** What the harness tells a peer on its command line. @returns {Arguments} */
export function peerArguments() {
  const [word, link, size, place] = process.argv.slice(-4);
  const role = ROLES.find((each) => each === word);
  if (role === undefined || link === undefined || place === undefined) {
    throw new Error(`usage: <${ROLES.join('|')}> <tcp|shm|ws|unix> <size> <place>; bench/meeting.mjs starts it`);
  }
  return { role, link, size: Number(size), place };
}

/** One line to the harness. @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Milliseconds between the looks at the event loop. */
const LOOK = 5;
const delay = monitorEventLoopDelay({ resolution: LOOK });

/**
 * Answers the harness's commands, one after the other, until `quit` or the end of stdin: the harness's end, however it
 * comes about, is the end of its peers.
 *
 * @param {Record<string, (first: number, second: number) => unknown>} commands
 */
export async function serve(commands) {
  say('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, first, second] = line.split(' ');
    if (verb === 'quit') break;
    // Of the last run alone: it is the one that is timed.
    delay.reset();
    delay.enable();
    await commands[verb ?? '']?.(Number(first), Number(second));
  }
  delay.disable();
  process.stdin.destroy();
}

/** A peer's last word. @param {object} told */
export function total(told) {
  // The histogram counts the time between two looks, of which one is meant.
  const late = (/** @type {number} */ ns) => Math.max(0, ns / 1e6 - LOOK);
  const loop = { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) };
  say(`total ${JSON.stringify({ ...told, loop })}`);
}
