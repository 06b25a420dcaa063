// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { SegmentError } from '../errors.js';
import { coalesce } from './coalesce.js';
import type { Ledger } from './ledger.js';
import { bytesOf, concat, isBuffer, isShared, type Segment } from './segment-list.js';

/**
 * What `ZBytes.fromSegments` does with the memory it is given.
 *
 * | mode | bytes copied | the caller may write again | the caller may detach, transfer or resize |
 * |---|---|---|---|
 * | `retain` (default) | 0, or one counted copy of what zenoh still holds after `put` (`held`) and of shared memory (`unstable-memory`) | after `released` | any time: a local receiver then sees a detached view, and a put that still waits for its turn is rejected with `BUFFER_DETACHED` |
 * | `transfer` | 0; the source ArrayBuffers are detached at once | never: the memory is not reachable | never |
 * | `copy` | 1, counted as `copy` | at once | at once |
 */
export type Ownership = 'retain' | 'transfer' | 'copy';

/** Applies an ownership mode: the result is what the payload is made of. Empty segments vanish, as they do in zenoh. */
export function takeSegments(
  segments: Iterable<Segment>,
  ownership: Ownership,
  ledger: Ledger,
  coalesceBelow = 0,
): Uint8Array[] {
  const joined = (parts: Uint8Array[]) => (coalesceBelow > 0 ? coalesce(parts, coalesceBelow, ledger) : parts);
  const views: Uint8Array[] = [];
  let index = 0;
  if (typeof (segments as Partial<Iterable<Segment>> | null)?.[Symbol.iterator] !== 'function') {
    throw new SegmentError('INVALID_ARGUMENT', 'segments must be an iterable of buffers');
  }
  let unstable = false;
  for (const segment of segments) {
    if (isFixed(segment)) views.push(segment);
    else {
      const view = attached(segment, index);
      if (view.byteLength > 0) views.push(view);
      unstable ||= isShared(view.buffer);
    }
    index++;
  }
  // Consuming the rest of an iterable may have detached what came before.
  views.forEach((view, at) => {
    if (view.byteLength === 0) throw new SegmentError('BUFFER_DETACHED', `segment ${at} was detached meanwhile`, at);
  });
  switch (ownership) {
    case 'retain': {
      const parts = joined(views);
      return unstable ? parts.map((view) => (isShared(view.buffer) ? retainShared(view, ledger) : view)) : parts;
    }
    case 'copy':
      return joined(copyAll(views, ledger));
    case 'transfer':
      return joined(transferAll(views));
    default:
      throw new SegmentError(
        'INVALID_ARGUMENT',
        `ownership must be retain, transfer or copy, not ${String(ownership)}`,
      );
  }
}

/** Most segments: what is seen of them now is theirs for as long as they are not detached, and changes on no other thread. */
function isFixed(segment: Segment): segment is Uint8Array {
  if (!(segment instanceof Uint8Array) || segment.byteLength === 0) return false;
  const { buffer } = segment;
  return buffer instanceof ArrayBuffer && !isResizable(buffer);
}

/**
 * A view of any segment; one of a detached buffer is refused, which an empty one may be. Of a resizable buffer, the view keeps
 * the length that it has now: a payload has one length, wherever it waits.
 */
