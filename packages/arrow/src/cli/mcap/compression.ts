// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { DecompressHandlers } from '@mcap/core';
import { CODECS, type CompressionName, compressorOf, decompressorOf } from '../../compression/codec.js';
import { loadCompression } from '../../compression/load.js';
import { CliError } from '../cli-error.js';

/** The compressions of the format's registry. */
export const COMPRESSIONS = ['none', 'lz4', 'zstd'] as const;

export type Compression = (typeof COMPRESSIONS)[number];

/** Makes the records of a chunk smaller; the name is the format's, and empty for none. */
export type Compress = (data: Uint8Array) => { readonly compression: string; readonly records: Uint8Array };

/** Chunks of one message that is larger are written as they are: {@link decompressors} would refuse them. */
export const MAX_COMPRESSED_BYTES = 256 * 2 ** 20;

/** @throws {ArrowPayloadError} `ARROW_UNSUPPORTED_FEATURE` when the codec's package is not installed, naming it */
export async function compressor(kind: Compression): Promise<Compress> {
  const plain: Compress = (data) => ({ compression: '', records: data });
  if (kind === 'none') return plain;
  await loadCompression();
  const { compress } = compressorOf(kind);
  return (data) =>
    data.byteLength > MAX_COMPRESSED_BYTES ? plain(data) : { compression: kind, records: compress(data) };
}

/** What the format's readers call; no more memory is taken than a chunk says it needs, and that is bounded. */
export async function decompressors(): Promise<DecompressHandlers> {
  await loadCompression();
  return { lz4: bounded('lz4'), zstd: bounded('zstd') };
}

function bounded(kind: CompressionName): DecompressHandlers[string] {
  return (data, declared) => {
    if (declared > MAX_COMPRESSED_BYTES) {
      throw new CliError(
        'MCAP_LIMIT',
        `a compressed chunk of ${declared} bytes: more than ${MAX_COMPRESSED_BYTES} are not taken`,
      );
    }
    return decompressorOf(CODECS[kind])(data, Number(declared));
  };
}
