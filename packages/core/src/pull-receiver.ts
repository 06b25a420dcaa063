// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Source } from './backend.js';
import { type ChannelReceiver, ChannelState, type TryReceived, TryReceivedKind } from './channels.js';
import { CoreError } from './errors.js';
import type { Reader } from './reader.js';
import { streamOf } from './streams.js';
import { after, turn } from './turn.js';

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: CoreError) => void;
}

/** Takes values out of an inbox when someone asks for them, a few ahead so that the border is crossed less. */
export class PullReceiver<T> implements Reader<T>, ChannelReceiver<T> {
  discarded = 0;
  readonly #ahead: number;
  readonly #waiting: Waiting<T>[] = [];
  #buffer: T[] = [];
  #next = 0;
  #source: Source<T> | undefined;
  #end: CoreError | undefined;

  constructor(ahead: number) {
    this.#ahead = ahead;
  }

  get receiver(): ChannelReceiver<T> {
    return this;
  }

  attach(source: Source<T>): void {
    this.#source = source;
  }

  onReady(): void {
    while (this.#waiting.length > 0) {
      const value = this.#take();
      if (value === undefined) break;
      this.#waiting.shift()?.resolve(value);
    }
    this.#rejectAtEnd();
  }

  /** What was taken ahead is dropped: nothing comes after the end. */
  end(): void {
    this.#end ??= ended();
    this.discarded += this.#buffer.length - this.#next;
    this.#buffer = [];
    this.#next = 0;
    this.#rejectAtEnd();
  }

  state(): ChannelState {
    if (this.#next < this.#buffer.length) return ChannelState.data;
    if (this.#end !== undefined) return ChannelState.close;
    return this.#waiting.length > 0 ? ChannelState.receiver : ChannelState.empty;
  }

  tryReceive(): TryReceived<T> {
    const value = this.#take();
    if (value !== undefined) return { kind: TryReceivedKind.value, value };
    return { kind: this.#end === undefined ? TryReceivedKind.notReceived : TryReceivedKind.close };
  }

  receive(): Promise<T> {
    if (this.#waiting.length === 0) {
      const value = this.#take();
      if (value !== undefined) return this.#given(value);
    }
    if (this.#end !== undefined) return this.#refused(this.#end);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  readable(): ReadableStream<T> {
    return streamOf(this, async () => {});
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<T> {
    for (;;) {
      let value: T;
      try {
        value = await this.receive();
      } catch (error) {
        if ((error as CoreError).code === 'RECEIVER_CLOSED') return;
        throw error;
      }
      yield value;
    }
  }

  #given(value: T): Promise<T> {
    const due = turn();
    return due === undefined ? Promise.resolve(value) : after(due, value);
  }

  async #refused(end: CoreError): Promise<never> {
    await turn();
    throw end;
  }

  #take(): T | undefined {
    if (this.#next === this.#buffer.length) this.#refill();
    const value = this.#buffer[this.#next];
    if (value !== undefined) this.#next++;
    return value;
  }

  #refill(): void {
    this.#next = 0;
    this.#buffer = [];
    if (this.#end !== undefined || this.#source === undefined) return;
    const { items, more, failure, finished } = this.#source.take(this.#ahead);
    this.#buffer = items;
    if (items.length === 0) this.#end = failure;
    if (finished && !more && items.length === 0) this.#end ??= ended();
  }

  #rejectAtEnd(): void {
    if (this.#end === undefined) return;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#end);
  }
}

function ended(): CoreError {
  return new CoreError('RECEIVER_CLOSED', 'nothing more will come: what filled this channel has ended');
}
