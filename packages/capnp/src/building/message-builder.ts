// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type List, Message, type Orphan, type Pointer, type Struct, type StructCtor } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import { joinInto } from '../join.js';
import { multiSegmentArena, type Segment } from '../stock.js';
import { toSegments } from '../to-segments.js';
import { adoptedBytes, adoptedList, type TypedArray } from './adopted.js';
import { heapAllocator, type SegmentAllocator } from './allocator.js';
import { BuildSegment, padded } from './build-segment.js';
import { copyPointer } from './copy.js';
import type { ForeignSegment } from './foreign-segment.js';
import { initStructAt, structAt } from './pointer-fields.js';

/** Readers refuse frames of more. */
const MOST_SEGMENTS = 511;

/** Bytes of the frame's header of so many segments. */
const LONGEST_HEADER = 4 + 4 * MOST_SEGMENTS;

/** Adopting leaves this many segments to building. */
const KEPT_FOR_BUILDING = 64;

/** A far pointer's offset has 29 bits, of words. */
const LARGEST_SEGMENT = 2 ** 32 - 8;

/** Options of {@link MessageBuilder}. */
export interface MessageBuilderOptions {
  /** Where memory comes from; {@link heapAllocator} unless given. */
  readonly allocator?: SegmentAllocator;
}

/**
 * A message being built, in memory of an allocator: capnp-es's `Message` to generated classes, and what {@link toSegments}
 * and {@link toZBytes} send without a copy.
 *
 * ```ts
 * const message = new MessageBuilder();
 * const root = message.initRoot(Picture);
 * root.title = 'a large one';
 * root._adoptPixels(message.adoptData(pixels));
 * await publisher.put(toZBytes(message));
 * ```
 *
 * Where it differs from capnp-es's own: fields may be set again; what they led to is zeroed, though its room is not used
 * again. Absent texts, data and lists read as empty, or as their default, and only what has to be written is. Numbers
 * with defaults are right. An index outside a list is refused instead of reaching other fields.
 *
 * | code | when |
 * |---|---|
 * | `CAPNP_LIMIT` | more than 511 segments, an object that Cap'n Proto can't count, an allocator without room, a copy of what is nested too deep |
 * | `CAPNP_INVALID` | an allocator that gives too little, a struct that was disowned, an orphan of another message or adopted before, memory that was detached |
 * | `CAPNP_RANGE` | an index outside a list |
 * | `CAPNP_READ_ONLY` | writing to adopted memory |
 */
export class MessageBuilder extends Message {
  readonly #allocator: SegmentAllocator;
  readonly #segments: BuildSegment[] = [];
  /** Where the next object goes. */
  #current: BuildSegment | undefined;
  /** Bytes that the allocator gave. */
  #allocated = 0;
  /** Places in the table whose adopted memory has left. */
  readonly #vacant: number[] = [];
  #foreign = 0;
  /** Memory before the first segment for the frame's header, when the allocator wants it there. */
  #header: Uint8Array | undefined;

  constructor(options: MessageBuilderOptions = {}) {
    super(multiSegmentArena([]));
    this.#allocator = options.allocator ?? heapAllocator();
    // What is built here is trusted: reading it back costs no budget.
    this._capnp.traversalLimit = Number.POSITIVE_INFINITY;
    this._capnp.segments = this.#segments as unknown as Segment[];
  }

  override getSegment(id: number): Segment {
    return this.segmentAt(id) as unknown as Segment;
  }

  /** @internal The segment, made with a root pointer when it is the first. */
  segmentAt(id: number): BuildSegment {
    const segment = this.#segments[id];
    if (segment !== undefined) return segment;
    if (id === 0) {
      const first = this.#grow(8);
      first.take(8);
      return first;
    }
    throw new CapnpPayloadError('CAPNP_INVALID', `there is no segment ${id}`);
  }

  override allocateSegment(byteLength: number): Segment {
    return this.roomFor(byteLength) as unknown as Segment;
  }

