// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { readdirSync, readFileSync } from 'node:fs';

/**
 * How often each thread of a process went to sleep so far, which is how often it had been woken up.
 *
 * @param {number} pid @returns {Map<string, { name: string, sleeps: number }>} by the number of the thread
 */
function sleeps(pid) {
  const threads = new Map();
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8');
    const name = /^Name:\s+(.*)$/m.exec(status)?.[1] ?? '';
    threads.set(task, { name, sleeps: Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1]) });
  }
  return threads;
}

export const MAIN = 'main thread';

/** Wake-ups within some time, by the kind of thread: its name without its number, but for the one that runs the program. */
export class WakeUps {
  #pid;
  #before;

  /** Begins to count. @param {number} pid */
  constructor(pid) {
    this.#pid = pid;
    this.#before = sleeps(pid);
  }

  /** @returns {Map<string, number>} */
  count() {
    /** @type {Map<string, number>} */
    const counted = new Map();
    for (const [task, { name, sleeps: after }] of sleeps(this.#pid)) {
      const kind = task === String(this.#pid) ? MAIN : name.replace(/[-_ ]?\d+$/, '');
      const woken = after - (this.#before.get(task)?.sleeps ?? 0);
      counted.set(kind, (counted.get(kind) ?? 0) + woken);
    }
    return counted;
  }
}
