// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError, SegmentError } from '../errors.js';
import { holdExternal } from '../external-memory.js';
import { Ledger } from './ledger.js';
import { type Ownership, takeSegments } from './ownership.js';
import { concat, type Segment, SegmentList } from './segment-list.js';

/** Whatever a payload can be made from. A string is encoded as UTF-8. */
// biome-ignore lint/complexity/noBannedTypes: zenoh-ts accepts the wrapper class too
export type IntoZBytes = ZBytes | Segment | string | String;

/** Options of {@link ZBytes.fromSegments}. */
export interface FromSegmentsOptions {
  /** What happens to the memory; `retain` unless given. */
  readonly ownership?: Ownership;
}

const utf8 = new TextDecoder();

/** Set by the class below: the door for backends, not one of the package's public names. */
export let payloadAccess: PayloadAccess;

/** What a payload is made of, taken over by its owner already; only this file makes any. */
class Parts {
  readonly segments: readonly Uint8Array[];
  readonly ledger: Ledger;
  readonly free: (() => void) | undefined;

  constructor(segments: readonly Uint8Array[], ledger: Ledger, free: (() => void) | undefined) {
    this.segments = segments;
    this.ledger = ledger;
    this.free = free;
  }
}

/**
 * A zenoh payload: an ordered list of byte segments. On the wire it is their concatenation, with nothing added.
 *
 * A payload made here refers to the caller's memory as its {@link Ownership} says. A received payload refers to memory
 * that zenoh owns: `segments()` are views of it, they keep it alive, and they outlive the callback, the subscriber and
 * the session. `using payload = sample.payload()`, or `payload[Symbol.dispose]()`, gives the memory back at once: its
 * views then have length 0 (those of a small payload, which was copied out, stay). Shared memory that is left to the garbage collector pins the sender's pool.
 *
 * Treat received memory as read-only: other subscribers, and for shared memory other processes, see the same bytes.
 */
export class ZBytes implements Disposable {
  /** What was copied to make or to read this payload, and why. */
  readonly ledger: Ledger;
  #list: SegmentList;
  #joined: Uint8Array | undefined;
  #free: (() => void) | undefined;
  #disposed = false;
  #holds = 0;
  #external: ReturnType<typeof holdExternal> = [];
  #idle: PromiseWithResolve | undefined;

  /** A payload of one segment (retained), or a copy of the references of another payload. */
  constructor(bytes: IntoZBytes | Parts = new Parts([], new Ledger(), undefined)) {
    if (bytes instanceof Parts) {
      this.ledger = bytes.ledger;
      this.#list = new SegmentList(bytes.segments);
      this.#free = bytes.free;
    } else if (bytes instanceof ZBytes) {
      this.ledger = bytes.ledger;
      this.#list = bytes.#live();
    } else if (typeof bytes === 'string' || bytes instanceof String) {
      this.ledger = new Ledger();
      const encoded = new TextEncoder().encode(bytes.toString());
      this.ledger.count('convert', encoded.byteLength);
      this.#list = new SegmentList(encoded.byteLength === 0 ? [] : [encoded]);
    } else {
      this.ledger = new Ledger();
      this.#list = new SegmentList(takeSegments([bytes], 'retain', this.ledger));
    }
  }

  /**
   * A payload of many segments, in order, without joining them. The iterable is consumed once, at once.
   *
   * @throws {SegmentError} `INVALID_ARGUMENT` for a value that is no buffer, `BUFFER_DETACHED` for a detached one,
   * `BUFFER_UNSUPPORTED` for memory that can't be transferred when that is asked.
   */
  static fromSegments(segments: Iterable<Segment>, options: FromSegmentsOptions = {}): ZBytes {
    const ledger = new Ledger();
    return new ZBytes(new Parts(takeSegments(segments, options.ownership ?? 'retain', ledger), ledger, undefined));
  }

  /** An empty payload. */
  static empty(): ZBytes {
    return new ZBytes();
  }

  /** The total length in bytes. */
  get length(): number {
    return this.#live().length;
  }

  /** How many (non-empty) segments the payload has. Received over a network, this says nothing about how it was sent. */
  get segmentCount(): number {
    return this.#live().segments.length;
  }

  /** The total length in bytes; zenoh-ts's name for {@link length}. */
  len(): number {
    return this.length;
  }

