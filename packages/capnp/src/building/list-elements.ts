// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  BoolList,
  Data,
  Float32List,
  Float64List,
  Int8List,
  Int16List,
  Int32List,
  Int64List,
  type List,
  TextList,
  Uint8List,
  Uint16List,
  Uint32List,
  Uint64List,
} from 'capnp-es';
import { refuse } from './foreign-segment.js';
import { at, elementAt, locateList, pointerElementAt } from './place.js';
import { setTextAt, textAt } from './text.js';

/** A class of lists, of which only the prototype matters here. */
export interface ListClass {
  readonly prototype: object;
}

/** What stands in for the methods of a list class, on lists of a message being built. */
export interface Elements<T> {
  get(list: List<T>, index: number): T;
  set(list: List<T>, index: number, value: T): void;
}

function numbers(name: (typeof NUMBER_LISTS)[number][1], bytes: number): Elements<unknown> {
  const read = DataView.prototype[`get${name}`] as (this: DataView, offset: number, littleEndian: true) => unknown;
  const write = DataView.prototype[`set${name}`] as (this: DataView, offset: number, value: unknown, l: true) => void;
  return {
    get: (list, index) => {
      const offset = elementAt(list, index, bytes * 8);
      return read.call(at.dv, offset, true);
    },
    set: (list, index, value) => {
      const offset = elementAt(list, index, bytes * 8);
      if (at.segment.isForeign) refuse();
      write.call(at.dv, offset, value, true);
    },
  };
}

const bits: Elements<boolean> = {
  get: (list, index) => {
    const offset = byteOfBit(list, index);
    return (at.dv.getUint8(offset) & (1 << (index & 7))) !== 0;
  },
  set: (list, index, value) => {
    const offset = byteOfBit(list, index);
    if (at.segment.isForeign) refuse();
    const rest = at.dv.getUint8(offset) & ~(1 << (index & 7));
    at.dv.setUint8(offset, rest | (value ? 1 << (index & 7) : 0));
  },
};

function byteOfBit(list: List<boolean>, index: number): number {
  elementAt(list, index, 1);
  return at.content + (index >>> 3);
}

const texts: Elements<string> = {
  get: (list, index) => {
    const offset = pointerElementAt(list, index);
    return textAt(at.segment, offset) ?? '';
  },
  set: (list, index, value) => {
    const offset = pointerElementAt(list, index);
    setTextAt(at.segment, offset, value);
  },
};

/** Each class of lists of values, what its elements are called in a DataView, and their bytes. */
const NUMBER_LISTS = [
  [Data, 'Uint8', 1],
  [Uint8List, 'Uint8', 1],
  [Int8List, 'Int8', 1],
  [Uint16List, 'Uint16', 2],
  [Int16List, 'Int16', 2],
  [Uint32List, 'Uint32', 4],
  [Int32List, 'Int32', 4],
  [Uint64List, 'BigUint64', 8],
  [Int64List, 'BigInt64', 8],
  [Float32List, 'Float32', 4],
  [Float64List, 'Float64', 8],
] as const;

/** Each class of lists of values, and its elements. */
export const VALUE_LISTS: readonly (readonly [ListClass, Elements<unknown>])[] = [
  [BoolList, bits],
  [TextList, texts],
  ...NUMBER_LISTS.map(([Class, name, bytes]) => [Class, numbers(name, bytes)] as const),
];

/** The bytes of a data, in place; none for null. */
export function dataBytes(data: Data): Uint8Array {
  locateList(data);
  // Null has no content that could be viewed.
  return at.count === 0 ? new Uint8Array(0) : at.segment.view(at.content, at.count);
}

/** As capnp-es's: what does not fit is left out, and the rest becomes zero. */
export function setDataBytes(data: Data, source: ArrayBuffer | ArrayBufferView): void {
  const bytes = dataBytes(data);
  if (at.segment.isForeign) refuse();
  const from = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  bytes.set(from.subarray(0, bytes.byteLength));
  bytes.fill(0, Math.min(from.byteLength, bytes.byteLength));
}

export function listLengthOf(list: List<unknown>): number {
  locateList(list);
  return at.count;
}
