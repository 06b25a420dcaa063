// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Pointer, utils } from 'capnp-es';
import { BuildSegment } from '../building/build-segment.js';
import { ReadSegment } from '../reading/read-segment.js';

/** A function or method of capnp-es; they take five arguments at most. */
// biome-ignore lint/suspicious/noExplicitAny: capnp-es's functions are of many types, and are replaced by name
export type Function5 = (this: any, a?: any, b?: any, c?: any, d?: any, e?: any) => any;

/** What stands in for something of capnp-es, by the message that a pointer is in; what is not given stays as it was. */
export interface StandIns {
  /** In messages that were received. */
  readonly reading?: Function5 | undefined;
  /** In messages that are being built by a `MessageBuilder`. */
  readonly building?: Function5 | undefined;
}

/** Makes `utils[name]`, which generated classes call, do what fits the pointer that is its argument `index`. */
export function teachFunction(name: string, index: number, standIns: StandIns): void {
  const functions = utils as unknown as Record<string, Function5>;
  const stock = functions[name];
  if (typeof stock !== 'function') throw new TypeError(`utils.${name} is not there`);
  const { reading = stock, building = stock } = standIns;
  functions[name] = (DISPATCHERS[index] as (typeof DISPATCHERS)[number])(reading, building, stock);
}

/** One for each position: rest parameters would cost as much again as most of these functions. */
const DISPATCHERS: ReadonlyArray<(reading: Function5, building: Function5, stock: Function5) => Function5> = [
  (reading, building, stock) => (a, b, c, d, e) => choose(a, reading, building, stock)(a, b, c, d, e),
  (reading, building, stock) => (a, b, c, d, e) => choose(b, reading, building, stock)(a, b, c, d, e),
  (reading, building, stock) => (a, b, c, d, e) => choose(c, reading, building, stock)(a, b, c, d, e),
  (reading, building, stock) => (a, b, c, d, e) => choose(d, reading, building, stock)(a, b, c, d, e),
];

/** Makes a method of capnp-es's pointers do what fits its `this`. */
export function teachMethod(prototype: object, name: string, standIns: StandIns): void {
  const stock = (prototype as Record<string, Function5>)[name];
  if (typeof stock !== 'function') throw new TypeError(`the method ${name} is not there`);
  const { reading = stock, building = stock } = standIns;
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value(this: Pointer, a: unknown, b: unknown) {
      return choose(this, reading, building, stock).call(this, a, b);
    },
  });
}

/** As {@link teachMethod}, for a property that is computed. */
export function teachGetter(prototype: object, name: string, standIns: StandIns): void {
  const stock = Object.getOwnPropertyDescriptor(prototype, name)?.get as Function5 | undefined;
  if (stock === undefined) throw new TypeError(`the property ${name} is not there`);
  const { reading = stock, building = stock } = standIns;
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: Pointer) {
      return choose(this, reading, building, stock).call(this);
    },
  });
}

function choose(pointer: Pointer, reading: Function5, building: Function5, stock: Function5): Function5 {
  const segment: unknown = pointer.segment;
  if (segment instanceof ReadSegment) return reading;
  return segment instanceof BuildSegment ? building : stock;
}
