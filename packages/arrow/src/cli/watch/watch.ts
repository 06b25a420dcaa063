// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { type KeyExpr, RingChannel, type Sample, type Session, type Subscriber } from '@zenoh-segments/core';
import { type ConnectionOptions, configOf } from '../connection.js';
import { EXIT } from '../exit-code.js';
import { keyOf } from '../key.js';
import type { Reporter } from '../reporter.js';
import { closeSession, openSession } from '../session.js';
import { ReaderGone } from '../sub/sink.js';

/** What to watch, and how long. */
export interface WatchOptions {
  readonly key: string;
  readonly connection: ConnectionOptions;
  /** Milliseconds; may be infinite. */
  readonly duration: number;
}

/** Where samples come from: they are read until the subscriber is undeclared. */
export interface Watched<T> {
  readonly subscriber: Subscriber;
  readonly samples: AsyncIterable<T>;
}

/** What becomes of what is seen. */
export interface Watcher<T extends Disposable> {
  subscribe(session: Session, key: KeyExpr): Promise<Watched<T>>;
  /** Each sample; its memory is gone afterwards. */
  sample(sample: T): void;
  /** Every second. */
  tick(): Promise<void>;
  /** After the last sample, while the session is still open. */
  end(session: Session): Promise<void>;
}

const TICK_MS = 1000;
const QUEUE_SAMPLES = 4096;

/** A queue that holds nobody back: what finds no room is lost here. */
export function watchQueue(): RingChannel<Sample> {
  return new RingChannel<Sample>(QUEUE_SAMPLES);
}

/**
 * Looks at all samples of a key expression without holding anybody back: what this process can't keep up with is lost here,
 * which is told. It ends after a time, by a signal, or when nobody reads the output any more.
 *
 * @returns the exit code.
 */
export async function watch<T extends Disposable>(
  options: WatchOptions,
  reporter: Reporter,
  signal: AbortSignal,
  watcher: Watcher<T>,
): Promise<number> {
  const key = keyOf(options.key);
  const session = await openSession(configOf(options.connection), signal);
  const ends = new AbortController();
  let seen = 0;
  try {
    const { subscriber, samples } = await watcher.subscribe(session, key);
    const reading = read(samples, (sample) => {
      seen++;
      watcher.sample(sample);
    }).finally(() => ends.abort());
    // Its error is thrown below.
    reading.catch(() => {});
    reporter.ready(options.key, `listening on '${options.key}'`);
    await ticks(options.duration, AbortSignal.any([signal, ends.signal]), () => watcher.tick());
    const { oldest } = subscriber.stats().dropped;
    await subscriber.undeclare();
    await reading;
    if (oldest > 0) {
      reporter.warn('BEHIND', `${oldest} samples came too fast to be looked at: they are in none of the figures`);
    }
    if (seen === 0 && !signal.aborted) {
      reporter.warn('NO_DATA', `nothing came on '${options.key}' within ${options.duration / 1000} s`);
    }
    await watcher.end(session);
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error;
    return EXIT.ok;
  } finally {
    await closeSession(session, signal, reporter);
  }
  return seen === 0 && !signal.aborted ? EXIT.noData : EXIT.ok;
}

async function read<T extends Disposable>(samples: AsyncIterable<T>, look: (sample: T) => void): Promise<void> {
  for await (const sample of samples) {
    using seen = sample;
    look(seen);
  }
}

async function ticks(duration: number, end: AbortSignal, tick: () => Promise<void>): Promise<void> {
  const started = performance.now();
  for (;;) {
    const left = duration - (performance.now() - started);
    if (end.aborted || left <= 0) return;
    await delay(Math.min(TICK_MS, left), undefined, { signal: end }).catch(() => {});
    await tick();
  }
}
