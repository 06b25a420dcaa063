// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/**
 * Numbers of the Arrow IPC format, metadata version V5
 * (Columnar.rst "Serialization and Interprocess Communication", Message.fbs, Schema.fbs, File.fbs).
 */

/** The first word of every message since format 0.15. */
export const CONTINUATION = -1;
/** Continuation word and metadata length. */
export const PREFIX_BYTES = 8;
/** What every message, body and body buffer of ours is padded to, so that any reader can work in place. */
export const ALIGNMENT = 64;
/** `ARROW1` as it begins and ends a file. */
export const FILE_MAGIC = Uint8Array.of(0x41, 0x52, 0x52, 0x4f, 0x57, 0x31);
/** The first four bytes of {@link FILE_MAGIC} read as a length. */
export const FILE_MAGIC_WORD = 0x4f525241;

/** The media type of an Arrow IPC stream, which a payload of this package is: use it as the zenoh encoding. */
export const ARROW_STREAM_MEDIA_TYPE = 'application/vnd.apache.arrow.stream';

/** `bytes` rounded up to {@link ALIGNMENT}. No bit operators: sizes may exceed 2^31. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Writes the prefix of a message whose prefix, metadata and padding take `messageBytes` in all. */
export function writePrefix(message: Uint8Array, messageBytes: number): void {
  const view = new DataView(message.buffer, message.byteOffset, PREFIX_BYTES);
  view.setInt32(0, CONTINUATION, true);
  view.setInt32(4, messageBytes - PREFIX_BYTES, true);
}
