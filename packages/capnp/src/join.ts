// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Copies parts one after the other into memory that has room for them all. What that costs is for the caller to count. */
export function joinInto<M extends Uint8Array>(memory: M, parts: readonly Uint8Array[]): M {
  let end = 0;
  for (const part of parts) {
    memory.set(part, end);
    end += part.byteLength;
  }
  return memory;
}
