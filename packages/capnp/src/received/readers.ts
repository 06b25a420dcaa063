// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Data, List, type Pointer, Text, utils } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import { Segment } from '../stock.js';
import { listLength } from './list-length.js';
import { ReceivedMessage } from './received-message.js';
import { inPlace } from './received-segment.js';

const utf8 = new TextDecoder();

/**
 * Teaches capnp-es's lists, texts, data and copies to read received segments in place and within their bounds. Messages
 * of any other origin are left to what was there before.
 *
 * Besides the list's length, these are the places where capnp-es takes a segment to start where its `buffer` does. A
 * second copy of capnp-es in the program is not taught: it reads rightly too, from a private copy of the segment.
 */
export function teachReaders(): void {
  teachLength();
  teachText();
  teachData();
  teachCopy();
}

function teachLength(): void {
  const stock = Object.getOwnPropertyDescriptor(List.prototype, 'length')?.get as () => number;
  Object.defineProperty(List.prototype, 'length', {
    configurable: true,
    get(this: List<unknown>): number {
      return isReceived(this) ? listLength(this) : stock.call(this);
    },
  });
}

function teachText(): void {
  const stock = Text.prototype.get;
  Text.prototype.get = function (this: Text, index = 0): string {
    const bytes = bytesInPlace(this);
    if (bytes === undefined) return stock.call(this, index);
    if (bytes.at(-1) !== 0) throw new CapnpPayloadError('CAPNP_INVALID', 'a text does not end in NUL');
    charge(this, bytes);
    return utf8.decode(bytes.subarray(index, -1));
  };
}

function teachData(): void {
  const { toUint8Array, toDataView, toArrayBuffer } = Data.prototype;
  Data.prototype.toUint8Array = function (this: Data) {
    return bytesInPlace(this) ?? toUint8Array.call(this);
  };
  Data.prototype.toDataView = function (this: Data) {
    const bytes = bytesInPlace(this);
    return bytes ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) : toDataView.call(this);
  };
  Data.prototype.toArrayBuffer = function (this: Data) {
    const bytes = bytesInPlace(this);
    if (bytes === undefined) return toArrayBuffer.call(this);
    charge(this, bytes);
    return new Uint8Array(bytes).buffer;
  };
}

/** Structs and lists copied out of a received message, into one that is being built. */
function teachCopy(): void {
  const stock = Segment.prototype.copyWords;
  Segment.prototype.copyWords = function (
    this: Segment,
    to: number,
    source: Segment,
    from: number,
    words: number,
  ): void {
    const received = inPlace(source);
    if (received === undefined) stock.call(this, to, source, from, words);
    else new Uint8Array(this.buffer, to, words * 8).set(received.view(from, words * 8));
  };
}

/** The bytes of a text or data that lies in a received segment; undefined for null and for any other memory. */
function bytesInPlace(list: Text | Data): Uint8Array | undefined {
  if (!isReceived(list) || utils.isNull(list)) return undefined;
  const length = listLength(list as List<unknown>);
  const content = utils.getContent(list);
  return inPlace(content.segment)?.view(content.byteOffset, length);
}

/** Many pointers may lead to the same bytes: making a value of them again costs the same again. */
function charge(list: Text | Data, bytes: Uint8Array): void {
  list.segment.message._capnp.traversalLimit -= bytes.byteLength;
}

function isReceived(pointer: Pointer): boolean {
  return pointer.segment.message instanceof ReceivedMessage;
}
