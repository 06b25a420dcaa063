// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { invalid, unsupportedFeature } from '../errors.js';
import type { Decompress } from './codec.js';

/** What the decoder's 32-bit memory takes with its input beside it; beyond, it would write where it should not. */
const MAX_BYTES = 2 ** 30;

/**
 * Zstandard's own decoder as WebAssembly: frames one after the other, without dictionary, straight into `size` bytes,
 * whatever window or size they claim.
 */
export async function openZstd(): Promise<Decompress> {
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return (frames, size) => {
    if (frames.byteLength + size > MAX_BYTES) throw unsupportedFeature('ZSTD buffer of more than 1 GiB');
    // On an error it gives nothing at all.
    const bytes = decoder.decode(frames, size);
    if (bytes.byteLength !== size) throw invalid(`a ZSTD buffer that does not hold the ${size} bytes it declares`);
    return bytes;
  };
}
