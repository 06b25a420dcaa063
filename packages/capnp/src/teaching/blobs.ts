// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Data, type List, type Pointer, Text } from 'capnp-es';
import type { BuildSegment } from '../building/build-segment.js';
import { dataBytes, setDataBytes } from '../building/list-elements.js';
import { textAt as builtTextAt, setTextAt } from '../building/text.js';
import { readOnly } from '../errors.js';
import { listPlace } from '../reading/list-place.js';
import { readSegment, viewOf } from '../reading/read-segment.js';
import { textAt } from '../reading/text.js';
import { teachGetter, teachMethod } from './dispatch.js';

/** Teaches capnp-es's `Text`, which takes a segment to start where its `buffer` does. */
export function teachText(): void {
  teachMethod(Text.prototype, 'get', {
    reading(this: Text, index = 0) {
      return textAt(this.segment, this.byteOffset, index);
    },
    building(this: Text, index = 0) {
      return builtTextAt(buildOf(this), this.byteOffset, index) ?? '';
    },
  });
  teachMethod(Text.prototype, 'set', {
    reading: refuse,
    building(this: Text, index: number, value: string) {
      setTextAt(buildOf(this), this.byteOffset, value, index);
    },
  });
  teachGetter(Text.prototype, 'length', {
    reading(this: Text) {
      return Math.max(listPlace(this as unknown as List<unknown>).length - 1, 0);
    },
  });
  teachFromPointer(Text);
}

/** Teaches capnp-es's `Data`, likewise. */
export function teachData(): void {
  teachMethod(Data.prototype, 'copyBuffer', {
    reading: refuse,
    building(this: Data, source: ArrayBuffer | ArrayBufferView) {
      setDataBytes(this, source);
    },
  });
  teachMethod(Data.prototype, 'toUint8Array', {
    reading(this: Data) {
      return receivedBytes(this);
    },
    building(this: Data) {
      return dataBytes(this);
    },
  });
  teachMethod(Data.prototype, 'toDataView', {
    reading(this: Data) {
      return viewed(receivedBytes(this));
    },
    building(this: Data) {
      return viewed(dataBytes(this));
    },
  });
  teachMethod(Data.prototype, 'toArrayBuffer', {
    reading(this: Data) {
      const bytes = receivedBytes(this);
      readSegment(this.segment)?.state.payload.ledger.count('copy', bytes.byteLength);
      return new Uint8Array(bytes).buffer;
    },
    building(this: Data) {
      return new Uint8Array(dataBytes(this)).buffer;
    },
  });
  teachFromPointer(Data);
}

/** What a pointer leads to is checked when it is read; capnp-es looks at its kind at once, and throws its own errors. */
function teachFromPointer(Class: typeof Text | typeof Data): void {
  const stock = Class.fromPointer as (pointer: Pointer) => never;
  Class.fromPointer = (pointer: Pointer) =>
    readSegment(pointer.segment) === undefined
      ? stock.call(Class, pointer)
      : (new Class(pointer.segment, pointer.byteOffset, pointer._capnp.depthLimit) as never);
}

/** A view, or a counted gather where a slice border cuts the bytes. */
function receivedBytes(data: Data): Uint8Array {
  const { segment, offset, length } = listPlace(data as unknown as List<unknown>);
  return length === 0 ? new Uint8Array(0) : viewOf(segment, offset, length);
}

function viewed({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function buildOf(text: Text): BuildSegment {
  return text.segment as unknown as BuildSegment;
}

function refuse(): never {
  throw readOnly();
}
