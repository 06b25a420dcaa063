// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CongestionControl, type Priority, Reliability, SampleKind } from '../enums.js';
import { Sample } from '../sample.js';
import { Ledger } from '../zbytes/ledger.js';
import { payloadAccess, type ZBytes } from '../zbytes/zbytes.js';
import type { RawBatch } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon } from './load.js';

// The layout that batch.rs writes.
const WORDS = 8;
const MODE_REGIONS = 1;
const MODE_LOCAL = 2;
const NO_STRING = 0xffffffff;

/** Builds the samples of one crossing of the border; copies are counted in `ledger`, the subscriber's. */
export function readBatch(raw: RawBatch, ledger: Ledger): Sample[] {
  const samples: Sample[] = [];
  const words = raw[0];
  for (let at = 0; at < words.length; at += WORDS) samples.push(readSample(raw, at, ledger));
  return samples;
}

function readSample(raw: RawBatch, at: number, ledger: Ledger): Sample {
  const [words, strings] = raw;
  const word = (index: number) => words[at + index] as number;
  const flags = word(2);
  const time = word(3);
  const { payload, attachment } = readBytes(raw, flags, word(4), word(5), word(6), word(7), ledger);
  return new Sample({
    keyExpr: strings[word(0)] as string,
    encoding: strings[word(1)] as string,
    timestamp: time === NO_STRING ? undefined : strings[time],
    kind: flags & 1 ? SampleKind.DELETE : SampleKind.PUT,
    express: (flags & 2) !== 0,
    congestionControl: flags & 4 ? CongestionControl.BLOCK : CongestionControl.DROP,
    reliability: flags & 8 ? Reliability.RELIABLE : Reliability.BEST_EFFORT,
    priority: ((flags >> 4) & 7) as Priority,
    isShm: (flags & 512) !== 0,
    payload,
    attachment,
  });
}

interface Bytes {
  readonly payload: ZBytes;
  readonly attachment: ZBytes | undefined;
}

function readBytes(
  raw: RawBatch,
  flags: number,
  at: number,
  size: number,
  attachmentAt: number,
  attachmentSize: number,
  ledger: Ledger,
): Bytes {
  const mode = (flags >> 12) & 3;
  if (mode === MODE_LOCAL) return shared(at, ledger);
  const attachmentMode = flags >> 14;
  return {
    payload: placed(raw, mode, at, size, ledger),
    attachment: flags & 256 ? placed(raw, attachmentMode, attachmentAt, attachmentSize, ledger) : undefined,
  };
}

function placed(raw: RawBatch, mode: number, at: number, size: number, ledger: Ledger): ZBytes {
  return mode === MODE_REGIONS ? views(raw, at, size, ledger) : copied(raw[2], at, size, ledger);
}

/** A local put: the very segments that the sender gave. */
function shared(id: number, ledger: Ledger): Bytes {
  const put = eventLoop().localPut(id);
  if (put === undefined) throw new Error(`local put ${id} is gone before its delivery`);
  const over = (segments: readonly Uint8Array[]) => {
    const own = new Ledger(ledger);
    own.carry(segments.reduce((sum, segment) => sum + segment.byteLength, 0));
    return payloadAccess.over(segments, own, undefined);
  };
  return { payload: over(put.payload), attachment: put.attachment && over(put.attachment) };
}

function copied(slab: ArrayBuffer, at: number, size: number, parent: Ledger): ZBytes {
  const ledger = new Ledger(parent);
  ledger.carry(size);
  ledger.count('small', size);
  return payloadAccess.over(size === 0 ? [] : [new Uint8Array(slab, at, size)], ledger, undefined);
}

function views(raw: RawBatch, first: number, count: number, parent: Ledger): ZBytes {
  const buffers = raw[3].slice(first, first + count);
  const regions = raw[4].slice(first, first + count);
  const ledger = new Ledger(parent);
  const segments = buffers.map((buffer, i) => {
    ledger.carry(buffer.byteLength);
    if (regions[i] === 0) ledger.count('external-buffers-forbidden', buffer.byteLength);
    return new Uint8Array(buffer);
  });
  return payloadAccess.over(segments, ledger, () => {
    buffers.forEach((buffer, i) => {
      if (regions[i] !== 0) addon().releaseRegion(buffer, regions[i] as number);
    });
  });
}
