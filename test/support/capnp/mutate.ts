// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { splice } from '../fuzz/splice.js';
import { type Found, headerBytes, type Place, pointersOf, segmentsOf } from './layout.js';

type Below = (below: number) => number;

/** A well-formed message, and where its pointers are. */
export class Seed {
  readonly bytes: Uint8Array;
  readonly segments: readonly DataView[];
  readonly pointers: readonly Found[];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.segments = segmentsOf(bytes);
    this.pointers = pointersOf(bytes);
  }
}

/** Numbers at which something changes: signs, fields of a pointer, limits. */
const INTERESTING = [
  0, 1, 2, 3, 4, 6, 7, 8, 0xff, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_fffc, 0xffff_ffff,
  0x1fff_ffff, 0x2000_0000, 0x3fff_ffff, 0x4000_0000, 511, 512,
];

/** A damaged copy of a message; `other` is one of the same schema, for splices. */
export function mutated(seed: Seed, other: Seed, below: Below): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(seed.bytes);
  const times = below(3) === 0 ? 2 + below(3) : 1;
  for (let i = 0; i < times; i++) bytes = mutate(bytes, seed, other, below);
  return bytes;
}

/** A damaged copy of a packed message, of which the damage knows nothing. */
export function mutatedPacked(packed: Uint8Array, below: Below): Uint8Array {
  const bytes = Uint8Array.from(packed);
  for (let i = below(6); i >= 0; i--) {
    const at = below(Math.max(1, bytes.length));
    // Tags and counts are single bytes; 0 and 0xff are those that mean runs.
    bytes[at] = [0, 0xff, below(256), (bytes[at] ?? 0) ^ (1 << below(8))][below(4)]!;
  }
  if (below(4) === 0) return bytes.slice(0, below(bytes.length + 1));
  if (below(8) === 0) return Uint8Array.from([...bytes, ...Array.from({ length: below(200) }, () => below(2) * 255)]);
  return bytes;
}

function mutate(bytes: Uint8Array, seed: Seed, other: Seed, below: Below): Uint8Array {
  const memory = new Memory(bytes, seed, below);
  switch (below(16)) {
    case 0:
      for (let i = below(8); i >= 0; i--) memory.flipBit();
      return bytes;
    case 1:
      memory.setByte();
      return bytes;
    case 2:
      memory.setWord();
      return bytes;
    case 3:
      if (below(4) === 0) memory.setTable();
      else memory.setWord();
      return bytes;
    case 4:
      return below(4) === 0 ? bytes.slice(0, below(bytes.length + 1)) : bytes;
    case 5:
      return below(4) === 0 ? Uint8Array.from([...bytes, ...bytes.slice(0, below(64))]) : bytes;
    case 6:
      return splice(bytes, other.bytes, 64, below);
    case 7:
    case 8:
      memory.pointTo();
      return bytes;
    case 9:
      memory.alias(1);
      return bytes;
    case 10:
      memory.alias(1 + below(20));
      return bytes;
    case 11:
      memory.makeFar();
      return bytes;
    case 12:
      memory.setTag();
      return bytes;
    default:
      memory.setSize();
      return bytes;
  }
}

/** Writes into a message at places that the undamaged one had; what has been cut off since is left. */
class Memory {
  readonly #view: DataView;
  readonly #seed: Seed;
  readonly #below: Below;

