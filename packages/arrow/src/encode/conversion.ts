// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Bytes that a batch does not hold as they must be sent: written once, straight to where they are needed. */
export interface Conversion {
  readonly byteLength: number;
  /** Writes all `byteLength` bytes to `target`, which starts at a multiple of 8. */
  writeTo(target: Uint8Array): void;
}

/** A run of bits; without `bytes` all are 1. Bits beyond `bytes` are 0. */
export interface BitRun {
  readonly bytes: Uint8Array | undefined;
  /** Index of the first bit. */
  readonly start: number;
  readonly length: number;
}

/** Runs of bits joined into one bitmap that starts at bit 0. */
export class JoinedBits implements Conversion {
  readonly byteLength: number;
  readonly #runs: readonly BitRun[];

  constructor(runs: readonly BitRun[], length: number) {
    this.#runs = runs;
    this.byteLength = (length + 7) >>> 3;
  }

  writeTo(target: Uint8Array): void {
    target.fill(0);
    let at = 0;
    for (const run of this.#runs) {
      if (at % 8 === 0) copyBytewise(run, target, at >>> 3);
      else copyBitwise(run, target, at);
      at += run.length;
    }
  }
}

/** The target starts at a byte: each byte is put together from two of the source. */
function copyBytewise(run: BitRun, target: Uint8Array, at: number): void {
  const { bytes, start, length } = run;
  const first = start >>> 3;
  const shift = start % 8;
  const count = (length + 7) >>> 3;
  for (let i = 0; i < count; i++) {
    target[at + i] =
      bytes === undefined ? 0xff : ((bytes[first + i] ?? 0) | ((bytes[first + i + 1] ?? 0) << 8)) >>> shift;
  }
  // What lies beyond the run belongs to the next one, which sets bits only.
  if (length % 8 !== 0) target[at + count - 1] = (target[at + count - 1] as number) & ((1 << (length % 8)) - 1);
}

function copyBitwise(run: BitRun, target: Uint8Array, at: number): void {
  for (let i = 0; i < run.length; i++) {
    const from = run.start + i;
    const bit = run.bytes === undefined ? 1 : ((run.bytes[from >>> 3] ?? 0) >>> (from % 8)) & 1;
    target[(at + i) >>> 3] = (target[(at + i) >>> 3] as number) | (bit << ((at + i) % 8));
  }
}

/** Values that are all null and therefore were never stored. */
export class ZeroValues implements Conversion {
  readonly byteLength: number;

  constructor(byteLength: number) {
    this.byteLength = byteLength;
  }

  writeTo(target: Uint8Array): void {
    target.fill(0);
  }
}
