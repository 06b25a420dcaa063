// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Done, PutResult } from '../backend.js';
import { payloadAccess, type ZBytes } from '../zbytes/zbytes.js';
import { DROPPED, FULL, type PutOutcome } from './addon.js';
import { eventLoop } from './event-loop.js';
import { call, coreError } from './load.js';

/** A call that sends something, and what it sends. */
export interface Sending {
  readonly payload?: ZBytes | undefined;
  readonly attachment?: ZBytes | undefined;
  /** Makes the native call; called again after it found its lane full. */
  readonly send: () => PutOutcome;
}

interface Waiting extends Sending {
  readonly resolve: (result: Done) => void;
  readonly reject: (error: unknown) => void;
}

/** Waiting puts that leave in one turn of the event loop: each is a call into zenoh. */
const TURN = 256;

/** A queue whose head moves instead of its elements. */
class Line {
  #queue: Waiting[] = [];
  #head = 0;

  get first(): Waiting | undefined {
    return this.#queue[this.#head];
  }

  push(waiting: Waiting): void {
    this.#queue.push(waiting);
  }

  shift(): void {
    this.#head++;
    if (this.#head < TURN || this.#head * 2 < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }
}

/** The line of replies, whose priority is the query's. */
export const REPLIES = 0;

/**
 * The puts and replies of one native session.
 *
 * One that cannot take long has ended when its call returns. Others go by lane: native code has what it needs when the call
 * returns, and tells the end by mail. A lane takes a bounded number of bytes; beyond, puts wait here with their payloads
 * untouched. Puts of one priority keep the order of the calls.
 */
export class Puts {
  readonly #lines = new Map<number, Line>();
  #retrying = false;

  put(priority: number, sending: Sending): Done {
    if (this.waits(priority)) return this.#wait(priority, sending);
    return this.went(priority, call(sending.send), sending);
  }

  /** Whether puts of a priority wait here, so that the next must stand in line. */
  waits(priority: number): boolean {
    return this.#lines.size > 0 && this.#lines.has(priority);
  }

  /** After the native call of a put for which none waited. */
  went(priority: number, outcome: PutOutcome, sending: Sending): Done {
    return isFull(outcome) ? this.#wait(priority, sending) : this.#settle(outcome, sending);
  }

  /** A put on this thread, whatever the time it takes. */
  putSync(sending: Sending): PutResult {
    return this.#settle(call(sending.send), sending) as PutResult;
  }

  #wait(priority: number, sending: Sending): Promise<PutResult> {
    let line = this.#lines.get(priority);
    if (line === undefined) {
      line = new Line();
      this.#lines.set(priority, line);
    }
    const waiting = line;
    return held(sending, new Promise((resolve, reject) => waiting.push({ ...sending, resolve, reject })));
  }

  #settle(outcome: PutOutcome, sending: Sending): Done {
    if (outcome === 0) return 'done';
    settle(outcome, sending);
    const [, , operation, parked, , state, error] = outcome;
    if (error !== undefined) throw coreError(error);
    const result = state === DROPPED ? 'dropped' : 'done';
    if (operation === 0) return parked === 0 ? result : held(sending, eventLoop().put(parked));
    const sent = eventLoop()
      .put(operation)
      .finally(() => this.#retry());
    return held(sending, parked === 0 ? sent : both(eventLoop().put(parked), sent));
  }

  /** A lane has room again: whichever it is, the first of each line try, some in a turn of the event loop. */
  #retry(): void {
    if (this.#retrying) return;
    let left = TURN;
    for (const [priority, line] of this.#lines) {
      while (left > 0 && line.first !== undefined && this.#goes(line.first)) {
        line.shift();
        left--;
      }
      if (line.first === undefined) this.#lines.delete(priority);
    }
    if (left > 0) return;
    this.#retrying = true;
    setImmediate(() => {
      this.#retrying = false;
      this.#retry();
    });
  }

  /** Whether a waiting put has left its line, by going out or by failing. */
  #goes(waiting: Waiting): boolean {
    try {
      const outcome = call(waiting.send);
      if (isFull(outcome)) return false;
      waiting.resolve(this.#settle(outcome, waiting));
    } catch (error) {
      waiting.reject(error);
    }
    return true;
  }
}

/** After a call that sent something: counts what was copied, and keeps what local receivers will ask for. */
export function settle(outcome: PutOutcome, sending: Pick<Sending, 'payload' | 'attachment'>): void {
  if (outcome === 0) return;
  const [local, kept, , , offloaded] = outcome;
  const { payload, attachment } = sending;
  const ledger = (payload ?? attachment)?.ledger;
  ledger?.count('held', kept);
  ledger?.count('offload', offloaded);
  if (local === 0) return;
  eventLoop().lend(local, {
    payload: payload?.segments() ?? [],
    attachment: attachment?.segments(),
    owners: owners(sending),
  });
}

function isFull(outcome: PutOutcome): boolean {
  return outcome !== 0 && outcome[5] === FULL;
}

function owners({ payload, attachment }: Pick<Sending, 'payload' | 'attachment'>): ZBytes[] {
  return [payload, attachment].filter((bytes) => bytes !== undefined);
}

async function both(parked: Promise<PutResult>, sent: Promise<PutResult>): Promise<PutResult> {
  const [, result] = await Promise.all([parked, sent]);
  return result;
}

/** The caller may not touch the memory before the end. */
function held(sending: Sending, end: Promise<PutResult>): Promise<PutResult> {
  for (const owner of owners(sending)) payloadAccess.hold(owner);
  return end.finally(() => {
    for (const owner of owners(sending)) payloadAccess.release(owner);
  });
}
