// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Sample, Session } from '@zenoh-segments/core';
import { fingerprintOf } from '../../topic/bare-form.js';
import { fetchHead } from '../../topic/head-fetch.js';
import { codeOf } from '../cli-error.js';
import type { McapFile } from '../mcap/file.js';
import { HEAD_BOUNDS } from '../mcap/head-bounds.js';
import { headRecordOf } from '../mcap/sample-channel.js';
import type { Reporter } from '../reporter.js';

/** The times and the number of the sample that needs a head: the head gets them too, so that it makes no range longer. */
export interface Place {
  readonly sequence: number;
  readonly logTime: bigint;
  readonly publishTime: bigint;
}

interface Wanted extends Place {
  readonly key: string;
  readonly fingerprint: string;
  stored: boolean;
  warned: boolean;
  /** Until when it is not asked for, on the clock of `performance`. */
  until: number;
}

/** Gets under way at once; more wait here. */
const MAX_FETCHES = 16;
const TIMEOUT_MS = 2000;
/** A head that nobody gave is asked for again by a sample after this time. */
const PAUSE_MS = 5000;

/**
 * Gets the heads that bare batches lack, each once for its key, and writes them beside the samples, which do not wait for
 * it.
 */
export class RecordedHeads {
  readonly #session: Session;
  readonly #file: McapFile;
  readonly #reporter: Reporter;
  readonly #wanted = new Map<string, Wanted>();
  readonly #queue: Wanted[] = [];
  readonly #fetches = new Set<Promise<void>>();
  readonly #channels = new Map<string, number>();
  readonly #end = new AbortController();
  #full = false;
  #bytes = 0;
  stored = 0;

  constructor(session: Session, file: McapFile, reporter: Reporter) {
    this.#session = session;
    this.#file = file;
    this.#reporter = reporter;
  }

  /** Those that samples need and the file does not have. */
  get missing(): number {
    return this.#wanted.size - this.stored;
  }

  /** Sees to it that the head of a bare batch will be in the file. Never throws; the sample may be disposed afterwards. */
  need(sample: Sample, place: Place): void {
    const fingerprint = namedBy(sample);
    if (fingerprint === undefined) return;
    const key = sample.keyexpr().toString();
    const name = `${fingerprint} ${key}`;
    const wanted = this.#wanted.get(name) ?? { ...place, key, fingerprint, stored: false, warned: false, until: 0 };
    if (performance.now() < wanted.until) return;
    if (!this.#wanted.has(name) && this.#wanted.size >= HEAD_BOUNDS.maxHeads) {
      this.#isFull();
      return;
    }
    wanted.until = Number.POSITIVE_INFINITY;
    this.#wanted.set(name, wanted);
    this.#queue.push(wanted);
    this.#fetchNext();
  }

  /** Waits for what is being fetched, for a bounded time. */
  async settle(): Promise<void> {
    const late = setTimeout(() => this.end(), TIMEOUT_MS);
    while (this.#fetches.size > 0) await Promise.race(this.#fetches);
    clearTimeout(late);
  }

  end(): void {
    this.#end.abort();
  }

  #fetchNext(): void {
    while (this.#fetches.size < MAX_FETCHES) {
      const wanted = this.#queue.shift();
      if (wanted === undefined) return;
      const fetch = this.#fetch(wanted).finally(() => {
        this.#fetches.delete(fetch);
        this.#fetchNext();
      });
      this.#fetches.add(fetch);
    }
  }

  async #fetch(wanted: Wanted): Promise<void> {
    const { signal } = this.#end;
    if (signal.aborted) return;
    const { key, fingerprint } = wanted;
    try {
      const bounds = { timeout: TIMEOUT_MS, maxHeadBytes: HEAD_BOUNDS.maxHeadBytes };
      const { payload } = await fetchHead(this.#session, key, fingerprint, bounds, {}, signal);
      const room = this.#channels.has(key) || this.#file.channelsLeft > 0;
      if (!room || this.#bytes + payload.length > HEAD_BOUNDS.maxBytes) return this.#isFull();
      await this.#store(wanted, payload.toBytes());
    } catch (error) {
      wanted.until = performance.now() + PAUSE_MS;
      if (!wanted.warned)
        this.#reporter.warn(
          codeOf(error),
          `what '${key}' has can't be opened when it is replayed: ${(error as Error).message}`,
        );
      wanted.warned = true;
    }
  }

  async #store(wanted: Wanted, data: Uint8Array): Promise<void> {
    const { key, sequence, logTime, publishTime } = wanted;
    const channelId = this.#channels.get(key) ?? this.#file.addChannel(headRecordOf(key));
    this.#channels.set(key, channelId);
    // The library copies it into a chunk, and the chunk into a record.
    this.#session.ledger.count('convert', 2 * data.byteLength);
    this.#bytes += data.byteLength;
    this.stored++;
    wanted.stored = true;
    await this.#file.add({ channelId, sequence, logTime, publishTime, data }, false);
  }

  #isFull(): void {
    if (this.#full) return;
    this.#full = true;
    const { maxHeads, maxBytes } = HEAD_BOUNDS;
    this.#reporter.warn(
      'ARROW_LIMIT',
      `${maxHeads} heads, or ${maxBytes} bytes of them, or all channels of the file are recorded: what needs others can't be opened when it is replayed`,
    );
  }
}

/** Undefined for a sample that says it is a bare batch and names no head, too: nothing can open it. */
function namedBy(sample: Sample): string | undefined {
  try {
    return fingerprintOf(sample);
  } catch {
    return undefined;
  }
}
