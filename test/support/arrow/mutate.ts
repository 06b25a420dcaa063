// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { splice } from '../fuzz/splice.js';
import { type MessagePlace, messagesOf } from './messages.js';

type Below = (below: number) => number;

/** A well-formed stream, and where its messages are. */
export class Seed {
  readonly bytes: Uint8Array;
  readonly messages: readonly MessagePlace[];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.messages = messagesOf(bytes);
  }
}

/** Numbers at which something changes: signs, sizes of a word, limits. */
const INTERESTING = [
  0, 1, 2, 3, 4, 7, 8, 16, 63, 64, 65, 0xff, 0xffff, 0x10000, 0x7fff_fff8, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8,
  0xffff_fffe, 0xffff_ffff, 0x1fff_ffff, 0x2000_0000, 0x3fff_ffff, 0x4000_0000, 2_000_000_000,
];

/** A damaged copy of a stream; `other` is another one, for splices. */
export function mutated(seed: Seed, other: Seed, below: Below): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(seed.bytes);
  const times = below(3) === 0 ? 2 + below(3) : 1;
  for (let i = 0; i < times; i++) bytes = mutate(bytes, seed, other, below);
  return bytes;
}

function mutate(bytes: Uint8Array, seed: Seed, other: Seed, below: Below): Uint8Array {
  const memory = new Memory(bytes, seed, below);
  switch (below(20)) {
    case 0:
      for (let i = below(8); i >= 0; i--) memory.change((byte) => byte ^ (1 << below(8)));
      return bytes;
    case 1:
      memory.change((byte) => byte ^ 0xff);
      return bytes;
    case 2:
      memory.change(() => below(256));
      return bytes;
    case 3:
      return bytes.slice(0, below(bytes.length + 1));
    case 4:
      return joined(bytes, bytes.subarray(0, below(64)));
    case 5:
      return splice(bytes, other.bytes, 32, below);
    case 6:
    case 7:
      return exchanged(bytes, seed, other, below);
    case 8:
      memory.setPrefix();
      return bytes;
    case 9:
    case 10:
    case 11:
      memory.setBodyWord();
      return bytes;
    case 12:
    case 13:
    case 14:
      memory.setLength();
      return bytes;
    default:
      memory.setMetadataWord();
      return bytes;
  }
}

/** A message left out, twice, from elsewhere, or in the place of another. */
function exchanged(bytes: Uint8Array, seed: Seed, other: Seed, below: Below): Uint8Array {
  const one = seed.messages[below(seed.messages.length)]!;
  const two = other.messages[below(other.messages.length)]!;
  const [before, after] = [bytes.subarray(0, one.start), bytes.subarray(one.end)];
  const foreign = other.bytes.subarray(two.start, two.end);
  switch (below(4)) {
    case 0:
      return joined(before, after);
    case 1:
      return joined(before, bytes.subarray(one.start, one.end), bytes.subarray(one.start));
    case 2:
      return joined(before, foreign, after);
    default:
      return joined(before, foreign, bytes.subarray(one.start));
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** Writes into a stream at places that the undamaged one had; what has been cut off since is left. */
class Memory {
  readonly #view: DataView;
  readonly #seed: Seed;
  readonly #below: Below;

  constructor(bytes: Uint8Array, seed: Seed, below: Below) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#seed = seed;
    this.#below = below;
  }

  change(of: (byte: number) => number): void {
    const at = this.#below(Math.max(1, this.#view.byteLength));
    if (at < this.#view.byteLength) this.#view.setUint8(at, of(this.#view.getUint8(at)));
  }

  /** A continuation word, or the length after it. */
  setPrefix(): void {
    const { start } = this.#message();
    this.#write(start + 4 * this.#below(2), this.#value(start));
  }

  setMetadataWord(): void {
    const { metadata, body } = this.#message();
    const at = metadata + 4 * this.#below((body - metadata) >> 2);
    // FlatBuffers have 16-bit words as well.
    if (this.#below(4) === 0 && at + 2 <= this.#view.byteLength) this.#view.setUint16(at, this.#value(at), true);
    else this.#write(at, this.#value(at));
  }

  /** A 64-bit number of the metadata that may be a length, a count or an offset. */
  setLength(): void {
    const { metadata, body } = this.#message();
    const candidates: number[] = [];
    for (let at = metadata; at + 8 <= Math.min(body, this.#view.byteLength); at += 4) {
      const low = this.#view.getUint32(at, true);
      if (this.#view.getUint32(at + 4, true) === 0 && low <= this.#seed.bytes.length) candidates.push(at);
    }
    const at = candidates[this.#below(Math.max(1, candidates.length))];
    if (at === undefined) return;
    this.#write(at, this.#value(at));
    if (this.#below(3) === 0) this.#write(at + 4, [1, 0xffff_ffff, 0x7fff_ffff, 0x10_0000, 0x20_0000][this.#below(5)]!);
  }

  /** Offsets, views, indices, type ids, compressed frames: anything that a buffer may hold. */
  setBodyWord(): void {
    const buffers = this.#seed.messages.flatMap((message) => message.buffers).filter(([start, end]) => end > start);
    const buffer = buffers[this.#below(Math.max(1, buffers.length))];
    if (buffer === undefined) return;
    const [start, end] = buffer;
    // The first and the last words are those that others are checked against.
    const words = (end - start + 3) >> 2;
    const word = [0, words - 1, this.#below(words), this.#below(words)][this.#below(4)]!;
    const at = start + 4 * word;
    if (this.#below(3) === 0 && at < this.#view.byteLength) this.#view.setUint8(at, this.#value(at));
    else this.#write(at, this.#value(at));
  }

  #message(): MessagePlace {
    return this.#seed.messages[this.#below(this.#seed.messages.length)]!;
  }

  /** Of the word at `at`: near what it is, or something else. */
  #value(at: number): number {
    const is = at + 4 <= this.#view.byteLength ? this.#view.getUint32(at, true) : 0;
    switch (this.#below(5)) {
      case 0:
        return is + this.#below(17) - 8;
      case 1:
        return is ^ (1 << this.#below(32));
      case 2:
        return this.#below(2 ** 32 - 1);
      default:
        return INTERESTING[this.#below(INTERESTING.length)]!;
    }
  }

  #write(at: number, value: number): void {
    if (at + 4 <= this.#view.byteLength) this.#view.setUint32(at, value >>> 0, true);
  }
}
