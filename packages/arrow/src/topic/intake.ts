// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ChannelReceiver, CoreError, Sample } from '@zenoh-segments/core';
import { after } from '../after.js';
import { OpenHead } from '../decode/open-head.js';
import { ArrowPayloadError } from '../errors.js';
import { fingerprintOf } from './bare-form.js';
import type { HeadBook } from './head-book.js';
import { Lane, type Waiting } from './lane.js';
import { quoted } from './quoted.js';

/** A sample, with what opening it takes besides itself, or why it can't be opened. */
export interface Arrival {
  readonly sample: Sample;
  /** Of a bare payload. */
  readonly head?: OpenHead;
  readonly error?: ArrowPayloadError;
}

/** What may wait while heads are fetched. */
export interface WaitingBounds {
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  /** Milliseconds for which a sample holds back those behind it. */
  readonly holdBack: number;
}

interface Ready extends Arrival {
  readonly bytes: number;
}

/** Milliseconds for which a lane that had to be overtaken holds nothing back, and lanes of which that is known. */
const UNORDERED = 10_000;
const MAX_OVERTAKEN = 1024;

/**
 * Takes samples out of a channel, and gives each on with its head. Those of one key, or of one source on it where samples
 * name it, stay in order: behind one whose head is being fetched they wait, while others go on. But not for long, because
 * strangers can name heads that nobody has: after `holdBack` those behind overtake it, and for a while nothing is
 * held back there.
 *
 * As long as nothing waits, a sample is taken only when someone asks for it, so that the channel's own policy holds. While a head is
 * fetched the channel is emptied: left full it would hold the very link that the head comes over. What finds no room then
 * is given up, and told: what waits for heads first, of the key that has most of it waiting.
 */
export class Intake {
  readonly #receiver: ChannelReceiver<Sample>;
  readonly #heads: HeadBook;
  readonly #bounds: WaitingBounds;
  readonly #ready: Ready[] = [];
  /** By key and source. */
  readonly #lanes = new Map<string, Lane>();
  /** Until when nothing is held back in a lane, by its name, the oldest first. */
  readonly #overtaken = new Map<string, number>();
  /** Bytes of `#ready`. */
  #readyBytes = 0;
  #isPumping = false;
  #roomMade = () => {};
  /** Samples in `#ready` and `#lanes`, and their bytes. */
  #held = 0;
  #bytes = 0;
  #lost: { readonly first: Sample; count: number } | undefined;
  #step: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #end: { readonly failure: unknown } | undefined;
  #wake = () => {};

  constructor(receiver: ChannelReceiver<Sample>, heads: HeadBook, bounds: WaitingBounds) {
    this.#receiver = receiver;
    this.#heads = heads;
    this.#bounds = bounds;
  }

