// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CODECS, type Compress } from './codec.js';
import { openZstd } from './zstd.js';

/** Level 1: three times as fast as level 3, for a tenth to a fifth more bytes. */
const ZSTD_LEVEL = 1;

let loading: Promise<void> | undefined;

/**
 * Loads what is needed to read ZSTD, and in Node to send LZ4 and ZSTD; reading LZ4 needs nothing. Call it once before a
 * compressed payload is opened or made: both are synchronous, loading WebAssembly is not. Later calls cost nothing.
 *
 * In a page it takes a content security policy with `connect-src data:` and `script-src 'wasm-unsafe-eval'`. A package
 * that is not installed is no error here: `ARROW_UNSUPPORTED_FEATURE` names it when it is needed.
 */
export function loadCompression(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  const [decompress, lz4, zstd] = await Promise.all([openZstd(), lz4Encoder(), zstdEncoder()]);
  CODECS.zstd.decompress = decompress;
  if (lz4 !== undefined) CODECS.lz4.compress = lz4;
  if (zstd !== undefined) CODECS.zstd.compress = zstd;
}

async function lz4Encoder(): Promise<Compress | undefined> {
  const lz4 = await nodePackage<{ compressFrameSync(bytes: Buffer): Uint8Array }>(CODECS.lz4.encoder);
  if (lz4 === undefined) return undefined;
  return ({ buffer, byteOffset, byteLength }) => lz4.compressFrameSync(Buffer.from(buffer, byteOffset, byteLength));
}

async function zstdEncoder(): Promise<Compress | undefined> {
  const zstd = await nodePackage<{
    readonly isLoaded: Promise<void>;
    compress(bytes: Uint8Array, level: number): Uint8Array;
  }>(CODECS.zstd.encoder);
  if (zstd === undefined) return undefined;
  await zstd.isLoaded;
  return (bytes) => zstd.compress(bytes, ZSTD_LEVEL);
}

/** A package for Node, which no bundler should follow; `undefined` elsewhere, and where it can't be loaded. */
async function nodePackage<Package>(name: string): Promise<Package | undefined> {
  if (typeof process === 'undefined' || process.versions?.node === undefined) return undefined;
  try {
    const loaded = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
    return loaded.default ?? loaded;
  } catch {
    return undefined;
  }
}
