// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Done } from './backend.js';
import { later } from './later.js';

/** Fewer answers in one turn of the event loop are no loop yet; the time is looked at after each so many. */
const FEW = 16;
/** Answers given at once before timers, sockets and signals get their turn. */
const BURST = 256;
/** As `BURST`, where what is done between the answers takes long. */
const LONGEST_MS = 10;

// Of all sessions together: a loop that asks anew each time, as one of gets, would starve the event loop as well.
let given = 0;
let since = 0;

/**
 * Told of each answer that was there at once. A loop that awaits nothing else never leaves the microtasks, so a fast
 * publisher, or a program that only puts, would keep timers and Ctrl-C out for ever.
 *
 * @returns what to await before the answer is given, where a turn of the event loop is due
 */
export function turn(): Promise<void> | undefined {
  if (++given % FEW !== 0) return undefined;
  const now = performance.now();
  if (given === FEW) {
    since = now;
    later(turned);
  }
  if (given < BURST && now - since < LONGEST_MS) return undefined;
  // Who awaits this one stops here. Who does not is no loop of promises, and may need the answers: it has the next at once.
  turned();
  return new Promise(later);
}

function turned(): void {
  given = 0;
}

/** What has ended in its call is told after a turn of the event loop, where one is due. */
export function paced(done: Done): Done {
  if (typeof done !== 'string') return done;
  const due = turn();
  return due === undefined ? done : after(due, done);
}

/** A function of its own: with a closure in its place, each call would allocate a context, also where nothing is due. */
export async function after<T>(due: Promise<void>, value: T): Promise<T> {
  await due;
  return value;
}
