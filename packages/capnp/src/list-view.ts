// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import * as capnp from 'capnp-es';
import { invalid } from './errors.js';
import { listPlace } from './reading/list-place.js';
import { alignedViewOf, readSegment } from './reading/read-segment.js';

/** capnp-es's lists of numbers, and the typed array of each. */
const ARRAYS = [
  [capnp.Int8List, Int8Array],
  [capnp.Int16List, Int16Array],
  [capnp.Int32List, Int32Array],
  [capnp.Int64List, BigInt64Array],
  [capnp.Uint8List, Uint8Array],
  [capnp.Uint16List, Uint16Array],
  [capnp.Uint32List, Uint32Array],
  [capnp.Uint64List, BigUint64Array],
  [capnp.Float32List, Float32Array],
  [capnp.Float64List, Float64Array],
] as const;

type NumberArrayClass = (typeof ARRAYS)[number][1];

/**
 * A list of numbers of a received message as a typed array of its type: `listView(root.spectrum, Float64Array)`; an
 * enum's list as `Uint16Array`. It is a view of received memory, to be treated as read-only, where the list lies aligned
 * for its elements within one slice. Otherwise one copy of just the list, counted in the payload's ledger as
 * `misaligned` or `gather`; for a list whose elements a newer sender made longer, as `convert`. Far faster than element
 * by element either way.
 *
 * Elements are in the machine's byte order, which is little-endian wherever Node and browsers run, like Cap'n Proto's.
 *
 * @throws {CapnpPayloadError} `CAPNP_INVALID` for a list of another type, or not of a received message, and for a
 * pointer that leads to no such list.
 */
export function listView<C extends NumberArrayClass>(
  list: capnp.List<number> | capnp.List<bigint>,
  Numbers: C,
): InstanceType<C> {
  const segment = readSegment(list.segment);
  if (segment === undefined) throw invalid('listView takes lists of received messages');
  const own = ARRAYS.find(([List]) => list instanceof List)?.[1];
  if (own !== Numbers) throw notSuch(own?.name, Numbers.name);
  const place = listPlace(list as capnp.List<unknown>);
  const { length, offset, step } = place;
  const size = Numbers.BYTES_PER_ELEMENT;
  if (length === 0) return new Numbers(0) as InstanceType<C>;
  if (step !== size) {
    segment.state.payload.ledger.count('convert', length * size);
    return new Numbers(list.toArray() as never) as InstanceType<C>;
  }
  const { buffer, byteOffset } = alignedViewOf(place.segment, offset, length * size, size);
  return new Numbers(buffer as ArrayBuffer, byteOffset, length) as InstanceType<C>;
}

function notSuch(own: string | undefined, asked: string): Error {
  if (own === undefined) return invalid('only lists of numbers can be viewed as typed arrays');
  return invalid(`the list is to be viewed as ${own}, not as ${asked}`);
}
