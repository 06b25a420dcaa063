// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { createInterface } from 'node:readline';

/** @typedef {{ role: 'publisher' | 'subscriber', link: string, size: number, place: string }} Arguments */

/** What the harness tells a peer on its command line. @returns {Arguments} */
export function peerArguments() {
  const [role, link, size, place] = process.argv.slice(2);
  if ((role !== 'publisher' && role !== 'subscriber') || link === undefined || place === undefined) {
    throw new Error('usage: <publisher|subscriber> <tcp|shm|ws> <size> <place>; bench/measurement.mjs starts it');
  }
  return { role, link, size: Number(size), place };
}

/** One line to the harness. @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Answers the harness's commands, one after the other, until `quit` or the end of stdin: the harness's end, however it
 * comes about, is the end of its peers.
 *
 * @param {Record<string, (count: number) => unknown>} commands
 */
export async function serve(commands) {
  say('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, count] = line.split(' ');
    if (verb === 'quit') break;
    await commands[verb ?? '']?.(Number(count));
  }
  process.stdin.destroy();
}
