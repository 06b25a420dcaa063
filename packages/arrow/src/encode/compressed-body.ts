// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { BufferRegion } from 'apache-arrow/ipc/metadata/message';
import type { Codec, Compress } from '../compression/codec.js';
import { padded } from '../wire.js';
import type { Conversion } from './conversion.js';
import type { EncodedBody } from './encoded-body.js';
import type { Piece } from './pieces.js';

/** Bytes made by compressing, which are sent as they are. */
export class CompressedPiece implements Conversion {
  readonly bytes: Uint8Array;
  readonly byteLength: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.byteLength = bytes.byteLength;
  }

  writeTo(target: Uint8Array): void {
    target.set(this.bytes);
  }
}

const LENGTH_BYTES = 8;
const STORED = lengthOf(-1n);

/**
 * A body with each buffer compressed alone behind its length (Message.fbs `BodyCompression`). A buffer that would not
 * shrink goes out as it is, a view of the batch's memory, and an empty one stays empty.
 */
export function compressBody(body: EncodedBody, codec: Codec & { readonly compress: Compress }): EncodedBody {
  const regions: BufferRegion[] = [];
  let byteLength = 0;
  const buffers = body.buffers.map((pieces) => {
    const compressed = compressBuffer(pieces, codec.compress);
    const length = bytesIn(compressed);
    regions.push(new BufferRegion(byteLength, length));
    byteLength += padded(length);
    return compressed;
  });
  const { nodes, variadicCounts } = body;
  return { nodes, ...(variadicCounts === undefined ? {} : { variadicCounts }), regions, buffers, byteLength, codec };
}

function compressBuffer(pieces: readonly Piece[], compress: Compress): readonly Piece[] {
  const size = bytesIn(pieces);
  if (size === 0) return [];
  const bytes = compress(joined(pieces, size));
  if (bytes.byteLength >= size) return [STORED, ...pieces];
  return [lengthOf(BigInt(size)), new CompressedPiece(bytes)];
}

function joined(pieces: readonly Piece[], size: number): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only instanceof Uint8Array) return only;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    const target = bytes.subarray(at, at + piece.byteLength);
    if (piece instanceof Uint8Array) target.set(piece);
    else piece.writeTo(target);
    at += piece.byteLength;
  }
  return bytes;
}

function bytesIn(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
}

function lengthOf(bytes: bigint): Uint8Array {
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setBigInt64(0, bytes, true);
  return length;
}
