// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendSubscriber } from './backend.js';
import { type ChannelReceiver, ChannelState, type TryReceived, TryReceivedKind } from './channels.js';
import { CoreError } from './errors.js';
import type { Sample } from './sample.js';
import type { Reader } from './subscriber.js';

interface Waiting {
  readonly resolve: (sample: Sample) => void;
  readonly reject: (error: CoreError) => void;
}

/** Takes samples out of the native queue when someone asks for them, a few ahead so that the border is crossed less. */
export class PullReceiver implements Reader, ChannelReceiver<Sample> {
  readonly #ahead: number;
  readonly #waiting: Waiting[] = [];
  #buffer: Sample[] = [];
  #next = 0;
  #source: BackendSubscriber | undefined;
  #end: CoreError | undefined;

  constructor(ahead: number) {
    this.#ahead = ahead;
  }

  get receiver(): ChannelReceiver<Sample> {
    return this;
  }

  attach(source: BackendSubscriber): void {
    this.#source = source;
  }

  onReady(): void {
    while (this.#waiting.length > 0) {
      const sample = this.#take();
      if (sample === undefined) break;
      this.#waiting.shift()?.resolve(sample);
    }
    this.#rejectAtEnd();
  }

  end(): void {
    this.#end ??= new CoreError('RECEIVER_CLOSED', 'the subscriber was undeclared');
    this.#rejectAtEnd();
  }

  state(): ChannelState {
    if (this.#next < this.#buffer.length) return ChannelState.data;
    if (this.#end !== undefined) return ChannelState.close;
    return this.#waiting.length > 0 ? ChannelState.receiver : ChannelState.empty;
  }

  tryReceive(): TryReceived<Sample> {
    const value = this.#take();
    if (value !== undefined) return { kind: TryReceivedKind.value, value };
    return { kind: this.#end === undefined ? TryReceivedKind.notReceived : TryReceivedKind.close };
  }

  receive(): Promise<Sample> {
    if (this.#waiting.length === 0) {
      const sample = this.#take();
      if (sample !== undefined) return Promise.resolve(sample);
    }
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Sample> {
    for (;;) {
      let sample: Sample;
      try {
        sample = await this.receive();
      } catch (error) {
        if ((error as CoreError).code === 'RECEIVER_CLOSED') return;
        throw error;
      }
      yield sample;
    }
  }

  #take(): Sample | undefined {
    if (this.#next === this.#buffer.length) this.#refill();
    const sample = this.#buffer[this.#next];
    if (sample !== undefined) this.#next++;
    return sample;
  }

  #refill(): void {
    this.#next = 0;
    this.#buffer = [];
    if (this.#end !== undefined || this.#source === undefined) return;
    const { samples, failed } = this.#source.take(this.#ahead);
    this.#buffer = samples;
    if (failed && samples.length === 0) {
      this.#end = new CoreError(
        'OVERFLOW',
        'the subscriber was slower than its bounds allow, and its policy is to fail',
      );
    }
  }

  #rejectAtEnd(): void {
    if (this.#end === undefined) return;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#end);
  }
}
