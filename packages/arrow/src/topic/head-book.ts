// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Session } from '@zenoh-segments/core';
import type { OpenHead } from '../decode/open-head.js';
import type { ReadOptions } from '../decode/payload-reader.js';
import { ArrowPayloadError } from '../errors.js';
import { Standing } from './fair-share.js';
import { FetchTurns, MAX_FETCHES, type Place } from './fetch-turns.js';
import { type FetchBounds, type FetchedHead, fetchHead } from './head-fetch.js';

/** Heads kept, and the bytes of all of them; what was not used for longest goes first. */
export interface BookBounds extends FetchBounds {
  readonly maxHeads: number;
  readonly maxBytes: number;
}

interface Failure {
  readonly error: ArrowPayloadError;
  /** Until when nobody is asked again, on the clock of `performance`. */
  readonly until: number;
  readonly pause: number;
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
const MAX_FAILURES = 256;
/** Keys of which is known whether heads came from there. */
const MAX_KEYS = 1024;

/** The heads that a subscriber knows, and those it could not get. */
export class HeadBook {
  readonly #session: Session;
  readonly #bounds: BookBounds;
  readonly #reading: ReadOptions;
  /** By fingerprint, least recently used first: whoever gave it, the bytes are the same. */
  readonly #known = new Map<string, FetchedHead>();
  #bytes = 0;
  /** By key and fingerprint, the oldest first. */
  readonly #failures = new Map<string, Failure>();
  /** By key and fingerprint. */
  readonly #underWay = new Map<string, Promise<OpenHead | ArrowPayloadError>>();
  /** Once proven a key stays so: others can name heads there that nobody has. The oldest first. */
  readonly #standings = new Map<string, Standing>();
  readonly #turns = new FetchTurns();
  #ended = false;

  constructor(session: Session, bounds: BookBounds, reading: ReadOptions) {
    this.#session = session;
    this.#bounds = bounds;
    this.#reading = reading;
  }

  /** The head, when it is kept. */
  known(fingerprint: string): OpenHead | undefined {
    const known = this.#known.get(fingerprint);
    if (known === undefined) return undefined;
    this.#known.delete(fingerprint);
    this.#known.set(fingerprint, known);
    return known.head;
  }

  /** The head; or why there is none, while nobody is asked again; undefined when it has to be fetched. */
  look(key: string, fingerprint: string): OpenHead | ArrowPayloadError | undefined {
    const known = this.known(fingerprint);
    if (known !== undefined) return known;
    const failure = this.#failures.get(nameOf(key, fingerprint));
    return failure !== undefined && performance.now() < failure.until ? failure.error : undefined;
  }

  /** Asks for a head that {@link look} does not have. Never rejects, and ends within twice the timeout: it may have to wait. */
  fetch(place: Place, fingerprint: string): Promise<OpenHead | ArrowPayloadError> {
    const name = nameOf(place.key, fingerprint);
    let fetch = this.#underWay.get(name);
    if (fetch === undefined) {
      fetch = this.#fetch(place, fingerprint, name).finally(() => this.#underWay.delete(name));
      this.#underWay.set(name, fetch);
    }
    return fetch;
  }

  /** Ends what is being fetched. */
  end(): void {
    this.#ended = true;
    this.#turns.end();
  }

  async #fetch(place: Place, fingerprint: string, name: string): Promise<OpenHead | ArrowPayloadError> {
    const { key } = place;
    const { timeout } = this.#bounds;
    const standing = this.#standings.get(key) ?? Standing.UNKNOWN;
    try {
      const found = await this.#turns.run(place, standing, timeout, (signal) =>
        fetchHead(this.#session, key, fingerprint, this.#bounds, this.#reading, signal),
      );
      if (found === undefined || this.#ended) return tooMany();
      this.#failures.delete(name);
      this.#stand(key, Standing.PROVEN);
      this.#keep(found);
      return found.head;
    } catch (error) {
      this.#stand(key, Standing.FAILED);
      return this.#failed(name, error as ArrowPayloadError);
    }
  }

  #stand(key: string, standing: Standing): void {
    const known = this.#standings.get(key);
    this.#standings.delete(key);
    this.#standings.set(key, known === Standing.PROVEN ? known : standing);
    if (this.#standings.size <= MAX_KEYS) return;
    // Strangers can fail on ever new keys: those go first.
    let oldest = this.#standings.keys().next().value as string;
    for (const [each, its] of this.#standings) {
      if (its !== Standing.FAILED) continue;
      oldest = each;
      break;
    }
    this.#standings.delete(oldest);
  }

  #keep(found: FetchedHead): void {
    const { fingerprint } = found.head;
    // Two keys may have asked for it at once.
    if (this.#known.has(fingerprint)) return;
    this.#known.set(fingerprint, found);
    this.#bytes += found.byteLength;
    for (const [oldest, { byteLength }] of this.#known) {
      const { maxHeads, maxBytes } = this.#bounds;
      if (this.#known.size === 1 || (this.#known.size <= maxHeads && this.#bytes <= maxBytes)) break;
      this.#known.delete(oldest);
      this.#bytes -= byteLength;
    }
  }

  #failed(name: string, error: ArrowPayloadError): ArrowPayloadError {
    const before = this.#failures.get(name);
    const pause = before === undefined ? FIRST_PAUSE : Math.min(before.pause * 2, LONGEST_PAUSE);
    this.#failures.delete(name);
    this.#failures.set(name, { error, until: performance.now() + pause, pause });
    if (this.#failures.size > MAX_FAILURES) this.#failures.delete(this.#failures.keys().next().value as string);
    return error;
  }
}

function tooMany(): ArrowPayloadError {
  return new ArrowPayloadError('ARROW_OVERFLOW', `${MAX_FETCHES} heads are being asked for already`);
}

function nameOf(key: string, fingerprint: string): string {
  return `${fingerprint} ${key}`;
}
