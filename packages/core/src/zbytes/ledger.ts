// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { NotZeroCopyError } from '../errors.js';

/**
 * Why bytes were copied.
 *
 * - `copy`: `ownership: 'copy'` was asked for.
 * - `small`: a received payload below the view threshold, copied out so that it does not pin a 64 KiB receive buffer.
 * - `gather`: a range that crosses segment borders was made contiguous.
 * - `misaligned`: a range inside one segment whose start does not have the asked alignment.
 * - `held`: something in zenoh still held a borrowed slice when `put` returned, as the cache of an advanced publisher does.
 * - `offload`: a put that could take long goes by a native thread, which may not read JavaScript's memory.
 * - `unstable-memory`: shared memory of JavaScript, which another thread can change under a reader, retained by copy.
 * - `external-buffers-forbidden`: the runtime refuses external ArrayBuffers.
 * - `hand-over`: JavaScript memory handed over to another thread, which can not share it.
 * - `convert`: a string or an adapter's value that had to be written into new memory.
 * - `decompress`: written anew from compressed bytes; the uncompressed bytes are counted.
 * - `websocket`: gathered into the one frame that a WebSocket sends.
 * - `coalesce`: small neighbours joined into one segment by an adapter.
 */
export type CopyReason =
  | 'copy'
  | 'small'
  | 'gather'
  | 'misaligned'
  | 'held'
  | 'offload'
  | 'unstable-memory'
  | 'external-buffers-forbidden'
  | 'hand-over'
  | 'convert'
  | 'decompress'
  | 'websocket'
  | 'coalesce';

/** A snapshot of a {@link Ledger}; all figures in bytes. */
export interface LedgerSnapshot {
  readonly carried: number;
  readonly copied: number;
  readonly reasons: Readonly<Partial<Record<CopyReason, number>>>;
}

/**
 * Counts the bytes that were carried and those that were copied, by reason.
 *
 * Each payload has one; a payload's figures also reach the publisher or subscriber it went through, and the session.
 */
export class Ledger {
  #carried = 0;
  #copied = 0;
  readonly #reasons: Partial<Record<CopyReason, number>> = {};
  #parent: Ledger | undefined;

  constructor(parent?: Ledger) {
    this.#parent = parent;
  }

  /** Payload bytes that went through. */
  get carried(): number {
    return this.#carried;
  }

  /** Bytes copied by this library, whatever the reason. */
  get copied(): number {
    return this.#copied;
  }

  /** Bytes copied for one reason. */
  copiedFor(reason: CopyReason): number {
    return this.#reasons[reason] ?? 0;
  }

  /** Counts payload bytes carried. */
  carry(bytes: number): void {
    this.#carried += bytes;
    this.#parent?.carry(bytes);
  }

  /** Counts payload bytes carried here alone: a payload put by a second publisher must not count again in the first. */
  carryAlone(bytes: number): void {
    this.#carried += bytes;
  }

  /** Counts `bytes` copied for `reason`; nothing is counted for 0 bytes. */
  count(reason: CopyReason, bytes: number): void {
    if (bytes === 0) return;
    this.#copied += bytes;
    this.#reasons[reason] = (this.#reasons[reason] ?? 0) + bytes;
    this.#parent?.count(reason, bytes);
  }

  /** Makes `parent` see the copies counted here so far and from now on. The first parent stays: nothing counts twice. */
  attach(parent: Ledger): void {
    if (this.#parent !== undefined) return;
    this.#parent = parent;
    if (this.#copied === 0) return;
    for (const [reason, bytes] of Object.entries(this.#reasons)) parent.count(reason as CopyReason, bytes);
  }

  snapshot(): LedgerSnapshot {
    return { carried: this.#carried, copied: this.#copied, reasons: { ...this.#reasons } };
  }

  /** @throws {NotZeroCopyError} code `NOT_ZERO_COPY`, when any byte was copied. */
  assertZeroCopy(): void {
    if (this.#copied !== 0) throw new NotZeroCopyError(this.#reasons as Record<string, number>);
  }
}
