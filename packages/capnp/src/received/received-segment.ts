// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '@zenoh-segments/core';
import type { Message } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import { Segment } from '../stock.js';

/**
 * capnp-es's segment without its constructor, which would make `buffer` a property of each instance that no accessor
 * can stand in for. (Redefining that property instead makes each read five times slower.)
 */
function Unbuilt(): void {}
Unbuilt.prototype = Segment.prototype;
const Base = Unbuilt as unknown as new () => object;

/**
 * A segment of a received message, read in place: at any offset of memory that belongs to zenoh, and no byte beside it.
 *
 * capnp-es writes while it reads: an absent list, data or struct, a default text, and a struct of an older sender are
 * filled in where they are read. The first such write, and the first use of `buffer` (which capnp-es takes to start with
 * the segment), copies this segment into private memory, once, counted as `copy`. Received memory is never written.
 */
export class ReceivedSegment extends Base {
  readonly id: number;
  readonly message: Message;
  readonly byteLength: number;
  /** capnp-es counts from the segment's start; where that lies in memory only `_dv` knows. */
  readonly byteOffset = 0;
  /** capnp-es's name: every scalar and pointer is read through it, and by that it stays inside the segment. */
  _dv: DataView;
  readonly #ledger: Ledger;
  #bytes: Uint8Array;
  #private: boolean;

  /** With `isPrivate`, `bytes` covers an ArrayBuffer of its own that nobody else refers to. */
  constructor(id: number, message: Message, bytes: Uint8Array, isPrivate: boolean, ledger: Ledger) {
    super();
    this.id = id;
    this.message = message;
    this.byteLength = bytes.byteLength;
    this._dv = viewOf(bytes);
    this.#bytes = bytes;
    this.#private = isPrivate;
    this.#ledger = ledger;
  }

  /** The segment where it is now: received memory, or the private copy. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Stock code expects the segment at offset 0 and may write: it gets private memory. */
  get buffer(): ArrayBufferLike {
    this.makePrivate();
    return this.#bytes.buffer;
  }

  /** A view of `length` bytes at `offset`, wherever the segment is now. */
  view(offset: number, length: number): Uint8Array {
    if (offset < 0 || length < 0 || offset + length > this.#bytes.byteLength) {
      throw new CapnpPayloadError(
        'CAPNP_INVALID',
        `a pointer to ${length} bytes at ${offset} leaves segment ${this.id} of ${this.#bytes.byteLength} bytes`,
      );
    }
    return this.#bytes.subarray(offset, offset + length);
  }

  /** Moves the segment into private memory; the views handed out before stay on the received memory. */
  makePrivate(): void {
    if (this.#private) return;
    this.#bytes = new Uint8Array(this.#bytes);
    this._dv = viewOf(this.#bytes);
    this.#private = true;
    this.#ledger.count('copy', this.byteLength);
  }

  /** What reading allocates goes to the message's scratch segments: only "nothing" fits here. */
  hasCapacity(byteLength: number): boolean {
    return byteLength === 0;
  }

  getCapacity(): number {
    return this.byteLength;
  }

  /** Stock compares as a number, to which the word 0x8000000000000000 (-0) is zero too. */
  isWordZero(byteOffset: number): boolean {
    return this._dv.getUint32(byteOffset) === 0 && this._dv.getUint32(byteOffset + 4) === 0;
  }
}

type Method = (this: unknown, ...values: unknown[]) => unknown;

// All of capnp-es's writers, whichever it has: private memory first, then what capnp-es does.
for (const name of Object.getOwnPropertyNames(Segment.prototype)) {
  if (!/^(set|copy|fill)/.test(name)) continue;
  Object.defineProperty(ReceivedSegment.prototype, name, {
    value(this: ReceivedSegment, ...values: unknown[]) {
      this.makePrivate();
      const stock = Segment.prototype[name as keyof Segment] as Method;
      return stock.apply(this, values);
    },
  });
}

/** The segment as {@link ReceivedSegment}, or undefined for one of capnp-es's own. */
export function inPlace(segment: unknown): ReceivedSegment | undefined {
  return segment instanceof ReceivedSegment ? segment : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
