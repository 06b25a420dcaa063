// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { markAsUntransferable } from 'node:worker_threads';
import { CongestionControl, type Priority, Reliability, ReplyKeyExpr, SampleKind } from '../enums.js';
import { Query } from '../query.js';
import { Reply, ReplyError } from '../reply.js';
import { Sample } from '../sample.js';
import { Ledger } from '../zbytes/ledger.js';
import { payloadAccess, type ZBytes } from '../zbytes/zbytes.js';
import type { QueryHandle, RawBatch } from './addon.js';
import { eventLoop } from './event-loop.js';
import { NativeQuery } from './query.js';
import { overRegions } from './regions.js';

// The layout that batch.rs writes: key, encoding, flags, time or parameters, two words each for payload and attachment.
const WORDS = 8;
const MODE_REGIONS = 1;
const MODE_LOCAL = 2;
const KIND_SAMPLE = 0;
const KIND_REPLY = 1;
const KIND_REPLY_ERROR = 2;
const NO_STRING = 0xffffffff;

/** Builds what came in one crossing of the border; copies are counted in `ledger`, the inbox's. */
export function readBatch(raw: RawBatch, ledger: Ledger): (Sample | Reply | Query)[] {
  const items: (Sample | Reply | Query)[] = [];
  const [words, , slabs] = raw;
  // Whoever transferred one small payload would take its neighbours along, as with Node's own pool of Buffers.
  for (const slab of slabs) markAsUntransferable(slab);
  let queries = 0;
  for (let at = 0; at < words.length; at += WORDS) {
    const arrival = new Arrival(raw, at, ledger);
    switch (arrival.kind) {
      case KIND_SAMPLE:
        items.push(arrival.sample());
        break;
      case KIND_REPLY:
        items.push(new Reply(arrival.sample()));
        break;
      case KIND_REPLY_ERROR:
        items.push(new Reply(arrival.error()));
        break;
      default:
        items.push(arrival.query(raw[5][queries++] as QueryHandle));
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
    return this.#flags >> 16;
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
      congestionControl: flags & 4 ? CongestionControl.BLOCK : CongestionControl.DROP,
      reliability: flags & 8 ? Reliability.RELIABLE : Reliability.BEST_EFFORT,
      priority: ((flags >> 4) & 7) as Priority,
      isShm: (flags & 512) !== 0,
      payload: this.#bytes.payload as ZBytes,
      attachment: this.#bytes.attachment,
    });
  }

  error(): ReplyError {
    return new ReplyError(this.#bytes.payload as ZBytes, this.#text(1) as string);
  }

  query(handle: QueryHandle): Query {
    return new Query(new NativeQuery(handle), {
      keyExpr: this.#text(0) as string,
      parameters: this.#text(3) as string,
      encoding: this.#text(1),
      acceptsReplies: this.#flags & 2048 ? ReplyKeyExpr.ANY : ReplyKeyExpr.MATCHING_QUERY,
      payload: this.#bytes.payload,
      attachment: this.#bytes.attachment,
    });
  }
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

function views(raw: RawBatch, first: number, count: number, parent: Ledger): ZBytes {
  const buffers = raw[3].slice(first, first + count);
  const regions = raw[4].slice(first, first + count);
  const ledger = new Ledger(parent);
  const segments = buffers.map((buffer) => new Uint8Array(buffer));
  return overRegions(segments, buffers, regions, ledger);
}