  isEmpty(): boolean {
    return this.length === 0;
  }

  /** An empty payload; zenoh-ts has this as an instance method. */
  empty(): ZBytes {
    return ZBytes.empty();
  }

  /** The segments, without a copy: the same objects at every call. */
  segments(): readonly Uint8Array[] {
    return this.#live().segments;
  }

  /** All bytes as one array: the segment itself when there is one, otherwise one gather, counted and kept. */
  toBytes(): Uint8Array {
    const { segments, length } = this.#live();
    if (segments.length === 1) return segments[0] as Uint8Array;
    if (this.#joined === undefined) {
      this.#joined = concat(segments, length);
      this.ledger.count('gather', length);
    }
    return this.#joined;
  }

  /** The bytes read as UTF-8; invalid sequences become U+FFFD. Decoded segment by segment: no gather. */
  toString(): string {
    const { segments } = this.#live();
    if (segments.length === 1) return utf8.decode(segments[0]);
    const decoder = new TextDecoder();
    let text = '';
    for (const segment of segments) text += decoder.decode(segment, { stream: true });
    return text + decoder.decode();
  }

  /**
   * A view of bytes `[start, end)` whose `byteOffset` is a multiple of `alignment` (1, 2, 4, 8 ... bytes).
   *
   * It is a view of the payload's own memory when one segment holds the range aligned; otherwise just that range is
   * copied into new memory and counted as `gather` or `misaligned`. This is what the adapters are built on.
   *
   * @throws {SegmentError} `RANGE` when the range is not inside the payload.
   */
  range(start: number, end: number, alignment = 1): Uint8Array {
    const list = this.#live();
    if (
      !(Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end && end <= list.length)
    ) {
      throw new SegmentError('RANGE', `the range [${start}, ${end}) is not inside a payload of ${list.length} bytes`);
    }
    if (!(Number.isSafeInteger(alignment) && alignment >= 1)) {
      throw new SegmentError('INVALID_ARGUMENT', `an alignment must be a positive integer, not ${alignment}`);
    }
    return list.range(start, end, alignment, this.ledger);
  }

  /** Whether {@link Symbol.dispose} was called. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /**
   * Resolves when neither zenoh nor a pending local delivery refers to the memory any more: the caller may then write
   * to it. Already resolved for a payload that is not being sent. A receiver in this process that kept a view of a
   * retained payload still shares the memory after this.
   */
  get released(): Promise<void> {
    if (this.#holds === 0) return Promise.resolve();
    this.#idle ??= withResolve();
    return this.#idle.promise;
  }

  /** @throws {NotZeroCopyError} code `NOT_ZERO_COPY`, when any byte of this payload was copied. */
  assertZeroCopy(): void {
    this.ledger.assertZeroCopy();
  }

  /** Gives received memory back at once (its views get length 0) and drops references to sent memory. Idempotent. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#free?.();
    this.#free = undefined;
    this.#joined = undefined;
    this.#list = new SegmentList([]);
  }

  #live(): SegmentList {
    if (this.#disposed) throw new CoreError('PAYLOAD_DISPOSED', 'this payload was disposed');
    return this.#list;
  }

  /** What backends may do that users may not. */
  static readonly #backendAccess: PayloadAccess = {
    over: (segments, ledger, free) => new ZBytes(new Parts(segments, ledger, free)),
    hold: (payload) => {
      if (payload.#holds++ === 0) payload.#external = holdExternal(payload.#list.segments);
    },
    release: (payload) => {
      if (--payload.#holds === 0) {
        for (const memory of payload.#external) memory.letGo();
        payload.#external = [];
        payload.#idle?.resolve();
        payload.#idle = undefined;
      }
    },
  };

  static {
    payloadAccess = ZBytes.#backendAccess;
  }
}

interface PromiseWithResolve {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function withResolve(): PromiseWithResolve {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** What a backend may do to a payload. */
export interface PayloadAccess {
  /** A payload over memory that a backend owns; `free` is called once, by dispose. */
  over(segments: readonly Uint8Array[], ledger: Ledger, free: (() => void) | undefined): ZBytes;
  /** Something native refers to the payload's memory until the matching `release`. */
  hold(payload: ZBytes): void;
  release(payload: ZBytes): void;
}
