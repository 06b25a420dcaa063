// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Message } from 'capnp-es';
import { CapnpPayloadError } from './errors.js';

/** capnp-es's segment, a class that it does not export. */
export type Segment = ReturnType<Message['getSegment']>;

/** What {@link Segment} is made with: memory of which the first `byteLength` bytes are in use. */
export type SegmentClass = new (id: number, message: Message, buffer: ArrayBuffer, byteLength?: number) => Segment;

export const Segment: SegmentClass = segmentClass();

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
