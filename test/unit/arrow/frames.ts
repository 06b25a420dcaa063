// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { xxHash32 } from 'js-xxhash';

/** A block of an LZ4 frame: compressed, or as it is. */
export type Lz4Block = readonly number[] | { readonly stored: Uint8Array };

export function rawBlock(stored: Uint8Array): Lz4Block {
  return { stored };
}

/**
 * An LZ4 frame of the blocks given (LZ4 Frame Format).
 *
 * @param options `checksums` of each block, as it is written; and `content`, of which there is one checksum more.
 */
export function lz4Frame(
  blocks: readonly Lz4Block[],
  options: { readonly checksums?: boolean; readonly content?: Uint8Array; readonly contentSize?: number } = {},
): Uint8Array {
  const { checksums = false, content, contentSize } = options;
  const sum = (bytes: ArrayLike<number>) => (checksums ? little(xxHash32(Uint8Array.from(bytes)), 4) : []);
  const flags = 0x40 | (checksums ? 0x10 : 0) | (content === undefined ? 0 : 4) | (contentSize === undefined ? 0 : 8);
  const header = [flags, 0x70, ...(contentSize === undefined ? [] : little(contentSize, 8))];
  const bytes = [...little(0x184d2204, 4), ...header, (xxHash32(Uint8Array.from(header)) >>> 8) & 0xff];
  for (const block of blocks) {
    const isStored = 'stored' in block;
    const written = isStored ? block.stored : block;
    const length = little(written.length, 4);
    if (isStored) length[3] = (length[3] as number) | 0x80;
    bytes.push(...length);
    for (const byte of written) bytes.push(byte);
    bytes.push(...sum(written));
  }
  return Uint8Array.from([...bytes, ...little(0, 4), ...(content === undefined ? [] : little(xxHash32(content), 4))]);
}

/** The first half of an LZ4 sequence; the last sequence of a block has nothing else, and a low half of 0. */
export function literals(bytes: readonly number[], last = false): number[] {
  const token = Math.min(bytes.length, 15) << 4;
  return [token | (last ? 0 : 15), ...(bytes.length < 15 ? [] : extension(bytes.length - 15)), ...bytes];
}

/** The second half: at least 19 bytes, from `offset` back. */
export function match(offset: number, length: number): number[] {
  return [...little(offset, 2), ...extension(length - 19)];
}

function extension(length: number): number[] {
  return [...Array(Math.floor(length / 255)).fill(255), length % 255];
}

/** A ZSTD frame of blocks of one byte repeated (RFC 8878). */
export function zstdFrame(
  blocks: readonly { readonly repeat: number; readonly times: number }[],
  options: {
    readonly contentSize?: bigint;
    readonly dictionary?: number;
    readonly windowDescriptor?: number;
    readonly checksum?: number;
  } = {},
): Uint8Array {
  const { contentSize, dictionary, windowDescriptor = 0x38, checksum } = options;
  const flags =
    (contentSize === undefined ? 0 : 0xc0) | (dictionary === undefined ? 0 : 1) | (checksum === undefined ? 0 : 4);
  const bytes = [...little(0xfd2fb528, 4), flags, windowDescriptor];
  if (dictionary !== undefined) bytes.push(dictionary);
  if (contentSize !== undefined) bytes.push(...new Uint8Array(BigUint64Array.of(contentSize).buffer));
  blocks.forEach(({ repeat, times }, index) => {
    const last = index === blocks.length - 1 ? 1 : 0;
    bytes.push(...little(times * 8 + 2 + last, 3), repeat);
  });
  if (checksum !== undefined) bytes.push(...little(checksum, 4));
  return Uint8Array.from(bytes);
}

function little(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) % 256);
}
