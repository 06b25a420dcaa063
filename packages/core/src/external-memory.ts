// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from './errors.js';
import type { NativeBuffer } from './native-buffer.js';
import { report } from './report.js';
import { bytesOf, isShared } from './zbytes/segment-list.js';

/** Memory that payloads over a buffer must tell when they are sent and released. */
const registered = new WeakMap<ArrayBufferLike, Set<ExternalMemory>>();

/** Most programs have none, and then no put looks for any. */
let living = 0;

class ExternalMemory implements NativeBuffer {
  readonly kind = 'external';
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly size: number;
  readonly alignment = 1;
  readonly #release: () => void;
  /** The owner's hold, and one for each payload being sent. */
  #holds = 1;
  #disposed = false;

  constructor(bytes: Uint8Array<ArrayBuffer>, release: () => void) {
    this.bytes = bytes;
    this.size = bytes.byteLength;
    this.#release = release;
    living++;
    const others = registered.get(bytes.buffer);
    if (others === undefined) registered.set(bytes.buffer, new Set([this]));
    else others.add(this);
  }

  hold(): void {
    this.#holds++;
  }

  letGo(): void {
    if (--this.#holds > 0) return;
    living--;
    registered.get(this.bytes.buffer)?.delete(this);
    try {
      this.#release();
    } catch (error) {
      // Whoever ended the last use is not to blame.
      report(error);
    }
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.letGo();
  }
}

/**
 * Memory of another library, or of the user's own, with a hook that gives it back.
 *
 * `release` is called exactly once: when the result was disposed, and every payload with a segment inside `view` that was
 * sent is `released`. Whatever it frees must not be needed by a receiver in this process that kept its views. An error it
 * throws is reported as an uncaught exception.
 *
 * @param view stays the caller's: it is neither copied nor detached.
 * @throws {CoreError} `INVALID_ARGUMENT` for what is no buffer, `BUFFER_UNSUPPORTED` for a SharedArrayBuffer
 */
export function externalMemory(view: ArrayBuffer | ArrayBufferView<ArrayBuffer>, release: () => void): NativeBuffer {
  const bytes = bytesOf(view);
  if (isShared(bytes.buffer)) {
    throw new CoreError('BUFFER_UNSUPPORTED', 'shared memory of JavaScript is retained by copy: no hook is needed');
  }
  if (typeof release !== 'function') throw new CoreError('INVALID_ARGUMENT', 'externalMemory takes a release function');
  return new ExternalMemory(bytes as Uint8Array<ArrayBuffer>, release);
}

/** Whose memory the segments lie in, each held once until its `letGo`. */
export function holdExternal(segments: readonly Uint8Array[]): readonly ExternalMemory[] {
  if (living === 0) return [];
  const found = new Set<ExternalMemory>();
  for (const { buffer, byteOffset, byteLength } of segments) {
    for (const memory of registered.get(buffer) ?? []) {
      const start = memory.bytes.byteOffset;
      if (byteOffset < start + memory.size && start < byteOffset + byteLength) found.add(memory);
    }
  }
  for (const memory of found) memory.hold();
  return [...found];
}
