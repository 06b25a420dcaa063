// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from '../errors.js';
import { Ledger } from '../zbytes/ledger.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import { call } from './load.js';
import { overRegions } from './regions.js';

/**
 * What goes through `postMessage` instead of a payload: a ticket for one {@link takeOver} in the same process. A plain
 * object, so that it can be a part of any message.
 */
export interface HandOver {
  readonly zenohSegmentsHandOver: number;
}

/**
 * Hands a payload over to another thread of this process: post the result, and give it to {@link takeOver} there.
 *
 * Node can not transfer ArrayBuffers over native memory (up to Node 20 `postMessage` copies them without a word, from 21
 * it throws), so this is the one way to pass a received payload on. Native memory (received, `alloc`, shared memory) goes
 * by reference: both threads then see the same bytes, and neither should write. Memory of the JavaScript heap is copied
 * once, counted in the payload's ledger as `hand-over`. Segments keep their borders. The payload itself stays usable.
 *
 * A payload that waits is pinned until it is taken over, or until the thread that handed it over ends. To give up, take it
 * over yourself. A worker must not end before its last payload was taken over: let it wait for an answer.
 *
 * @throws {CoreError} `HAND_OVER_FULL` when 1024 payloads or 1 GiB of this thread wait already, `PAYLOAD_DISPOSED`
 * @throws {SegmentError} `BUFFER_DETACHED`
 */
export function handOver(payload: ZBytes): HandOver {
  const segments = payload.segments();
  const [token, copied] = call((native) => native.handOver(segments));
  payload.ledger.count('hand-over', copied);
  return { zenohSegmentsHandOver: token };
}

/**
 * The payload that another thread of this process handed over: views of the very same native memory, without a copy (where
 * the runtime forbids such views, one copy, counted as `external-buffers-forbidden`). Works once for each hand-over.
 *
 * @throws {CoreError} `HAND_OVER_UNKNOWN` when it was taken over already, when the thread that handed it over has ended,
 * or when it came from another process or another copy of this package; `INVALID_ARGUMENT` for anything but a hand-over
 */
export function takeOver(ticket: HandOver): ZBytes {
  const token = (ticket as Partial<HandOver> | null | undefined)?.zenohSegmentsHandOver;
  if (!Number.isSafeInteger(token) || (token as number) < 0) {
    throw new CoreError('INVALID_ARGUMENT', 'takeOver wants what handOver returned');
  }
  const [buffers, regions, views] = call((native) => native.takeOver(token as number));
  const segments: Uint8Array[] = [];
  for (let at = 0; at < views.length; at += 3) {
    const buffer = buffers[views[at] as number] as ArrayBuffer;
    segments.push(new Uint8Array(buffer, views[at + 1], views[at + 2]));
  }
  return overRegions(segments, buffers, regions, new Ledger());
}
