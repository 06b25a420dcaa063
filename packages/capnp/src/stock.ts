// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Message } from 'capnp-es';
import { CapnpPayloadError } from './errors.js';

/** capnp-es's segment, a class that it does not export. */
export type Segment = ReturnType<Message['getSegment']>;

/** What {@link Segment} is made with: memory of which the first `byteLength` bytes are in use. */
export type SegmentClass = new (id: number, message: Message, buffer: ArrayBuffer, byteLength?: number) => Segment;

export const Segment: SegmentClass = segmentClass();

/**
 * capnp-es's segment without its constructor, which would make `buffer` a property of each instance that no accessor
 * can stand in for. (Redefining that property instead makes each read five times slower.)
 */
function Unbuilt(): void {}
Unbuilt.prototype = Segment.prototype;
export const UnbuiltSegment = Unbuilt as unknown as new () => object;

/** capnp-es does not export its arenas, but takes anything of their shape. */
export function multiSegmentArena(buffers: ArrayBuffer[]): Message['_capnp']['arena'] {
  return { kind: 1, buffers };
}

function segmentClass(): SegmentClass {
  const known = new Message().getSegment?.(0)?.constructor;
  if (typeof known === 'function' && known !== Object) return known as SegmentClass;
  throw wrongRuntime('its messages have no segments');
}

/** The error for a capnp-es whose internals are not those of the version this package names. */
export function wrongRuntime(what: string, cause?: unknown): CapnpPayloadError {
  const options = cause === undefined ? undefined : { cause };
  return new CapnpPayloadError(
    'CAPNP_RUNTIME',
    `the installed capnp-es does not work as version 0.0.16 does, which this package needs: ${what}`,
    options,
  );
}