function attached(segment: Segment, index: number): Uint8Array {
  const buffer = ArrayBuffer.isView(segment) ? segment.buffer : segment;
  if (isBuffer(buffer) && isDetached(buffer)) {
    throw new SegmentError('BUFFER_DETACHED', `segment ${index} is over a detached ArrayBuffer`, index);
  }
  if (!(isBuffer(buffer) && isResizable(buffer))) return bytesOf(segment, index);
  if (ArrayBuffer.isView(segment) && isOutside(segment)) {
    throw new SegmentError('BUFFER_DETACHED', `segment ${index} is beyond the end of its resized ArrayBuffer`, index);
  }
  const { byteOffset, byteLength } = bytesOf(segment, index);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Whether a buffer, of any realm, can become longer or shorter. */
export function isResizable(buffer: ArrayBufferLike): boolean {
  return (buffer as { resizable?: boolean }).resizable === true;
}

/** Whether a view is beyond the end of its buffer: it then says that it is empty, as others are, and throws when it is used. */
function isOutside(view: ArrayBufferView): boolean {
  const use = () => ('at' in view ? (view as Uint8Array).at(0) : view.byteLength);
  try {
    use();
    return false;
  } catch {
    return true;
  }
}

/** Whether an ArrayBuffer has been detached; Node 20 lacks the `detached` getter, so an impossible view is tried. */
export function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return false;
  if (isShared(buffer)) return false;
  const known = (buffer as { detached?: boolean }).detached;
  if (known !== undefined) return known;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    // Nothing else makes a view of a buffer of length 0 fail; the error's class may be another realm's.
    return true;
  }
}

/** Shared memory can change while zenoh reads it, on any thread: it is copied before anything else sees it. */
function retainShared(view: Uint8Array, ledger: Ledger): Uint8Array {
  ledger.count('unstable-memory', view.byteLength);
  const own = new Uint8Array(view.byteLength);
  own.set(view);
  return own;
}

function copyAll(views: readonly Uint8Array[], ledger: Ledger): Uint8Array[] {
  let length = 0;
  for (const view of views) length += view.byteLength;
  const joined = concat(views, new Uint8Array(length));
  ledger.count('copy', length);
  let at = 0;
  return views.map((view) => {
    const start = at;
    at += view.byteLength;
    return joined.subarray(start, at);
  });
}

/**
 * Moves each distinct ArrayBuffer once, and rebuilds the views over the moved one.
 *
 * All are checked before the first is moved, so a refused list leaves every source as it was, with one exception: memory
 * that only the move itself reveals as immovable (pooled Buffers, WebAssembly memory).
 */
function transferAll(views: readonly Uint8Array[]): Uint8Array[] {
  views.forEach((view, index) => {
    if (isShared(view.buffer)) throw unsupported('shared memory', index);
    if (isPooled(view)) throw unsupported('a pooled Buffer, which shares its ArrayBuffer with others,', index);
  });
  const moved = new Map<ArrayBufferLike, ArrayBuffer>();
  // Read before the first move: the move empties every view of its buffer.
  const places = views.map(({ buffer, byteOffset, byteLength }) => ({ buffer, byteOffset, byteLength }));
  return places.map(({ buffer, byteOffset, byteLength }, index) => {
    let target = moved.get(buffer);
    if (target === undefined) {
      target = move(buffer as ArrayBuffer, index);
      moved.set(buffer, target);
    }
    return new Uint8Array(target, byteOffset, byteLength);
  });
}

const IMMOVABLE = 'memory that can not be detached (owned by native code, or WebAssembly)';

function move(buffer: ArrayBuffer, index: number): ArrayBuffer {
  let moved: ArrayBuffer;
  try {
    moved = structuredClone(buffer, { transfer: [buffer] });
  } catch (cause) {
    throw unsupported(IMMOVABLE, index, cause);
  }
  // Node 20 clones a buffer marked untransferable instead of refusing it.
  if (!isDetached(buffer)) throw unsupported(IMMOVABLE, index);
  return moved;
}

/** A Buffer that covers part of its ArrayBuffer only: Node's pool, whose other tenants a move would detach. */
function isPooled(view: Uint8Array): boolean {
  return typeof Buffer !== 'undefined' && Buffer.isBuffer(view) && view.byteLength < view.buffer.byteLength;
}

function unsupported(what: string, index: number, cause?: unknown): SegmentError {
  const error = new SegmentError(
    'BUFFER_UNSUPPORTED',
    `${what} can't be transferred (segment ${index}); use ownership 'retain' or 'copy'`,
    index,
  );
  if (cause !== undefined) error.cause = cause;
  return error;
}
