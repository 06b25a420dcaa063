// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { markAsUntransferable } from 'node:worker_threads';
import { CongestionControl, type Priority, Reliability, ReplyKeyExpr, SampleKind } from '../enums.js';
import { Query } from '../query.js';
import { Reply, ReplyError } from '../reply.js';
import { Sample } from '../sample.js';
import { EntityGlobalId, SourceInfo } from '../source-info.js';
import { Ledger } from '../zbytes/ledger.js';
import { payloadAccess, type ZBytes } from '../zbytes/zbytes.js';
import { ZenohId } from '../zenoh-id.js';
import type { QueryHandle, RawBatch, SlicedHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import type { Puts } from './puts.js';
import { NativeQuery } from './query.js';
import { overRegions } from './regions.js';
import { overSlices } from './sliced.js';

// The layout that batch.rs writes: key, encoding, flags, time or parameters, two words each for payload and attachment;
// then, where a flag says so, six for the source, five for the replier and one for the timestamp stack.
const WORDS = 8;
const MODE_REGIONS = 1;
const MODE_LOCAL = 2;
const MODE_SLICED = 3;
const KIND_SAMPLE = 0;
const KIND_REPLY = 1;
const KIND_REPLY_ERROR = 2;
const HAS_SOURCE = 1 << 18;
const HAS_REPLIER = 1 << 19;
const HAS_STACK = 1 << 20;
const SOURCE_WORDS = 6;
const REPLIER_WORDS = 5;
const NO_STRING = 0xffffffff;

/** Builds what came in one crossing of the border; copies are counted in `ledger`, the inbox's. */
export function readBatch(raw: RawBatch, ledger: Ledger, puts: Puts | undefined): (Sample | Reply | Query)[] {
  const items: (Sample | Reply | Query)[] = [];
  const [words, , slabs] = raw;
  // Whoever transferred one small payload would take its neighbours along, as with Node's own pool of Buffers.
  for (const slab of slabs) markAsUntransferable(slab);
  let queries = 0;
  for (let at = 0; at < words.length; ) {
    const arrival = new Arrival(raw, at, ledger);
    at += arrival.size;
    switch (arrival.kind) {
      case KIND_SAMPLE:
        items.push(arrival.sample());
        break;
      case KIND_REPLY:
        items.push(new Reply(arrival.sample(), arrival.replier()));
        break;
      case KIND_REPLY_ERROR:
        items.push(new Reply(arrival.error(), arrival.replier()));
        break;
      default:
        items.push(arrival.query(new NativeQuery(raw[5][queries++] as QueryHandle, puts as Puts)));
    }
  }
  return items;
}

/** One arrival of a batch. */
class Arrival {
  readonly #raw: RawBatch;
  readonly #at: number;
  readonly #flags: number;
  readonly #bytes: Bytes;

  constructor(raw: RawBatch, at: number, ledger: Ledger) {
    this.#raw = raw;
    this.#at = at;
    this.#flags = this.#word(2);
    this.#bytes = readBytes(raw, this.#flags, at + 4, ledger);
  }

  get kind(): number {
    return (this.#flags >> 16) & 3;
  }

  /** In words. */
  get size(): number {
    return this.#stackAt + (this.#flags & HAS_STACK ? 1 : 0);
  }

  get #stackAt(): number {
    return this.#places + (this.#flags & HAS_REPLIER ? REPLIER_WORDS : 0);
  }

  #stack(): string | undefined {
    return this.#flags & HAS_STACK ? this.#text(this.#stackAt) : undefined;
  }

  get #places(): number {
    return this.#flags & HAS_SOURCE ? WORDS + SOURCE_WORDS : WORDS;
  }

  #source(): SourceInfo | undefined {
    if ((this.#flags & HAS_SOURCE) === 0) return undefined;
    return new SourceInfo(this.#id(WORDS), this.#word(WORDS + SOURCE_WORDS - 1));
  }

  replier(): EntityGlobalId | undefined {
    return this.#flags & HAS_REPLIER ? this.#id(this.#places) : undefined;
  }

  #id(index: number): EntityGlobalId {
    const zid = new DataView(new ArrayBuffer(16));
    for (let i = 0; i < 4; i++) zid.setUint32(4 * i, this.#word(index + i), true);
    return new EntityGlobalId(new ZenohId(new Uint8Array(zid.buffer)), this.#word(index + 4));
  }

  #word(index: number): number {
    return this.#raw[0][this.#at + index] as number;
  }

  #text(index: number): string | undefined {
    const place = this.#word(index);
    return place === NO_STRING ? undefined : this.#raw[1][place];
  }

  sample(): Sample {
    const flags = this.#flags;
    return new Sample({
      keyExpr: this.#text(0) as string,
      encoding: this.#text(1) as string,
      timestamp: this.#text(3),
      kind: flags & 1 ? SampleKind.DELETE : SampleKind.PUT,
      express: (flags & 2) !== 0,
      congestionControl: congestionOf(flags),
      reliability: flags & 8 ? Reliability.RELIABLE : Reliability.BEST_EFFORT,
      priority: ((flags >> 4) & 7) as Priority,
      isShm: (flags & 512) !== 0,
      payload: this.#bytes.payload as ZBytes,
      attachment: this.#bytes.attachment,
      sourceInfo: this.#source(),
      timestampStack: this.#stack(),
    });
  }

  error(): ReplyError {
    return new ReplyError(this.#bytes.payload as ZBytes, this.#text(1) as string);
  }

  query(backend: NativeQuery): Query {
    const flags = this.#flags;
    return new Query(backend, {
      keyExpr: this.#text(0) as string,
      parameters: this.#text(3) as string,
      encoding: this.#text(1),
      acceptsReplies: flags & 2048 ? ReplyKeyExpr.ANY : ReplyKeyExpr.MATCHING_QUERY,
      payload: this.#bytes.payload,
      attachment: this.#bytes.attachment,
      express: (flags & 2) !== 0,
      congestionControl: congestionOf(flags),
      priority: ((flags >> 4) & 7) as Priority,
      sourceInfo: this.#source(),
      timestampStack: this.#stack(),
    });
  }
}

function congestionOf(flags: number): CongestionControl {
  if (flags & 128) return CongestionControl.BLOCK_FIRST;
  return flags & 4 ? CongestionControl.BLOCK : CongestionControl.DROP;
}

interface Bytes {
  readonly payload: ZBytes | undefined;
  readonly attachment: ZBytes | undefined;
}

function readBytes(raw: RawBatch, flags: number, at: number, ledger: Ledger): Bytes {
  const place = (has: number, mode: number, first: number, side: 'payload' | 'attachment') =>
    flags & has ? placed(raw, mode & 3, raw[0][first] as number, raw[0][first + 1] as number, side, ledger) : undefined;
  return {
    payload: place(1024, flags >> 12, at, 'payload'),
    attachment: place(256, flags >> 14, at + 2, 'attachment'),
  };
}

function placed(
  raw: RawBatch,
  mode: number,
  at: number,
  size: number,
  side: 'payload' | 'attachment',
  ledger: Ledger,
): ZBytes {
  switch (mode) {
    case MODE_LOCAL:
      return shared(at, side, ledger);
    case MODE_REGIONS:
      return views(raw, at, size, ledger);
    case MODE_SLICED:
      return sliced(raw, at, size, ledger);
    default:
      return copied(raw[2], at, size, ledger);
  }
}

/** A local put: the very segments that the sender gave. */
function shared(id: number, side: 'payload' | 'attachment', parent: Ledger): ZBytes {
  const put = eventLoop().localPut(id);
  if (put === undefined) throw new Error(`local put ${id} is gone before its delivery`);
  const segments = put[side] ?? [];
  const ledger = new Ledger(parent);
  ledger.carry(segments.reduce((sum, segment) => sum + segment.byteLength, 0));
  return payloadAccess.over(segments, ledger, undefined);
}

/** The first word is the slab in its upper half and the offset in its lower. */
function copied(slabs: readonly ArrayBuffer[], at: number, size: number, parent: Ledger): ZBytes {
  const ledger = new Ledger(parent);
  ledger.carry(size);
  ledger.count('small', size);
  const slab = slabs[at >>> 16] as ArrayBuffer;
  return payloadAccess.over(size === 0 ? [] : [new Uint8Array(slab, at & 0xffff, size)], ledger, undefined);
}

/** The second word is the place of the number of slices, before their lengths. */
function sliced(raw: RawBatch, at: number, place: number, parent: Ledger): ZBytes {
  const lengths = raw[10].subarray(place + 1, place + 1 + (raw[10][place] as number));
  return overSlices(raw[9][at] as SlicedHandle, lengths, new Ledger(parent));
}

function views(raw: RawBatch, first: number, count: number, parent: Ledger): ZBytes {
  const buffers = raw[3].slice(first, first + count);
  const regions = raw[4].slice(first, first + count);
  const ledger = new Ledger(parent);
  const segments = buffers.map((buffer) => new Uint8Array(buffer));
  return overRegions(segments, buffers, regions, ledger);
}