  /** The next arrival; undefined when nothing more comes. One call after the other is answered. @throws {CoreError} `OVERFLOW` */
  next(): Promise<Arrival | undefined> {
    const turn = this.#turn.then(() => this.#next());
    // Of how it ended nothing is kept: that would be the last sample.
    this.#turn = turn.then(
      () => {},
      () => {},
    );
    return turn;
  }

  /** What waits is dropped, as what is queued in the channel is. */
  end(): void {
    this.#finish(undefined);
  }

  async #next(): Promise<Arrival | undefined> {
    for (;;) {
      const lost = this.#takeLost();
      if (lost !== undefined) return lost;
      const ready = this.#ready.shift();
      if (ready !== undefined) {
        this.#held--;
        this.#bytes -= ready.bytes;
        this.#readyBytes -= ready.bytes;
        this.#roomMade();
        return ready;
      }
      // While something waits, `#pump` takes the samples; a failure of the channel comes after them.
      if (this.#lanes.size > 0) await this.#change();
      else if (this.#end === undefined) await this.#take();
      else if (this.#end.failure === undefined) return undefined;
      else throw this.#end.failure;
    }
  }

  /** Takes one sample, whoever waits for that. Never rejects. */
  #take(): Promise<void> {
    this.#step ??= this.#receiver
      .receive()
      .then((sample) => {
        this.#step = undefined;
        if (this.#end === undefined) this.#admit(sample);
      })
      .catch((error: unknown) => this.#finish((error as CoreError).code === 'RECEIVER_CLOSED' ? undefined : error));
    return this.#step;
  }

  /** Empties the channel as long as something waits, and the reader does not lag behind what is ready. */
  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#lanes.size > 0 && this.#end === undefined) {
      if (this.#ready.length < this.#bounds.maxWaiting && this.#readyBytes < this.#bounds.maxWaitingBytes)
        await this.#take();
      else await this.#room();
    }
    this.#isPumping = false;
  }

  #admit(sample: Sample): void {
    const fingerprint = named(sample);
    const bytes = sample.payload().length;
    if (fingerprint instanceof ArrowPayloadError) {
      this.#pass({ sample, bytes, error: fingerprint });
      return;
    }
    // Nearly always: nothing waits, and nothing is missing. Then nobody needs to know where it comes from.
    if (this.#lanes.size === 0) {
      const head = fingerprint === undefined ? undefined : this.#heads.known(fingerprint);
      if (fingerprint === undefined || head !== undefined) {
        this.#pass(head === undefined ? { sample, bytes } : { sample, bytes, head });
        return;
      }
    }
    const key = sample.keyexpr().toString();
    const source = `${sample.sourceInfo()?.sourceId() ?? ''}`;
    const name = `${source} ${key}`;
    const lane = this.#lanes.get(name);
    const known = this.#look(key, { sample, fingerprint, bytes });
    if (known !== undefined && lane?.first === undefined && !lane?.isAside(fingerprint)) {
      this.#pass(known);
      return;
    }
    const lacksHead = known === undefined;
    this.#wait(name, lane ?? new Lane(key, source), {
      sample,
      fingerprint,
      bytes,
      lacksHead,
      arrived: performance.now(),
    });
  }

  /** Gives a sample on at once: what waits for heads makes room. */
  #pass(arrival: Ready): void {
    while (!this.#hasRoom(arrival.bytes) && this.#giveUpOne(0)) {}
    this.#held++;
    this.#bytes += arrival.bytes;
    this.#deliver(arrival);
  }

  /** Lets a sample wait in its lane, or gives it up. */
  #wait(name: string, lane: Lane, waiting: Waiting): void {
    const { sample, bytes, lacksHead } = waiting;
    // One whose head is unknown takes the room of keys alone that have more of them waiting.
    while (!this.#hasRoom(bytes) && this.#giveUpOne(lacksHead ? lane.lacking + 1 : 0)) {}
    if (!this.#hasRoom(bytes)) {
      if (lacksHead || this.#isStrict) {
        this.#giveUp(sample);
        return;
      }
      lane.overtake();
    }
    this.#held++;
    this.#bytes += bytes;
    lane.add(waiting);
    this.#lanes.set(name, lane);
    if (!lane.isServed) void this.#serve(name, lane);
    void this.#pump();
  }

  /** Fetches the heads that the samples of a lane wait for, one after the other as long as they are held back. */
  async #serve(name: string, lane: Lane): Promise<void> {
    lane.isServed = true;
    for (let first = lane.first; first !== undefined; first = lane.first) {
      let known = this.#look(lane.key, first);
      if (known === undefined) {
        const fingerprint = first.fingerprint as string;
        const fetch = this.#heads.fetch(lane, fingerprint);
        const found = await this.#inOrder(name, lane, first, fetch);
        // Ended meanwhile.
        if (this.#lanes.get(name) !== lane) return;
        if (found === undefined) {
          lane.setAside(fingerprint);
          void this.#serveAside(name, lane, fingerprint, fetch);
          continue;
        }
        known = ready(first, found);
      }
      lane.shift();
      this.#deliver(known);
    }
    lane.isServed = false;
    this.#leave(name, lane);
  }

  /** The head; undefined when those behind may wait for it no longer. */
  async #inOrder(name: string, lane: Lane, first: Waiting, fetch: Promise<OpenHead | ArrowPayloadError>) {
    if (this.#isStrict) return fetch;
    const now = performance.now();
    const left = first.arrived + this.#bounds.holdBack - now;
    if (now < (this.#overtaken.get(name) ?? 0)) return undefined;
    let stop = () => {};
    const overtaken = new Promise<undefined>((resolve) => {
      lane.overtake = () => resolve(undefined);
      stop = after(left, lane.overtake);
    });
    const found = await Promise.race([fetch, overtaken]);
    stop();
    lane.overtake = () => {};
    if (found === undefined) this.#holdNothingBack(name);
    return found;
  }

  async #serveAside(name: string, lane: Lane, fingerprint: string, fetch: Promise<OpenHead | ArrowPayloadError>) {
    const found = await fetch;
    if (this.#lanes.get(name) !== lane) return;
    for (const waiting of lane.takeAside(fingerprint)) this.#deliver(ready(waiting, found));
    this.#leave(name, lane);
  }

  #leave(name: string, lane: Lane): void {
    if (lane.isServed || !lane.isEmpty) return;
    this.#lanes.delete(name);
    this.#wake();
  }

  #holdNothingBack(name: string): void {
    this.#overtaken.delete(name);
    this.#overtaken.set(name, performance.now() + UNORDERED);
    if (this.#overtaken.size > MAX_OVERTAKEN) this.#overtaken.delete(this.#overtaken.keys().next().value as string);
  }

  /** Whether order goes before everything. */
  get #isStrict(): boolean {
    return this.#bounds.holdBack === Number.POSITIVE_INFINITY;
  }

  /** Undefined when its head must be fetched. */
  #look(key: string, waiting: Pick<Waiting, 'sample' | 'fingerprint' | 'bytes'>): Ready | undefined {
    if (waiting.fingerprint === undefined) return waiting;
    const found = this.#heads.look(key, waiting.fingerprint);
    return found && ready(waiting, found);
  }

  #deliver(arrival: Ready): void {
    this.#ready.push(arrival);
    this.#readyBytes += arrival.bytes;
    this.#wake();
  }

  #hasRoom(bytes: number): boolean {
    const { maxWaiting, maxWaitingBytes } = this.#bounds;
    // One larger sample still fits alone.
    return this.#held === 0 || (this.#held < maxWaiting && this.#bytes + bytes <= maxWaitingBytes);
  }

  /** Gives up one that waits for its head, of the lane that has most of them if it has more than `atLeast`. */
  #giveUpOne(atLeast: number): boolean {
    const fullest = [...this.#lanes.values()].sort((a, b) => b.lacking - a.lacking);
    for (const lane of fullest) {
      if (lane.lacking <= atLeast) return false;
      const given = lane.giveUp();
      if (given === undefined) continue;
      this.#held--;
      this.#bytes -= given.bytes;
      this.#giveUp(given.sample);
      return true;
    }
    return false;
  }

  #giveUp(sample: Sample): void {
    sample[Symbol.dispose]();
    this.#lost ??= { first: sample, count: 0 };
    this.#lost.count++;
    this.#wake();
  }

  #takeLost(): Arrival | undefined {
    if (this.#lost === undefined) return undefined;
    const { first, count } = this.#lost;
    this.#lost = undefined;
    const { maxWaiting, maxWaitingBytes } = this.#bounds;
    const which = `${count} samples were given up, the first of ${quoted(first.keyexpr().toString())}`;
    const why = `more than ${maxWaiting} samples or ${maxWaitingBytes} bytes waited for heads`;
    return { sample: first, error: new ArrowPayloadError('ARROW_OVERFLOW', `${which}: ${why}`) };
  }

  #finish(failure: unknown): void {
    this.#end ??= { failure };
    if (failure === undefined) {
      this.#ready.length = 0;
      this.#readyBytes = 0;
      this.#lanes.clear();
      this.#lost = undefined;
    }
    this.#wake();
    this.#roomMade();
  }

  /** Resolves when one that is ready was taken. There is one who waits, `#pump`. */
  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#roomMade = resolve;
    });
  }

  /** Resolves at the next change. There is one who waits, `#next`. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** The fingerprint of the head that a sample needs, or why it can't be told. */
function named(sample: Sample): string | undefined | ArrowPayloadError {
  try {
    return fingerprintOf(sample);
  } catch (error) {
    if (error instanceof ArrowPayloadError) return error;
    throw error;
  }
}

function ready({ sample, bytes }: Pick<Waiting, 'sample' | 'bytes'>, found: OpenHead | ArrowPayloadError): Ready {
  return found instanceof OpenHead ? { sample, bytes, head: found } : { sample, bytes, error: found };
}
