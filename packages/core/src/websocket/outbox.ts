// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Done } from '../backend.js';
import { type CoreError, LimitError } from '../errors.js';
import type { Link } from './link.js';

/** What a WebSocket is given before it has sent the rest: enough to keep it busy until it is looked at again. */
const AHEAD = 4 * 1024 * 1024;
/** How often it is looked at; WebSockets do not tell when they have sent something. */
const LOOK_MS = 2;

interface Waiting {
  readonly frame: Uint8Array<ArrayBuffer>;
  /** It means the same on another connection, and goes there if this one is lost. */
  readonly lasting: boolean;
  readonly resolve: (result: 'done') => void;
  readonly reject: (error: CoreError) => void;
}

/**
 * What goes to the server, in order. A WebSocket takes whatever it is given, and keeps it in memory: here it is given a
 * little at a time, and what waits is bounded.
 */
export class Outbox {
  readonly #limit: number;
  #queue: Waiting[] = [];
  #bytes = 0;
  #link: Link | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #idle: (() => void)[] = [];
  /** Frames given to a WebSocket at once, and those that waited first. */
  readonly sent = { direct: 0, queued: 0 };

  /** @param limit bytes that may wait */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** From now on frames go to `link`, those that wait first; without one all wait. */
  attach(link: Link | undefined): void {
    this.#link = link;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pump();
  }

  /**
   * @param lasting whether it means the same on another connection
   * @throws {LimitError} `BACKLOG_FULL`
   */
  post(frame: Uint8Array<ArrayBuffer>, lasting: boolean): Done {
    if (this.#queue.length === 0 && this.#hasRoom()) {
      this.#give(frame);
      this.sent.direct++;
      return 'done';
    }
    const waiting = this.#bytes + (this.#link?.buffered ?? 0);
    // One larger than the limit still fits alone.
    if (waiting > 0 && waiting + frame.byteLength > this.#limit) throw full(frame.byteLength, waiting, this.#limit);
    return this.#wait(frame, lasting);
  }

  /** As `post`, for who can not wait. @throws {LimitError} `BACKLOG_FULL` when it would have to */
  postSync(frame: Uint8Array<ArrayBuffer>): 'done' {
    if (this.#queue.length > 0 || !this.#hasRoom()) {
      const waiting = this.#bytes + (this.#link?.buffered ?? 0);
      const text = `${waiting} bytes wait to be sent already, and putSync can not wait: use put, and await it`;
      throw new LimitError('BACKLOG_FULL', text, frame.byteLength, AHEAD);
    }
    this.#give(frame);
    this.sent.direct++;
    return 'done';
  }

  /** As `post`, of what is small and must not be refused: requests and their like. */
  async request(frame: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#queue.length === 0 && this.#hasRoom()) this.#give(frame);
    else await this.#wait(frame, false);
  }

  /** All that waits fails; with `keep`, what is lasting waits for another connection. */
  fail(error: CoreError, keep = false): void {
    const queue = this.#queue;
    this.#queue = queue.filter(({ lasting }) => keep && lasting);
    this.#bytes = this.#queue.reduce((sum, { frame }) => sum + frame.byteLength, 0);
    for (const { lasting, reject } of queue) if (!(keep && lasting)) reject(error);
    this.#look();
  }

  /** Nothing waits any more, here or in the WebSocket. */
  async drained(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve);
      // Nobody may be looking: all that is left is in the WebSocket.
      this.#look();
    });
  }

  /** Messages that wait here. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Bytes that wait here. */
  get bytes(): number {
    return this.#bytes;
  }

  #hasRoom(): boolean {
    return this.#link !== undefined && this.#link.buffered < AHEAD;
  }

  #give(frame: Uint8Array<ArrayBuffer>): void {
    this.#link?.send(frame);
  }

  #wait(frame: Uint8Array<ArrayBuffer>, lasting: boolean): Promise<'done'> {
    this.#bytes += frame.byteLength;
    return new Promise((resolve, reject) => {
      this.#queue.push({ frame, lasting, resolve, reject });
      this.#look();
    });
  }

  #pump(): void {
    let given = 0;
    while (given < this.#queue.length && this.#hasRoom()) {
      const { frame, resolve } = this.#queue[given++] as Waiting;
      this.#give(frame);
      this.#bytes -= frame.byteLength;
      this.sent.queued++;
      resolve('done');
    }
    this.#queue.splice(0, given);
    this.#look();
  }

  #look(): void {
    if (this.#isIdle()) this.#tellIdle();
    else if (this.#link !== undefined && (this.#queue.length > 0 || this.#idle.length > 0)) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#pump();
      }, LOOK_MS);
    }
  }

  #isIdle(): boolean {
    return this.#queue.length === 0 && (this.#link?.buffered ?? 0) === 0;
  }

  #tellIdle(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function full(size: number, waiting: number, limit: number): LimitError {
  const text = `${waiting} bytes wait to be sent already, and ${size} more would exceed the backlog of ${limit}: await each put`;
  return new LimitError('BACKLOG_FULL', text, size, limit);
}