  constructor(bytes: Uint8Array, seed: Seed, below: Below) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#seed = seed;
    this.#below = below;
  }

  flipBit(): void {
    const at = this.#below(this.#view.byteLength);
    if (at < this.#view.byteLength) this.#view.setUint8(at, this.#view.getUint8(at) ^ (1 << this.#below(8)));
  }

  setByte(): void {
    const at = this.#below(this.#view.byteLength);
    if (at < this.#view.byteLength) this.#view.setUint8(at, this.#below(256));
  }

  setWord(): void {
    this.#write(4 * this.#below(1 + (this.#view.byteLength >> 2)), this.#interesting());
  }

  /** The segment table: its count or one of its sizes. */
  setTable(): void {
    const entries = this.#seed.segments.length + 1;
    const at = 4 * this.#below(entries);
    if (at + 4 > this.#view.byteLength) return;
    const value = this.#view.getUint32(at, true);
    this.#write(at, this.#below(2) === 0 ? value + this.#below(5) - 2 : this.#interesting());
  }

  /** A pointer's offset, or its kind. */
  pointTo(): void {
    const at = this.#pointer();
    if (at === undefined) return;
    const low = this.#view.getInt32(at, true);
    const offset = [(low >> 2) + this.#below(9) - 4, -1 - this.#below(64), this.#below(64), this.#interesting() >> 2];
    if (this.#below(4) === 0) this.#write(at, (low & ~3) | this.#below(4));
    else this.#write(at, (offset[this.#below(4)]! << 2) | (low & 3));
  }

  /** A pointer's sizes or count. */
  setSize(): void {
    const at = this.#pointer(true);
    if (at === undefined) return;
    const high = this.#view.getUint32(at + 4, true);
    const values = [high ^ (1 << this.#below(32)), high + 8, high - 8, (high & 7) | (this.#interesting() << 3)];
    values.push((high & ~7) | this.#below(8), this.#interesting(), high + 0x10000, high + 1);
    this.#write(at + 4, values[this.#below(values.length)]!);
  }

  /** The tag of a list of structs. */
  setTag(): void {
    const lists = this.#seed.pointers.filter(({ target }) => (target.low & 3) === 1 && (target.high & 7) === 7);
    const list = lists[this.#below(Math.max(1, lists.length))];
    if (list === undefined) return;
    const at = this.#at(list.target);
    if (at + 8 > this.#view.byteLength) return;
    const low = this.#view.getInt32(at, true);
    const lows = [low + 4, low - 4, low | this.#below(4), this.#interesting() << 2, -low];
    if (this.#below(2) === 0) this.#write(at, lows[this.#below(lows.length)]!);
    else
      this.#write(
        at + 4,
        this.#below(2) === 0 ? this.#interesting() : this.#view.getUint32(at + 4, true) ^ (1 << this.#below(32)),
      );
  }

  /** Pointers that lead where another leads, which may be above them: by a far pointer that takes it for its landing pad. */
  alias(times: number): void {
    const target = this.#pick();
    for (let i = 0; i < times; i++) {
      const at = this.#pointer();
      if (at === undefined || target === undefined) return;
      this.#write(at, (target.at.word << 3) | 2);
      this.#write(at + 4, target.at.segment);
    }
  }

  /** A far pointer, double or not, to anywhere. */
  makeFar(): void {
    const at = this.#pointer();
    if (at === undefined) return;
    const segments = this.#seed.segments;
    const id = this.#below(8) === 0 ? this.#interesting() : this.#below(segments.length);
    const words = (segments[id]?.byteLength ?? 64) / 8;
    this.#write(at, (this.#below(words + 2) << 3) | (this.#below(2) << 2) | 2);
    this.#write(at + 4, id);
  }

  /** Where a pointer is, or with `size` the word that tells what it leads to, in bytes. */
  #pointer(size = false): number | undefined {
    const found = this.#pick();
    if (found === undefined) return undefined;
    const at = this.#at(found.at);
    // Behind a far pointer the sizes are elsewhere: as likely as not in the word before the content.
    const isFar = size && at + 8 <= this.#view.byteLength && (this.#view.getUint32(at, true) & 3) === 2;
    const place = isFar && found.target.word > 0 ? this.#at(found.target) - 8 : at;
    return place + 8 <= this.#view.byteLength ? place : undefined;
  }

  #pick(): Found | undefined {
    const { pointers } = this.#seed;
    return pointers[this.#below(Math.max(1, pointers.length))];
  }

  #at({ segment, word }: Place): number {
    const { segments } = this.#seed;
    let at = headerBytes(segments.length) + word * 8;
    for (let i = 0; i < segment; i++) at += segments[i]!.byteLength;
    return at;
  }

  #interesting(): number {
    return this.#below(2) === 0 ? INTERESTING[this.#below(INTERESTING.length)]! : this.#below(2 ** 32 - 1);
  }

  #write(at: number, value: number): void {
    if (at + 4 <= this.#view.byteLength) this.#view.setUint32(at, value >>> 0, true);
  }
}
