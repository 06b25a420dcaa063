// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { xxHash32 } from 'js-xxhash';
import { invalid, unsupportedFeature } from '../errors.js';
import { copyMatch, copyRun } from './lz4-copy.js';

const MAGIC = 0x184d2204;
/** Flags of the frame descriptor, and the bits that must be as they are in version 01. */
const VERSION_MASK = 0b1100_0010;
const VERSION = 0b0100_0000;
const BLOCK_CHECKSUM = 1 << 4;
const CONTENT_SIZE = 1 << 3;
const CONTENT_CHECKSUM = 1 << 2;
const DICTIONARY = 1;
const STORED = 0x8000_0000;
const MIN_MATCH = 4;
/** What the hash counts bytes up to. */
const MAX_HASHED_BYTES = 2 ** 30;

/**
 * Decompresses one LZ4 frame (LZ4 Frame Format 1.6) into exactly `size` bytes.
 *
 * Of our own because the packages that decode frames either allocate what the frame claims, read on past its end, or
 * don't work in a page. All checksums that the frame has are verified: of the header, which always has one, of blocks and
 * of the content, which Arrow's writers leave out. Every read and write is checked, and time is bounded by the frame's
 * bytes and `size`.
 *
 * @throws {ArrowPayloadError} `ARROW_INVALID`, and `ARROW_UNSUPPORTED_FEATURE` for a frame that needs a dictionary, or with
 * a checksum over more than 1 GiB.
 */
export function decompressLz4(frame: Uint8Array, size: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.byteLength < 7 || view.getUint32(0, true) !== MAGIC) throw broken('has no frame');
  const flags = view.getUint8(4);
  if ((flags & VERSION_MASK) !== VERSION) throw broken('is of another version');
  if (flags & DICTIONARY) throw unsupportedFeature('LZ4 dictionary');
  let at = flags & CONTENT_SIZE ? 15 : 7;
  if (at > frame.byteLength) throw broken('is cut off');
  if (((hashOf(frame, 4, at - 1) >>> 8) & 0xff) !== frame[at - 1]) throw broken('has a wrong header checksum');
  if (flags & CONTENT_SIZE && view.getBigUint64(6, true) !== BigInt(size)) {
    throw broken(`says it holds ${view.getBigUint64(6, true)} bytes where ${size} are declared`);
  }
  const out = new Uint8Array(size);
  let end = 0;
  for (;;) {
    if (at + 4 > frame.byteLength) throw broken('is cut off');
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) break;
    const bytes = word & ~STORED;
    if (at + bytes > frame.byteLength) throw broken('is cut off');
    end = word & STORED ? copyRun(frame, at, bytes, out, end) : readBlock(frame, at, at + bytes, out, end);
    if (end < 0) throw broken(`holds something else than the ${size} bytes it declares`);
    at += bytes;
    if (flags & BLOCK_CHECKSUM) {
      checkSum(view, at, hashOf(frame, at - bytes, at), 'block');
      at += 4;
    }
  }
  if (end !== size) throw broken(`holds ${end} bytes where it declares ${size}`);
  if (flags & CONTENT_CHECKSUM) {
    checkSum(view, at, hashOf(out, 0, size), 'content');
    at += 4;
  }
  if (at !== frame.byteLength) throw broken('does not end where its frame does');
  return out;
}

function checkSum(frame: DataView, at: number, hash: number, of: string): void {
  if (at + 4 > frame.byteLength) throw broken('is cut off');
  if (frame.getUint32(at, true) !== hash) throw broken(`has a wrong ${of} checksum`);
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > MAX_HASHED_BYTES) throw unsupportedFeature('LZ4 checksum of more than 1 GiB');
  return xxHash32(bytes.subarray(start, end));
}

/** Decodes the block at [at, limit), which may refer to what was decoded before; -1 when it is wrong. */
function readBlock(frame: Uint8Array, start: number, limit: number, out: Uint8Array, end: number): number {
  let at = start;
  let to = end;
  while (at < limit) {
    const token = frame[at++] as number;
    let literals = token >>> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255 && at < limit) literals += more = frame[at++] as number;
    }
    if (at + literals > limit) return -1;
    to = copyRun(frame, at, literals, out, to);
    if (to < 0) return -1;
    at += literals;
    // The last sequence is literals alone.
    if (at === limit) return to;
    if (at + 2 > limit) return -1;
    const offset = (frame[at] as number) | ((frame[at + 1] as number) << 8);
    at += 2;
    let length = (token & 15) + MIN_MATCH;
    if (length === 15 + MIN_MATCH) {
      let more = 255;
      while (more === 255 && at < limit) length += more = frame[at++] as number;
    }
    to = copyMatch(out, to, offset, length);
    if (to < 0) return -1;
  }
  return -1;
}

function broken(what: string): Error {
  return invalid(`an LZ4 buffer that ${what}`);
}
