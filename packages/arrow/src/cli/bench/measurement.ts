// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { CongestionControl, type Publisher, ReplyError, type Session, type ZBytes } from '@zenoh-segments/core';
import { ARROW_STREAM_MEDIA_TYPE } from '../../wire.js';
import { CliError } from '../cli-error.js';
import { unlessHeldUp } from '../given-up.js';
import { Credits } from './credits.js';
import type { BenchKeys, Received } from './protocol.js';

/** Milliseconds from a table handed over to its answer. */
export interface RoundTrips {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** When to stop: after so many tables, or so many milliseconds. */
export interface Limit {
  readonly count: number;
  readonly ms: number;
}

/** How long a receiver may take to be there, and to answer. */
const READY_MS = 15_000;
const ASK_MS = 500;
const ASK_AGAIN_MS = 20;
const ANSWER_MS = 10_000;
const WARM_UP = 20;
/** In the time of a window the receiver tells so often how far it is. */
const ACKS = 4;
const NANOSECONDS = 1e6;

/** The sending side of a measurement against one receiver. */
export class Measurement {
  readonly #session: Session;
  readonly #keys: BenchKeys;
  readonly #signal: AbortSignal;
  readonly #data: Publisher;
  readonly #pings: Publisher;
  /** Takes the number of the ping that was answered. */
  #answered: (number: number) => void = () => {};
  /** Takes how many tables of a run are opened. */
  #acknowledged: (run: string, tables: number) => void = () => {};
  #run = 0;

  private constructor(session: Session, keys: BenchKeys, signal: AbortSignal, data: Publisher, pings: Publisher) {
    this.#session = session;
    this.#keys = keys;
    this.#signal = signal;
    this.#data = data;
    this.#pings = pings;
  }

  static async start(session: Session, keys: BenchKeys, signal: AbortSignal): Promise<Measurement> {
    const options = { encoding: ARROW_STREAM_MEDIA_TYPE, congestionControl: CongestionControl.BLOCK };
    const data = await session.declarePublisher(keys.data, options);
    const pings = await session.declarePublisher(keys.ping, { ...options, express: true });
    const measurement = new Measurement(session, keys, signal, data, pings);
    await session.declareSubscriber(keys.pong, {
      handler: (sample) => measurement.#answered(Number(sample.payload().toString())),
    });
    await session.declareSubscriber(keys.ack, {
      handler: (sample) => {
        const [run = '', tables] = sample.payload().toString().split(' ');
        measurement.#acknowledged(run, Number(tables));
      },
    });
    return measurement;
  }

  /**
   * Waits for the receiver.
   *
   * @param gone whether it can't come any more.
   * @throws {CliError} `NO_ANSWER`
   */
  async ready(gone: () => boolean): Promise<void> {
    const deadline = performance.now() + READY_MS;
    for (;;) {
      if ((await this.#ask('begin', ASK_MS)) !== undefined && (await this.#matched())) return;
      if (gone() || performance.now() > deadline) {
        throw new CliError('NO_ANSWER', `nobody answers on '${this.#keys.control}': is bench --respond running there?`);
      }
      // Without a receiver a question ends at once.
      await delay(ASK_AGAIN_MS, undefined, { signal: this.#signal });
    }
  }

  /** One table after the other, each when the one before was answered. */
  async roundTrips(payload: () => ZBytes, read: boolean, limit: Limit): Promise<RoundTrips | undefined> {
    await this.#begin(read);
    const times = createHistogram();
    const end = performance.now() + limit.ms;
    for (let i = 0; i < limit.count + WARM_UP && !this.#signal.aborted; i++) {
      const answer = this.#answer(i);
      const sent = process.hrtime.bigint();
      await this.#handedOver(this.#pings.put(payload(), { attachment: String(i) }));
      await answer;
      if (i >= WARM_UP) times.record(process.hrtime.bigint() - sent);
      // One is measured, however long it takes.
      if (times.count > 0 && performance.now() > end) break;
    }
    if (times.count === 0) return undefined;
    const at = (percent: number) => times.percentile(percent) / NANOSECONDS;
    return { count: times.count, p50: at(50), p95: at(95), p99: at(99), max: times.max / NANOSECONDS };
  }

  /**
   * Tables without pause, as long as the receiver keeps up.
   *
   * @param window how many may be under way.
   */
  async throughput(
    payload: () => ZBytes,
    read: boolean,
    limit: Limit,
    window: number,
  ): Promise<{ readonly sent: number; readonly received: Received }> {
    const credits = new Credits(window);
    const run = String(++this.#run);
    this.#acknowledged = (acknowledged, tables) => {
      if (acknowledged === run) credits.opened(tables);
    };
    await this.#begin(read, `;run=${run};every=${Math.ceil(window / ACKS)}`);
    const end = performance.now() + limit.ms;
    // At least two: the time is that from the first to the last.
    while (!this.#signal.aborted && credits.sent < limit.count && (credits.sent < 2 || performance.now() < end)) {
      if (credits.take()) await this.#handedOver(this.#data.put(payload()));
      else if (!(await credits.wait(ANSWER_MS, this.#signal))) break;
    }
    const { sent } = credits;
    const received = await this.#ask(`end;sent=${sent}`, ANSWER_MS);
    if (received === undefined) throw new CliError('NO_ANSWER', 'the receiver does not answer any more');
    return { sent, received };
  }

  /** @throws {GivenUp} */
  #handedOver(put: Promise<unknown>): Promise<unknown> {
    return unlessHeldUp(put, this.#signal, () => 'a table that the receiver holds up');
  }

  async #begin(read: boolean, more = ''): Promise<void> {
    if ((await this.#ask(`begin;read=${read}${more}`, ANSWER_MS)) === undefined && !this.#signal.aborted) {
      throw new CliError('NO_ANSWER', 'the receiver does not answer any more');
    }
  }

  #answer(number: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => () => {
        clearTimeout(late);
        this.#signal.removeEventListener('abort', ended);
        done();
      };
      const ended = settle(resolve);
      const late = setTimeout(
        settle(() => reject(new CliError('NO_ANSWER', 'the receiver does not answer any more'))),
        ANSWER_MS,
      );
      this.#signal.addEventListener('abort', ended);
      this.#answered = (answered) => {
        if (answered === number) ended();
      };
    });
  }

  async #matched(): Promise<boolean> {
    const states = await Promise.all([this.#data.matchingStatus(), this.#pings.matchingStatus()]);
    return states.every((status) => status.matching());
  }

  /** Undefined when nobody answered in time. */
  async #ask(what: string, timeout: number): Promise<Received | undefined> {
    // A signal of its own: the listener that each get adds stays for as long as its signal.
    const signal = AbortSignal.any([this.#signal]);
    const replies = await this.#session.get(`${this.#keys.control}?${what}`, { timeout, signal });
    let answer: Received | undefined;
    for await (const reply of replies) {
      const result = reply.result();
      if (!(result instanceof ReplyError)) answer = JSON.parse(result.payload().toString()) as Received;
    }
    return answer;
  }
}
