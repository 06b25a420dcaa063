// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError, SegmentError } from '../errors.js';
import { holdExternal } from '../external-memory.js';
import { GatherMemory } from './gather-memory.js';
import { Ledger } from './ledger.js';
import { type Ownership, takeSegments } from './ownership.js';
import { type Segment, SegmentList } from './segment-list.js';
import { type Slices, Views } from './slices.js';

/** Whatever a payload can be made from. A string is encoded as UTF-8. */
// biome-ignore lint/complexity/noBannedTypes: zenoh-ts accepts the wrapper class too
export type IntoZBytes = ZBytes | Segment | string | String;

/** Options of {@link ZBytes.fromSegments}. */
export interface FromSegmentsOptions {
  /** What happens to the memory; `retain` unless given. */
  readonly ownership?: Ownership;
  /**
   * Neighbours both smaller than this many bytes are joined into one segment, counted as `coalesce`. 0 unless given: nothing is
   * joined. Hundreds of segments of a few dozen bytes cost more one by one than to be copied once.
   */
  readonly coalesceBelow?: number;
}

const utf8 = new TextDecoder();

/** What a disposed payload is made of. */
const NOTHING = new SegmentList(new Views([]));

/** Set by the class below: the door for backends, not one of the package's public names. */
export let payloadAccess: PayloadAccess;

/** What a payload is made of, taken over by its owner already; only this file makes any. */
class Parts {
  readonly slices: Slices;
  readonly ledger: Ledger;
  readonly free: (() => void) | undefined;

  constructor(slices: Slices | readonly Uint8Array[], ledger: Ledger, free: (() => void) | undefined) {
    this.slices = 'count' in slices ? slices : new Views(slices);
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
 * views then have length 0, and so have copies of 64 KiB and more that `range` and `toBytes` made of it, whose memory later copies
 * use again (small payloads, which were copied out, and small copies stay). Shared memory that is left to the garbage
 * collector pins the sender's pool.
 *
 * **Dispose when nobody reads any more.** Asynchronous calls of Node's own (`socket.write`, `zlib.gzip`, `fs.writeFile`) read what
 * they are given on other threads, after they returned: memory that is disposed, or detached by other means, before their
 * callback is used again or gone under them. Await the callback first, or leave the payload to the garbage collector.
 *
 * Treat received memory as read-only: other subscribers, and for shared memory other processes, see the same bytes.
 */
export class ZBytes implements Disposable {
  /** What was copied to make or to read this payload, and why. */
  readonly ledger: Ledger;
  #list: SegmentList;
  #joined: Uint8Array | undefined;
  /** Of most payloads nothing is gathered. */
  #copies: GatherMemory | undefined;
  #free: (() => void) | undefined;
  #disposed = false;
  #holds = 0;
  #external: ReturnType<typeof holdExternal> = [];
  #idle: PromiseWithResolve | undefined;

  /** A payload of one segment (retained), or a copy of the references of another payload. */
  constructor(bytes: IntoZBytes | Parts = new Parts([], new Ledger(), undefined)) {
    if (bytes instanceof Parts) {
      this.ledger = bytes.ledger;
      this.#list = new SegmentList(bytes.slices);
      this.#free = bytes.free;
    } else if (bytes instanceof ZBytes) {
      this.ledger = bytes.ledger;
      this.#list = bytes.#live();
    } else if (typeof bytes === 'string' || bytes instanceof String) {
      this.ledger = new Ledger();
      const encoded = new TextEncoder().encode(bytes.toString());
      this.ledger.count('convert', encoded.byteLength);
      this.#list = new SegmentList(new Views(encoded.byteLength === 0 ? [] : [encoded]));
    } else {
      this.ledger = new Ledger();
      this.#list = new SegmentList(new Views(takeSegments([bytes], 'retain', this.ledger)));
    }
  }

  /**
   * A payload of many segments, in order, without joining them. The iterable is consumed once, at once. Segments over a resizable
   * buffer keep the length that they have now: when it shrinks below, a put fails with `BUFFER_DETACHED`.
   *
   * @throws {SegmentError} `INVALID_ARGUMENT` for a value that is no buffer, or an option that can't be, `BUFFER_DETACHED` for a detached one,
   * `BUFFER_UNSUPPORTED` for memory that can't be transferred when that is asked.
   */
  static fromSegments(segments: Iterable<Segment>, options: FromSegmentsOptions = {}): ZBytes {
    const ledger = new Ledger();
    const { ownership = 'retain', coalesceBelow = 0 } = options;
    if (!(Number.isSafeInteger(coalesceBelow) && coalesceBelow >= 0)) {
      throw new SegmentError('INVALID_ARGUMENT', `coalesceBelow must be a number of bytes, not ${coalesceBelow}`);
    }
    return new ZBytes(new Parts(takeSegments(segments, ownership, ledger, coalesceBelow), ledger, undefined));
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
    return this.#live().count;
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

  /**
   * All bytes as one array: the segment itself when there is one, otherwise one gather, counted and kept.
   *
   * @throws {SegmentError} `BUFFER_DETACHED` when a segment was detached or resized since the payload was made.
   */
  toBytes(): Uint8Array {
    const list = this.#live();
    if (list.count === 1) return list.segments[0] as Uint8Array;
    // Whoever moved the bytes on has them now.
    if (this.#joined?.byteLength !== list.length) this.#joined = list.copy(0, this.#room(list.length), this.ledger);
    return this.#joined as Uint8Array;
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
   * copied, and counted as `gather` or `misaligned`. This is what the adapters are built on. Behind the view of a large copy, its
   * ArrayBuffer may hold bytes of payloads that were disposed before.
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
    return list.view(start, end, alignment) ?? list.copy(start, this.#room(end - start), this.ledger);
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
    if (this.#free !== undefined) this.#list.free(this.#free);
    this.#free = undefined;
    this.#copies?.giveBack();
    this.#joined = undefined;
    this.#list = NOTHING;
  }

  /** Memory for a copy, which goes with this payload. */
  #room(length: number): Uint8Array {
    this.#copies ??= new GatherMemory();
    return this.#copies.take(length);
  }

  #live(): SegmentList {
    if (this.#disposed || this.#list.freed) throw new CoreError('PAYLOAD_DISPOSED', 'this payload was disposed');
    return this.#list;
  }

  /** What backends may do that users may not. */
  static readonly #backendAccess: PayloadAccess = {
    over: (slices, ledger, free) => new ZBytes(new Parts(slices, ledger, free)),
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
  over(slices: Slices | readonly Uint8Array[], ledger: Ledger, free: (() => void) | undefined): ZBytes;
  /** Something native refers to the payload's memory until the matching `release`. */
  hold(payload: ZBytes): void;
  release(payload: ZBytes): void;
}
