// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BufferRegion, FieldNode } from 'apache-arrow/ipc/metadata/message';
import type { Codec } from '../compression/codec.js';
import type { Piece } from './pieces.js';

/** A message body: what its metadata says of it, and its bytes. */
export interface EncodedBody {
  readonly nodes: readonly FieldNode[];
  readonly regions: readonly BufferRegion[];
  readonly buffers: readonly (readonly Piece[])[];
  /** A multiple of 64. */
  readonly byteLength: number;
  /** How many buffers of text or bytes each view column has. */
  readonly variadicCounts?: readonly number[];
  /** How each buffer is compressed. */
  readonly codec?: Codec;
}