  /** @internal A segment with room for `byteLength` bytes and a landing pad. */
  roomFor(byteLength: number): BuildSegment {
    const wanted = padded(byteLength) + 8;
    if (this.#current?.hasCapacity(wanted)) return this.#current;
    if (this.#segments.length === 0) this.segmentAt(0);
    if (this.#current?.hasCapacity(wanted)) return this.#current;
    return this.#grow(wanted);
  }

  #grow(byteLength: number): BuildSegment {
    if (byteLength > LARGEST_SEGMENT) {
      throw new CapnpPayloadError('CAPNP_LIMIT', `${byteLength} bytes are more than a segment can have`);
    }
    const id = this.#place('the allocator gave too small pieces');
    const { headerBytes = 0, zeroed } = this.#allocator;
    if (!(headerBytes >= 0 && headerBytes <= LONGEST_HEADER && headerBytes % 8 === 0)) {
      throw new CapnpPayloadError(
        'CAPNP_INVALID',
        `headerBytes must be a multiple of 8 up to ${LONGEST_HEADER}, not ${headerBytes}`,
      );
    }
    const kept = this.#allocated === 0 ? headerBytes : 0;
    const given = plainBytes(this.#allocator.allocate(byteLength + kept, this.#allocated));
    const memory = given.subarray(Math.min(kept, given.byteLength));
    const capacity = Math.min(memory.byteLength - (memory.byteLength % 8), LARGEST_SEGMENT);
    if (capacity < byteLength) {
      throw new CapnpPayloadError(
        'CAPNP_INVALID',
        `the allocator gave ${given.byteLength} bytes where ${byteLength + kept} were asked for`,
      );
    }
    if (kept > 0) this.#header = given.subarray(0, kept);
    this.#allocated += capacity;
    const segment = new BuildSegment(id, this, memory.subarray(0, capacity), zeroed ? 0 : capacity);
    this.#put(segment);
    // A large object gets its own segment and leaves the last one, if that has more room, to the next objects.
    const left = this.#current === undefined ? 0 : this.#current.capacity - this.#current.byteLength;
    if (capacity - byteLength >= left) this.#current = segment;
    return segment;
  }

  /** A free place in the table, until the next `put`. */
  #place(why: string): number {
    const id = this.#vacant.at(-1) ?? this.#segments.length;
    if (id < MOST_SEGMENTS) return id;
    throw new CapnpPayloadError('CAPNP_LIMIT', `a message has ${MOST_SEGMENTS} segments at most: ${why}`);
  }

  #put(segment: BuildSegment): void {
    if (segment.id === this.#vacant.at(-1)) this.#vacant.pop();
    this.#segments[segment.id] = segment;
  }

  /** @internal Where the frame's header goes when it has `length` bytes at most; undefined for memory of its own. */
  headerMemory(length: number): Uint8Array | undefined {
    const header = this.#header;
    return header !== undefined && header.byteLength >= length ? header : undefined;
  }

  /** @internal Gives adopted memory a place in the table. */
  enlist(foreign: ForeignSegment): ForeignSegment {
    if (this.#foreign >= MOST_SEGMENTS - KEPT_FOR_BUILDING) {
      throw new CapnpPayloadError(
        'CAPNP_LIMIT',
        `a message adopts ${MOST_SEGMENTS - KEPT_FOR_BUILDING} pieces of memory at most: copy the small ones`,
      );
    }
    const listed = foreign.at(this.#place('too much was adopted'));
    this.#put(listed);
    this.#foreign++;
    return listed;
  }

  /** @internal Adopted memory that no pointer leads to is not sent. */
  delist({ id }: BuildSegment): void {
    this.#foreign--;
    if (id === this.#segments.length - 1) {
      this.#segments.pop();
      return;
    }
    this.#put(new BuildSegment(id, this, new Uint8Array(0), 0));
    this.#vacant.push(id);
  }

  /**
   * Refers to `bytes` as the value of a `Data` field, without copying them: give the result to the field's `_adopt` method,
   * once. The bytes become a segment of their own, wherever they lie.
   *
   * The memory stays the caller's. It must not change, be transferred or be detached until the message was sent and the
   * payload `released`. The message never writes to it: replacing or disowning the field only takes it out again. What is
   * never adopted by a field is not sent.
   *
   * @throws {CapnpPayloadError} `CAPNP_LIMIT` for 512 MiB or more; `_adopt` throws it beyond 447 such pieces.
   */
  adoptData(bytes: ArrayBufferView | ArrayBufferLike): Orphan<Data> {
    return adoptedBytes(this, bytes);
  }

  /**
   * As {@link adoptData}, for a list of numbers: `Float64Array` for a `List(Float64)`, `Uint16Array` for a `List(UInt16)` or
   * one of enums, and so on. The elements lie as they are sent on little-endian machines, which is all that run this.
   *
   * @throws {CapnpPayloadError} `CAPNP_LIMIT` for 2^29 elements or more.
   */
  adoptList(numbers: BigInt64Array | BigUint64Array): Orphan<List<bigint>>;
  adoptList(numbers: Exclude<TypedArray, BigInt64Array | BigUint64Array>): Orphan<List<number>>;
  adoptList(numbers: TypedArray): Orphan<List<bigint>> | Orphan<List<number>> {
    return adoptedList(this, numbers);
  }

  /** The root struct, made anew; what was there is zeroed. */
  override initRoot<T extends Struct>(Root: StructCtor<T>): T {
    return initStructAt(this.segmentAt(0), 0, Root);
  }

  /** The root struct; made when there is none, and made larger when it is of an older schema. */
  override getRoot<T extends Struct>(Root: StructCtor<T>): T {
    return structAt(this.segmentAt(0), 0, Root);
  }

  /**
   * Makes the root a deep copy of what a pointer of any message leads to.
   *
   * @throws {CapnpPayloadError} `CAPNP_INVALID` and `CAPNP_LIMIT` for what can't be read.
   */
  override setRoot(source: Pointer): void {
    copyPointer(source, this.segmentAt(0), 0);
  }

  /** A message of its own with the same segments, on the heap; adopted memory is copied too. */
  override copy(): MessageBuilder {
    this.segmentAt(0);
    const copy = new MessageBuilder();
    for (const { id } of this.#segments) {
      const memory = this.#bytes(id);
      const segment = new BuildSegment(id, copy, memory, 0);
      segment.byteLength = memory.byteLength;
      copy.#put(segment);
    }
    return copy;
  }

  /** The segments joined, in the standard stream framing. Copies all: {@link toSegments} does not. */
  override toArrayBuffer(): ArrayBuffer {
    const segments = toSegments(this);
    const length = segments.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return joinInto(new Uint8Array(length), segments).buffer;
  }

  /** The segments joined and packed. Copies all. */
  override toPackedArrayBuffer(): ArrayBuffer {
    return this.#stock().toPackedArrayBuffer();
  }

  override dump(): string {
    return this.#stock().dump();
  }

  /** capnp-es's message of copied segments, for its slow ways. */
  #stock(): Message {
    this.segmentAt(0);
    return new Message(multiSegmentArena(this.#segments.map(({ id }) => this.#bytes(id).buffer)));
  }

  #bytes(id: number): Uint8Array<ArrayBuffer> {
    const segment = this.segmentAt(id);
    return joinInto(new Uint8Array(segment.byteLength), segment.parts());
  }
}

/** What an allocator gave, without the methods of a `Buffer`, whose `slice` does not copy. */
function plainBytes(given: unknown): Uint8Array {
  if (given instanceof Uint8Array) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  throw new CapnpPayloadError('CAPNP_INVALID', 'an allocator must give Uint8Arrays');
}
