// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Data, List } from 'capnp-es';
import { invalid } from './errors.js';
import { listPlace } from './reading/list-place.js';
import { readSegment } from './reading/read-segment.js';

/**
 * The bytes of a received `Data` as views of received memory, in order: one, or as many as the network's slices cut it
 * into. Never a copy, while `toUint8Array()` has to gather what is cut. Treat them as read-only.
 *
 * @throws {CapnpPayloadError} `CAPNP_INVALID` for data that is not of a received message, or a pointer to no data.
 */
export function dataSegments(data: Data): Uint8Array[] {
  if (readSegment(data.segment) === undefined) throw invalid('dataSegments takes data of received messages');
  const { segment, offset, length } = listPlace(data as unknown as List<unknown>);
  return readSegment(segment)?.slices(offset, length) ?? [];
}
