// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Message } from 'capnp-es';
import { Segment } from '../../stock.js';
import { CodegenError } from '../codegen-error.js';
import { checkPointers } from './check-pointers.js';

const MEBIBYTE = 1024 * 1024;
/** Far more than schemas have: they are a few kilobytes, all of Cap'n Proto's own 140. */
const MOST_BYTES = 16 * MEBIBYTE;
const SEGMENT_LIMIT = 512;
const LEAST_BYTES = 1024;

/**
 * A stock message that bounds what its reader costs: capnp-es allocates where it reads something absent, and follows
 * pointers that alias or form a cycle for as long as its limit lets it.
 */
export class BoundedMessage extends Message {
  #budget: number;
  #last: Segment | undefined;

  /** @param bytes a framed message that was checked */
  constructor(bytes: Uint8Array, budget: number) {
    super(bytes, false);
    this.#budget = budget;
    this._capnp.traversalLimit = budget;
  }

  /** Memory for what is written: one segment after another, each twice the last. */
  override allocateSegment(byteLength: number): Segment {
    if (this.#last?.hasCapacity(byteLength)) return this.#last;
    const size = Math.max(byteLength, LEAST_BYTES, 2 * (this.#last?.getCapacity() ?? 0));
    this.#budget -= size;
    if (this.#budget < 0) throw new CodegenError('REQUEST_INVALID', 'the request would take too much memory to read');
    this.#last = new Segment(this._capnp.segments.length, this, new ArrayBuffer(size));
    this._capnp.segments.push(this.#last);
    return this.#last;
  }
}

/** The request as a message whose pointers were checked. Nothing is allocated on the word of its segment table. */
export function openRequest(bytes: Uint8Array): BoundedMessage {
  if (bytes.length === 0) throw new CodegenError('REQUEST_INVALID', `the request is empty. ${ADVICE}`);
  if (bytes.length > MOST_BYTES) {
    throw new CodegenError('REQUEST_INVALID', `the request has ${bytes.length} bytes, more than ${MOST_BYTES}`);
  }
  checkPointers(segmentsOf(bytes), MEBIBYTE / 8 + 2 * bytes.length);
  return new BoundedMessage(bytes, budgetFor(bytes.length));
}

function segmentsOf(bytes: Uint8Array): DataView[] {
  const { length } = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const count = length < 4 ? 0 : view.getUint32(0, true) + 1;
  const start = (4 + 4 * count + 7) & ~7;
  if (count < 1 || count >= SEGMENT_LIMIT || length < start) throw noRequest(length);
  const segments: DataView[] = [];
  let end = start;
  for (let i = 0; i < count; i++) {
    const size = 8 * view.getUint32(4 + 4 * i, true);
    if (end + size > length) {
      const why = `the request is cut after ${length} bytes, or it is no CodeGeneratorRequest`;
      throw new CodegenError('REQUEST_INVALID', `${why}. ${ADVICE}`);
    }
    segments.push(new DataView(bytes.buffer, bytes.byteOffset + end, size));
    end += size;
  }
  if (end < length || segments[0]?.byteLength === 0) throw noRequest(length);
  return segments;
}

/** Bytes that reading a request of this length may traverse, and allocate: honest ones need a fraction. */
export function budgetFor(length: number): number {
  return 4 * MEBIBYTE + 64 * length;
}

const ADVICE = '`capnp compile -ozenoh schema.capnp` pipes it in, `capnp compile -o- schema.capnp > file` saves it';

function noRequest(length: number): CodegenError {
  return new CodegenError('REQUEST_INVALID', `${length} bytes that are no CodeGeneratorRequest. ${ADVICE}`);
}
