// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  ConsolidationMode,
  FifoChannel,
  QueryTarget,
  type Reply,
  ReplyError,
  type Sample,
  type Session,
  ZBytes,
} from '@zenoh-segments/core';
import { type OpenHead, openHeadOf } from '../decode/open-head.js';
import type { ReadOptions } from '../decode/payload-reader.js';
import { ArrowPayloadError } from '../errors.js';
import { fingerprintOf } from '../fingerprint.js';
import { headKey } from './bare-form.js';
import { GIVEN_UP } from './fetch-turns.js';
import { headBytes } from './kept-bytes.js';
import { quoted } from './quoted.js';

/** What asking for a head may cost. */
export interface FetchBounds {
  /** Milliseconds until a head is given up. */
  readonly timeout: number;
  /** Bytes of one head. */
  readonly maxHeadBytes: number;
}

/** A head that came, with `payload`, whose views its dictionaries are, and the bytes it keeps in memory. */
export interface FetchedHead {
  readonly head: OpenHead;
  readonly payload: ZBytes;
  readonly byteLength: number;
}

/** Answers looked at for one head, and of each queryable. Each may cost the hashing of `maxHeadBytes`. */
const MAX_ANSWERS = 64;
const MAX_REFUSED = 2;
/** Milliseconds before asking again when nobody answered: a queryable may be on its way to be known. It doubles. */
const FIRST_PAUSE = 20;
/** Replies that wait to be looked at; more wait in zenoh. */
const CHANNEL_REPLIES = 4;

/**
 * Asks for a head until somebody answers with the bytes of this fingerprint.
 *
 * @throws {ArrowPayloadError} `ARROW_NO_HEAD`, after `timeout` at the latest
 */
export async function fetchHead(
  session: Session,
  key: string,
  fingerprint: string,
  { timeout, maxHeadBytes }: FetchBounds,
  reading: ReadOptions,
  signal: AbortSignal,
): Promise<FetchedHead> {
  const deadline = performance.now() + timeout;
  const answers = new Answers(fingerprint, maxHeadBytes, reading);
  for (let pause = FIRST_PAUSE; ; pause *= 2) {
    const left = deadline - performance.now();
    const found = left > 0 ? await ask(session, key, fingerprint, left, answers, signal) : undefined;
    if (found !== undefined) return found;
    const remaining = deadline - performance.now();
    // Too little is left for an answer: zenoh's clock may end a wait a little before ours.
    if (signal.aborted || answers.exhausted || remaining <= FIRST_PAUSE) {
      const why = signal.reason === GIVEN_UP ? `, ${GIVEN_UP}` : '';
      throw answers.error(`${quoted(key)}, ${Math.round(timeout - Math.max(remaining, 0))} ms${why}`);
    }
    await pauseFor(Math.min(pause, remaining - FIRST_PAUSE), signal);
  }
}

async function ask(
  session: Session,
  key: string,
  fingerprint: string,
  timeout: number,
  answers: Answers,
  signal: AbortSignal,
): Promise<FetchedHead | undefined> {
  // Ends the get as soon as its answer is there, and with it what others still send.
  const enough = new AbortController();
  const end = () => enough.abort();
  signal.addEventListener('abort', end);
  try {
    const replies = await session.get(headKey(key, fingerprint), {
      // All: of several publishers on the key each has its own heads. Each answer by itself: one must not hide another.
      target: QueryTarget.ALL,
      consolidation: ConsolidationMode.NONE,
      timeout,
      handler: new FifoChannel<Reply>(CHANNEL_REPLIES),
      signal: enough.signal,
    });
    for await (const reply of replies) {
      const found = answers.look(reply);
      if (found !== undefined || answers.exhausted) return found;
    }
    return undefined;
  } catch (error) {
    answers.failed(error);
    return undefined;
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

/** What was answered so far. */
class Answers {
  readonly #fingerprint: string;
  readonly #maxBytes: number;
  readonly #reading: ReadOptions;
  /** Answers of each queryable that did not fit. */
  readonly #refused = new Map<string, number>();
  #count = 0;
  #last: { readonly text: string; readonly cause?: unknown } | undefined;

  constructor(fingerprint: string, maxBytes: number, reading: ReadOptions) {
    this.#fingerprint = fingerprint;
    this.#maxBytes = maxBytes;
    this.#reading = reading;
  }

  get exhausted(): boolean {
    return this.#count >= MAX_ANSWERS;
  }

  /** The head, when this is it. */
  look(reply: Reply): FetchedHead | undefined {
    const result = reply.result();
    const replier = reply.replierId()?.toString() ?? '';
    if (result instanceof ReplyError) {
      const text = textOf(result.payload());
      // zenoh tells the end of its own wait like this too, with or without a replier: what somebody answered says more.
      const isTimeout = replier === '' || text === 'Timeout';
      if (this.#last !== undefined && (isTimeout || this.#count > 0)) return undefined;
      this.#last = { text: `the answer was an error: ${quoted(text)}` };
      return undefined;
    }
    const refused = this.#refused.get(replier) ?? 0;
    // Whoever answers wrong again and again must not use up what others may answer.
    if (refused >= MAX_REFUSED && replier !== '') return undefined;
    this.#count++;
    try {
      return this.#open(result);
    } catch (error) {
      if (!(error instanceof ArrowPayloadError)) throw error;
      this.#refused.set(replier, refused + 1);
      this.#last = { text: `refused: ${error.message}`, cause: error };
      result[Symbol.dispose]();
      return undefined;
    }
  }

  failed(error: unknown): void {
    this.#last = { text: String(error), cause: error };
  }

  error(where: string): ArrowPayloadError {
    const { text, cause } = this.#last ?? { text: 'nobody answered' };
    const refused = this.#count === 0 ? '' : `; ${this.#count} answers were refused`;
    const message = `nobody gave the head ${this.#fingerprint} (${where}${refused}): ${text}`;
    return new ArrowPayloadError('ARROW_NO_HEAD', message, { cause });
  }

  /** Hashed first: a wrong one must cost no more than that. */
  #open(answer: Sample): FetchedHead {
    const byteLength = answer.payload().length;
    if (byteLength > this.#maxBytes) {
      throw new ArrowPayloadError(
        'ARROW_LIMIT',
        `a head of ${byteLength} bytes is above the limit of ${this.#maxBytes}`,
      );
    }
    const payload = ownMemory(answer);
    const fingerprint = fingerprintOf(payload.segments());
    if (fingerprint !== this.#fingerprint) {
      throw new ArrowPayloadError('ARROW_INVALID', `the answer is the head ${fingerprint}`);
    }
    const head = openHeadOf(payload, fingerprint, this.#reading);
    return { head, payload, byteLength: headBytes(payload, head) };
  }
}

/** A head is kept for long: it must not pin the pool of another process, which could also still write to it. */
function ownMemory(answer: Sample): ZBytes {
  const payload = answer.payload();
  if (!answer.isShm()) return payload;
  const copy = ZBytes.fromSegments(payload.segments(), { ownership: 'copy' });
  copy.ledger.attach(payload.ledger);
  answer[Symbol.dispose]();
  return copy;
}

const LONGEST_TEXT = 200;

function textOf(payload: ZBytes): string {
  return new TextDecoder().decode(payload.range(0, Math.min(payload.length, LONGEST_TEXT)));
}

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
