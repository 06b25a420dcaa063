// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import { Message, type Struct, type StructCtor, utils } from 'capnp-es';
import { asInvalid, CapnpPayloadError } from '../errors.js';
import type { FrameSegment } from '../frame.js';
import { type ResolvedLimits, traversalBudget } from '../limits.js';
import { Segment } from '../stock.js';
import { ReadState } from './read-state.js';
import { ReceivedSegment } from './received-segment.js';

/** The least that is allocated at once for what reading fills in. */
const SCRATCH_BYTES = 1024;

/** capnp-es's message over received memory: bounded, and read in place. */
export class ReceivedMessage extends Message {
  readonly #limits: ResolvedLimits;
  readonly #state: ReadState;
  #scratch: Segment | undefined;
  #scratchBytes = 0;

  constructor(payload: ZBytes, frame: readonly FrameSegment[], limits: ResolvedLimits) {
    super(multiSegmentArena([]));
    this.#limits = limits;
    const segments = frame.map((place, id) => this.#open(payload, place, id));
    const budget = traversalBudget(limits, payload.length);
    this.#state = new ReadState(this._capnp.arena, segments, budget);
    Object.assign(this, { _capnp: this.#state });
  }

  /** The root struct, at the start of a new traversal budget; the depth is counted from here. */
  override getRoot<T extends Struct>(Root: StructCtor<T>): T {
    this.#state.restart();
    try {
      const root = super.getRoot(Root);
      const { segment, byteOffset } = utils.getContent(root);
      const { dataByteLength, pointerLength } = utils.getSize(root);
      if (byteOffset + dataByteLength + 8 * pointerLength > segment.byteLength) {
        throw new CapnpPayloadError('CAPNP_INVALID', 'the root struct leaves its segment');
      }
      root._capnp.depthLimit = this.#limits.depth;
      return root;
    } catch (cause) {
      throw asInvalid('the root pointer does not lead to a struct', cause);
    }
  }

  override getSegment(id: number): Segment {
    const segment = this.#state.segments[id];
    if (segment !== undefined) return segment;
    throw new CapnpPayloadError('CAPNP_INVALID', `a far pointer leads to segment ${id}, which is not there`);
  }

  /** Memory for what reading fills in: one segment after another, each twice the last, all together bounded. */
  override allocateSegment(byteLength: number): Segment {
    if (this.#scratch?.hasCapacity(byteLength)) return this.#scratch;
    const size = Math.max(byteLength, SCRATCH_BYTES, 2 * (this.#scratch?.getCapacity() ?? 0));
    if (this.#scratchBytes + size > this.#limits.maxBytes) {
      throw new CapnpPayloadError(
        'CAPNP_LIMIT',
        `reading would allocate more than ${this.#limits.maxBytes} bytes for absent or older structs`,
      );
    }
    this.#scratch = new Segment(this.#state.segments.length, this, new ArrayBuffer(size));
    this.#scratchBytes += size;
    this.#state.segments.push(this.#scratch);
    return this.#scratch;
  }

  /** A message of its own, in private memory, that may be written. */
  override copy(): Message {
    return new Message(multiSegmentArena(this.#state.segments.map(privateCopy)));
  }

  #open(payload: ZBytes, place: FrameSegment, id: number): Segment {
    const { ledger } = payload;
    const copied = ledger.copied;
    const bytes = payload.range(place.start, place.end);
    // A gathered range is new memory that only this message refers to.
    const isPrivate = ledger.copied !== copied && bytes.byteLength === bytes.buffer.byteLength;
    return new ReceivedSegment(id, this, bytes, isPrivate, ledger) as unknown as Segment;
  }
}

/** capnp-es does not export its arenas, but takes anything of their shape. */
function multiSegmentArena(buffers: ArrayBuffer[]): Message['_capnp']['arena'] {
  return { kind: 1, buffers };
}

function privateCopy(segment: Segment): ArrayBuffer {
  const received: unknown = segment;
  const bytes =
    received instanceof ReceivedSegment ? received.bytes : new Uint8Array(segment.buffer, 0, segment.byteLength);
  return new Uint8Array(bytes).buffer;
}
