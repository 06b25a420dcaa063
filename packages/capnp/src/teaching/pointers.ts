// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import * as capnp from 'capnp-es';
import { BuildSegment } from '../building/build-segment.js';
import { ReadSegment } from '../reading/read-segment.js';

/**
 * Makes the pointer objects of capnp-es cheap, as each field that is followed makes one: 0.0.16 spends most of its time
 * in a constructor that defines fields one by one, and wraps each list in a `Proxy`, by which every access goes.
 *
 * A class's constructor calls whatever its class inherits from at that moment: it inherits from ours instead.
 */
export function teachPointers(): void {
  Object.setPrototypeOf(PlainPointer, capnp.Pointer);
  Object.setPrototypeOf(capnp.Struct, PlainPointer);
  Object.setPrototypeOf(PlainList, capnp.List);
  // Only what a list does not have comes to the proxy now: elements by `list[index]`.
  const behind = Object.getPrototypeOf(capnp.List.prototype);
  Object.setPrototypeOf(capnp.List.prototype, new Proxy(Object.create(behind), { get: element, set: setElement }));
  for (const Class of Object.values(capnp)) {
    if (typeof Class === 'function' && Object.getPrototypeOf(Class) === capnp.List) teachListConstructor(Class);
  }
}

/** Makes a class of lists, which inherits from capnp-es's `List`, construct its objects without a proxy around each. */
export function teachListConstructor(Class: object): void {
  if (Object.getPrototypeOf(Class) === capnp.List) Object.setPrototypeOf(Class, PlainList);
}

/** What capnp-es's lists answer for a property that they do not have: an element, by its index. */
function element(behind: object, name: string | symbol, list: capnp.List<unknown>): unknown {
  const value = Reflect.get(behind, name, list);
  if (value !== undefined || typeof name !== 'string' || !isIndex(name)) return value;
  return list.get(Number(name));
}

/** `list[index] = value` on a message of ours is `list.set(index, value)`; capnp-es would keep the value to itself. */
function setElement(behind: object, name: string | symbol, value: unknown, list: capnp.List<unknown>): boolean {
  if (typeof name !== 'string' || !isIndex(name) || !isOurs(list.segment))
    return Reflect.set(behind, name, value, list);
  list.set(Number(name), value);
  return true;
}

function isIndex(name: string): boolean {
  return String(Number(name)) === name && name !== 'NaN';
}

function isOurs(segment: unknown): boolean {
  return segment instanceof ReadSegment || segment instanceof BuildSegment;
}

interface Built {
  _capnp: object;
  byteOffset: number;
  segment: unknown;
}

/** capnp-es's default: none to speak of. */
const DEEPEST = 0x7fffffff;

/** In place of capnp-es's `Pointer`: the same object. (A class can't be called upon an object that exists.) */
function PlainPointer(this: Built, segment: capnp.Pointer['segment'], byteOffset: number, depthLimit = DEEPEST): void {
  if (!(depthLimit >= 1 && byteOffset >= 0 && byteOffset <= segment.byteLength)) {
    // It has the texts of these errors.
    new capnp.Pointer(segment, byteOffset, depthLimit);
  }
  this._capnp = { compositeList: false, depthLimit, compositeIndex: undefined, place: undefined };
  this.byteOffset = byteOffset;
  this.segment = segment;
  if (!((segment as unknown) instanceof ReadSegment)) {
    capnp.utils.trackPointerAllocation(segment.message, this as unknown as capnp.Pointer);
  }
}

/** In place of capnp-es's `List`, which is a `Pointer` but for the proxy. */
function PlainList(this: Built, segment: capnp.Pointer['segment'], byteOffset: number, depthLimit?: number): void {
  PlainPointer.call(this, segment, byteOffset, depthLimit);
}
