// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  Data,
  type List,
  type ListCtor,
  ListElementSize,
  type ObjectSize,
  type Orphan,
  Pointer,
  PointerType,
  type Struct,
  type StructCtor,
} from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import type { Segment } from '../stock.js';
import { type BuildSegment, padded, toBuild } from './build-segment.js';
import { copyElement, copyPointer } from './copy.js';
import { growStruct, growStructList, structSizes } from './grow.js';
import { contentAt, erase, link, unlink } from './link.js';
import { BuiltOrphan } from './orphan.js';
import { at, checkLength, ELEMENT_BITS, pointerAt } from './place.js';
import { setTextAt, textAt } from './text.js';

/** What stands in for capnp-es's functions of the same names, on structs of a message being built. */
export const pointerFields = {
  getPointer(index: number, struct: Struct): Pointer {
    return pointerObject(Pointer, index, struct);
  },

  getPointerAs<T extends Pointer>(index: number, Class: PointerClass<T>, struct: Struct): T {
    return pointerObject(Class, index, struct);
  },

  getText(index: number, struct: Struct, defaultValue?: string): string {
    const offset = pointerAt(struct, index);
    return textAt(at.segment, offset) ?? defaultValue ?? '';
  },

  setText(index: number, value: string, struct: Struct): void {
    const offset = pointerAt(struct, index);
    setTextAt(at.segment, offset, value);
  },

  /** Null is empty, and stays null; a default is copied in, so that it may be written. */
  getData(index: number, struct: Struct, defaultValue?: Pointer): Data {
    const data = pointerObject(Data, index, struct);
    if (defaultValue !== undefined) fillDefault(data, defaultValue);
    return data;
  },

  initData(index: number, length: number, struct: Struct): Data {
    const data = pointerObject(Data, index, struct);
    initListAt(buildOf(data), data.byteOffset, ListElementSize.BYTE, length);
    return data;
  },

  getList<T>(index: number, Class: ListCtor<T>, struct: Struct, defaultValue?: Pointer): List<T> {
    const list = pointerObject(Class, index, struct);
    if (defaultValue !== undefined) fillDefault(list, defaultValue);
    growElements(list, Class);
    return list;
  },

  initList<T>(index: number, Class: ListCtor<T>, length: number, struct: Struct): List<T> {
    const list = pointerObject(Class, index, struct);
    initListAt(buildOf(list), list.byteOffset, Class._capnp.size, length, Class._capnp.compositeSize);
    return list;
  },

  /** As in C++, a struct that is absent is made: the caller is about to write to it. */
  getStruct<T extends Struct>(index: number, Class: StructCtor<T>, struct: Struct, defaultValue?: Pointer): T {
    const offset = pointerAt(struct, index);
    return structAt(at.segment, offset, Class, struct._capnp.depthLimit - 1, defaultValue);
  },

  initStructAt<T extends Struct>(index: number, Class: StructCtor<T>, struct: Struct): T {
    const offset = pointerAt(struct, index);
    return initStructAt(at.segment, offset, Class, struct._capnp.depthLimit - 1);
  },

  initStruct(size: ObjectSize, struct: Struct): void {
    if (struct._capnp.compositeIndex !== undefined) throw isElement();
    initStructOf(buildOf(struct), struct.byteOffset, size);
  },

  resize(size: ObjectSize, struct: Struct): void {
    if (struct._capnp.compositeIndex !== undefined) throw isElement();
    growStruct(buildOf(struct), struct.byteOffset, size);
  },

  copyFrom(source: Pointer, to: Pointer): void {
    if (!(source instanceof Pointer)) throw notCapnp(source);
    if (to._capnp.compositeIndex !== undefined) copyElement(source, to);
    else copyPointer(source, buildOf(to), to.byteOffset);
  },

  erase(pointer: Pointer): void {
    erase(buildOf(pointer), pointer.byteOffset);
  },

  disown<T extends Pointer>(pointer: T): Orphan<T> {
    if (pointer._capnp.compositeIndex !== undefined) throw isElement();
    const segment = buildOf(pointer);
    const content = contentAt(segment, pointer.byteOffset);
    unlink(segment, pointer.byteOffset);
    return new BuiltOrphan<T>(segment.message, content);
  },

  adopt<T extends Pointer>(orphan: Orphan<T>, to: T): void {
    if (orphan instanceof BuiltOrphan) orphan._moveTo(to);
    else throw new CapnpPayloadError('CAPNP_INVALID', 'an orphan can only be adopted within its own message');
  },
};

