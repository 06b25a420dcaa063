// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { SegmentError } from '../../errors.js';
import type { ZBytes } from '../../zbytes/zbytes.js';
import { type Fill, fields, sequenceLength } from './write.js';

const ABSENT = Uint8Array.of(0);
const PRESENT = Uint8Array.of(1);

/**
 * One WebSocket message in the making. A WebSocket sends one contiguous message, so the segments of payload and
 * attachment are gathered: once, here, counted in their ledgers as `websocket`. The memory is free again after that.
 */
export class Frame {
  readonly #parts: Uint8Array[];
  readonly #carried: ZBytes[] = [];
  #size: number;

  constructor(head: Uint8Array) {
    this.#parts = [head];
    this.#size = head.byteLength;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  bytes(payload: ZBytes): this {
    const { length } = payload;
    this.raw(sequenceLength(length));
    payload.segments().forEach((segment, index) => {
      if (segment.byteLength === 0) throw detached(`segment ${index} was detached`, index);
      this.#parts.push(segment);
    });
    this.#size += length;
    this.#carried.push(payload);
    return this;
  }

  optionalBytes(payload: ZBytes | undefined): this {
    return payload === undefined ? this.raw(ABSENT) : this.raw(PRESENT).bytes(payload);
  }

  fields(fill: Fill): this {
    return this.raw(fields(fill));
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#size += bytes.byteLength;
    return this;
  }

  /** The message. @throws {SegmentError} `BUFFER_DETACHED` when a segment shrank since its payload was made */
  gather(): Uint8Array<ArrayBuffer> {
    const frame = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      if (at + part.byteLength > frame.byteLength) throw detached('a segment was resized');
      frame.set(part, at);
      at += part.byteLength;
    }
    if (at !== frame.byteLength) throw detached('a segment was resized');
    for (const payload of this.#carried) payload.ledger.count('websocket', payload.length);
    return frame;
  }
}

function detached(what: string, index?: number): SegmentError {
  return new SegmentError('BUFFER_DETACHED', `${what} before it was put`, index);
}
