// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CompressionType } from 'apache-arrow';
import { unsupportedFeature } from '../errors.js';
import { decompressLz4 } from './lz4-frame.js';

/** How the buffers of a batch are compressed: frames of LZ4, or of Zstandard. */
export type CompressionName = 'lz4' | 'zstd';

/** Decompresses whole frames into new memory of exactly `size` bytes, at least 8-aligned; anything else is an error. */
export type Decompress = (frames: Uint8Array, size: number) => Uint8Array;

/** Compresses into one frame, in memory that the caller may keep. */
export type Compress = (bytes: Uint8Array) => Uint8Array;

/** One way of compression, as far as it is loaded. */
export interface Codec {
  /** As the format names it. */
  readonly name: string;
  readonly id: CompressionType;
  decompress?: Decompress;
  compress?: Compress;
  /** The package that `loadCompression` takes `compress` from. */
  readonly encoder: string;
}

/** What is always there, and what `loadCompression` adds. */
export const CODECS: Readonly<Record<CompressionName, Codec>> = {
  lz4: { name: 'LZ4_FRAME', id: CompressionType.LZ4_FRAME, decompress: decompressLz4, encoder: 'lz4-napi' },
  zstd: { name: 'ZSTD', id: CompressionType.ZSTD, encoder: '@foxglove/wasm-zstd' },
};

const byId: readonly Codec[] = Object.values(CODECS);

/** @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_FEATURE` for a number that no codec has. */
export function codecOf(id: number): Codec {
  const codec = byId.find((each) => each.id === id);
  if (codec === undefined) throw unsupportedFeature(`compression ${id}`);
  return codec;
}

/** @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_FEATURE`, which says how to load it. */
export function decompressorOf({ name, decompress }: Codec): Decompress {
  if (decompress !== undefined) return decompress;
  throw unsupportedFeature(`compression ${name}`, 'before `await loadCompression()`, once in the process');
}

/** @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_FEATURE`, which says how to load it. */
export function compressorOf(compression: CompressionName): Codec & { readonly compress: Compress } {
  const codec: Codec | undefined = CODECS[compression];
  if (codec === undefined) throw unsupportedFeature(`compression ${compression}`);
  const { compress, name, encoder } = codec;
  if (compress !== undefined) return { ...codec, compress };
  throw unsupportedFeature(
    `compression ${name}`,
    `to send, before \`await loadCompression()\` once in the process, without the package ${encoder}, or outside Node`,
  );
}
