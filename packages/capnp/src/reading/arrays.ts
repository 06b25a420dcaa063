// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type List, type ListCtor, ListElementSize, VoidList } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import { listPlace } from './list-place.js';
import { stateOf } from './read-segment.js';

/** What an array of JavaScript may take, beyond 16 times the payload. */
const ENOUGH = 64 * 1024 * 1024;
/** An element of an array, in bytes: a value, and an object with what it refers to. */
const VALUE = 8;
const OBJECT = 200;

/**
 * Whether all elements of a list may be made into one array: a bit becomes 8 bytes there, and a struct 200, whatever the
 * sender's elements are.
 *
 * @throws {CapnpPayloadError} `CAPNP_LIMIT` for an array of more than 64 MiB plus 16 times the payload
 */
export function checkArray(list: List<unknown>): void {
  const { segment, length } = listPlace(list);
  const { payload } = stateOf(segment);
  // `instanceof` would ask the proxy behind all lists.
  const Class: unknown = list.constructor;
  const isObjects = Class === VoidList || (Class as ListCtor<unknown>)._capnp.size === ListElementSize.COMPOSITE;
  if (length * (isObjects ? OBJECT : VALUE) <= ENOUGH + 16 * payload.length) return;
  throw new CapnpPayloadError(
    'CAPNP_LIMIT',
    `an array of ${length} elements would take far more memory than the message: iterate, or use listView`,
  );
}
