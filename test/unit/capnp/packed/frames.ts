// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { fromZBytes, toSegments, toZBytes } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { joined } from '../sample.js';

/** Segments of any content in the standard stream framing; nothing looks into them before a field is read. */
export function framed(...segments: readonly Uint8Array[]): Uint8Array {
  const table = new Uint32Array(2 * Math.ceil((1 + segments.length) / 2));
  table.set([segments.length - 1, ...segments.map((segment) => segment.length / 8)]);
  return joined([new Uint8Array(table.buffer), ...segments]);
}

/** What we send for a frame in the packed form. */
export function packed(frame: Uint8Array): Uint8Array {
  return toZBytes(fromZBytes(new ZBytes(frame)), { packed: true }).toBytes();
}

/** The frame that we read from a packed payload. */
export function unpacked(payload: ZBytes | Uint8Array, limits = {}): Uint8Array {
  return joined(toSegments(fromZBytes(new ZBytes(payload), { packed: true, ...limits })));
}

/** One message whose root has `data` as its first pointer. */
export function dataMessage(data: Uint8Array): Uint8Array {
  const words = new Uint8Array(16 + 8 * Math.ceil(data.length / 8));
  const pointers = new DataView(words.buffer);
  pointers.setUint16(6, 1, true);
  pointers.setUint32(8, 1, true);
  pointers.setUint32(12, (data.length << 3) | 2, true);
  words.set(data, 16);
  return framed(words);
}

/** Words of each kind that packing tells apart, in runs about as long as its longest. */
export function mixedWords(random: (below: number) => number): Uint8Array {
  const runs: Uint8Array[] = [];
  for (let run = random(6); run >= 0; run--) {
    const lengths = [1, 2, 3, 10, 254, 255, 256, 257, 258, 511, 512, 513];
    const words = lengths[random(lengths.length)] as number;
    const zeros = [0, 1, 2, 4, 6, 7, 8][random(7)] as number;
    const bytes = new Uint8Array(8 * words);
    for (let i = 0; i < bytes.length; i++) bytes[i] = 1 + random(255);
    for (let word = 0; word < words; word++) {
      // Of `zeros` draws with replacement some meet: words of fewer zero bytes are among them.
      for (let i = 0; i < zeros; i++) bytes[8 * word + (zeros === 8 ? i : random(8))] = 0;
    }
    runs.push(bytes);
  }
  return joined(runs);
}