/** The struct that the pointer at `offset` leads to: made when it is absent, and made larger when it is too small. */
export function structAt<T extends Struct>(
  segment: BuildSegment,
  offset: number,
  Class: StructCtor<T>,
  depthLimit?: number,
  defaultValue?: Pointer,
): T {
  const isNull = segment.isWordZero(offset);
  if (isNull && defaultValue === undefined) return initStructAt(segment, offset, Class, depthLimit);
  if (isNull && defaultValue !== undefined) copyPointer(defaultValue, segment, offset);
  growStruct(segment, offset, Class._capnp.size);
  return new Class(segment as unknown as Segment, offset, depthLimit);
}

export function initStructAt<T extends Struct>(
  segment: BuildSegment,
  offset: number,
  Class: StructCtor<T>,
  depthLimit?: number,
): T {
  initStructOf(segment, offset, Class._capnp.size);
  return new Class(segment as unknown as Segment, offset, depthLimit);
}

function initStructOf(segment: BuildSegment, offset: number, size: ObjectSize): void {
  erase(segment, offset);
  const dataBytes = padded(size.dataByteLength);
  const bytes = dataBytes + 8 * size.pointerLength;
  const target = segment.roomFor(bytes);
  const content = target.take(bytes);
  const high = structSizes(dataBytes, size.pointerLength);
  link(segment, offset, { segment: target, offset: content, kind: PointerType.STRUCT, high });
}

export function initListAt(
  segment: BuildSegment,
  offset: number,
  element: ListElementSize,
  length: number,
  size?: ObjectSize,
): void {
  checkLength(length);
  const dataBytes = padded(size?.dataByteLength ?? 0);
  const pointers = size?.pointerLength ?? 0;
  const isStructs = element === ListElementSize.COMPOSITE;
  const step = dataBytes + 8 * pointers;
  const bytes = isStructs ? 8 + length * step : padded(Math.ceil((length * (ELEMENT_BITS[element] as number)) / 8));
  if (isStructs) checkLength((length * step) / 8);
  erase(segment, offset);
  const target = segment.roomFor(bytes);
  const content = target.take(bytes);
  if (isStructs) target.setWord(content, length * 4, structSizes(dataBytes, pointers));
  const high = (isStructs ? length * step : length * 8) + element;
  link(segment, offset, { segment: target, offset: content, kind: PointerType.LIST, high });
}

/** Structs of a list that came from an older schema get room for the fields they lack. */
export function growElements(list: Pointer, Class: ListCtor<unknown>): void {
  const size = Class._capnp.compositeSize;
  const segment = toBuild(list);
  if (size === undefined || segment === undefined || segment.isWordZero(list.byteOffset)) return;
  growStructList(segment, list.byteOffset, size);
}

type PointerClass<T> = new (segment: Segment, offset: number, depthLimit?: number) => T;

function pointerObject<T>(Class: PointerClass<T>, index: number, struct: Struct): T {
  const offset = pointerAt(struct, index);
  return new Class(at.segment as unknown as Segment, offset, struct._capnp.depthLimit - 1);
}

function fillDefault(pointer: Pointer, defaultValue: Pointer): void {
  const segment = buildOf(pointer);
  if (segment.isWordZero(pointer.byteOffset)) copyPointer(defaultValue, segment, pointer.byteOffset);
}

/** Only pointers into messages being built come here. */
function buildOf(pointer: Pointer): BuildSegment {
  return pointer.segment as unknown as BuildSegment;
}

function notCapnp(value: unknown): CapnpPayloadError {
  const what = Array.isArray(value) ? 'an array' : ArrayBuffer.isView(value) ? value.constructor.name : typeof value;
  return new CapnpPayloadError(
    'CAPNP_INVALID',
    `${what} is no Cap'n Proto value: fill in what the field's _init method gives, or adopt bytes and typed arrays`,
  );
}

function isElement(): CapnpPayloadError {
  return new CapnpPayloadError('CAPNP_INVALID', 'an element of a list of structs can only be set as a whole');
}
