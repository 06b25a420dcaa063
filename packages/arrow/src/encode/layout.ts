// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { coalesce, type Ledger } from '@zenoh-segments/core';
import { ArrowPayloadError, unsupportedFeature } from '../errors.js';
import { ALIGNMENT, padded } from '../wire.js';
import { CompressedPiece } from './compressed-body.js';
import type { EncodedBody } from './encoded-body.js';
import type { Piece } from './pieces.js';

/** One run of bytes of a payload. */
export interface LayoutPart {
  /** `metadata` was generated, `data` belongs to the batch, `padding` is zeros. */
  readonly kind: 'metadata' | 'data' | 'padding';
  /** Where it starts in the payload. */
  readonly at: number;
  readonly byteLength: number;
}

/** How {@link PayloadLayout.segments} makes segments. */
export interface SegmentOptions {
  /**
   * Neighbours both smaller than this many bytes are joined into one segment, counted as `coalesce`. 0 unless given:
   * nothing is joined.
   */
  readonly coalesceBelow?: number;
  /** Where the bytes that had to be copied are counted. */
  readonly ledger?: Ledger | undefined;
}

/** Shared by all payloads, and so is every view of it. */
const PADDING: readonly Uint8Array[] = viewsOf(new Uint8Array(ALIGNMENT));

function viewsOf(zeros: Uint8Array): Uint8Array[] {
  return Array.from({ length: ALIGNMENT }, (_, length) => zeros.subarray(0, length));
}

/**
 * The plan of one payload: its parts in order and its size, before a byte was copied.
 *
 * It refers to the batch's own memory; the batch must not change until the payload is written or released.
 */
export class PayloadLayout {
  /** The size of the payload in bytes. */
  byteLength = 0;
  #compressed = false;
  readonly #parts: (LayoutPart & { readonly piece: Piece })[] = [];

  /** The parts in order; they cover the payload without gaps. */
  get parts(): readonly LayoutPart[] {
    return this.#parts;
  }

  /** @internal Adds a message and its body. */
  add(message: Uint8Array, body?: EncodedBody): void {
    this.#part('metadata', message);
    this.#compressed ||= body?.codec !== undefined;
    for (const pieces of body?.buffers ?? []) {
      for (const piece of pieces) this.#part('data', piece);
      this.#part('padding', PADDING[padded(this.byteLength) - this.byteLength] as Uint8Array);
    }
  }

  #part(kind: LayoutPart['kind'], piece: Piece): void {
    const { byteLength } = piece;
    if (byteLength === 0) return;
    this.#parts.push({ kind, at: this.byteLength, byteLength, piece });
    this.byteLength += byteLength;
  }

  /** Views of the batch's buffers with generated metadata between them; what must change, or be compressed, is counted `convert`. */
  segments(options: SegmentOptions = {}): Uint8Array[] {
    const { coalesceBelow = 0, ledger } = options;
    const segments = this.#parts.map(({ piece }) => {
      if (piece instanceof Uint8Array) return piece;
      ledger?.count('convert', piece.byteLength);
      if (piece instanceof CompressedPiece) return piece.bytes;
      const converted = new Uint8Array(piece.byteLength);
      piece.writeTo(converted);
      return converted;
    });
    return coalesceBelow > 0 ? coalesce(segments, coalesceBelow, ledger) : segments;
  }

  /**
   * Writes the whole payload into one chunk of the caller's; each byte of the batch is written once, from where it is,
   * and counted as `convert`.
   *
   * @returns the bytes written, {@link byteLength}.
   * @throws {ArrowPayloadError} `ARROW_TARGET` when `target` is too small or does not start at a multiple of 8;
   * `ARROW_UNSUPPORTED_FEATURE` for a compressed payload: nobody could read it in place, which is what chunks are for.
   */
  writeTo(target: Uint8Array, ledger?: Ledger): number {
    if (this.#compressed) throw unsupportedFeature('compression', 'in memory that is to be read in place');
    checkTarget(target, this.byteLength);
    for (const { kind, at, byteLength, piece } of this.#parts) {
      if (piece instanceof Uint8Array) target.set(piece, at);
      else piece.writeTo(target.subarray(at, at + byteLength));
      if (kind === 'data') ledger?.count('convert', byteLength);
    }
    return this.byteLength;
  }
}

/** @throws {ArrowPayloadError} `ARROW_TARGET` */
export function checkTarget(target: Uint8Array, size: number): void {
  if (target.byteLength < size) {
    throw new ArrowPayloadError('ARROW_TARGET', `${size} bytes do not fit in memory of ${target.byteLength}`);
  }
  if (target.byteOffset % 8 !== 0) {
    throw new ArrowPayloadError('ARROW_TARGET', `memory must start at a multiple of 8, not at ${target.byteOffset}`);
  }
}
