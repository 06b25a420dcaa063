// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CapnpPayloadError } from './errors.js';

/** Bounds on what a received message may cost; every one is checked before the memory or time is spent. */
export interface CapnpLimits {
  /** A frame must name fewer segments than this: 512, as in the C++ reader, unless given. */
  readonly segmentLimit?: number;
  /**
   * Bytes of all segments together; 64 MiB, the C++ reader's default, unless given. It bounds as well the memory that
   * reading allocates for absent structs and for structs of older senders.
   */
  readonly maxBytes?: number;
  /**
   * Bytes that may be traversed from one `getRoot` to the next; 64 MiB plus 64 times the message's size unless given.
   * A message whose pointers alias or form a cycle runs into it. capnp-es charges 8 for each pointer object it makes,
   * which is 8 to 80 for a field read; a text, and data copied out, is charged its length as well.
   */
  readonly traversalBytes?: number;
  /** How deep pointers may nest; 64, the C++ reader's default, unless given. An element of a struct list counts one. */
  readonly depth?: number;
}

const MEBIBYTE = 1024 * 1024;

/** Fills in the defaults; `traversalBytes` stays open, as its default depends on the message. */
export function resolveLimits(limits: CapnpLimits) {
  return {
    segmentLimit: positive('segmentLimit', limits.segmentLimit ?? 512),
    maxBytes: positive('maxBytes', limits.maxBytes ?? 64 * MEBIBYTE),
    traversalBytes: limits.traversalBytes === undefined ? undefined : positive('traversalBytes', limits.traversalBytes),
    depth: positive('depth', limits.depth ?? 64),
  };
}

export type ResolvedLimits = Readonly<ReturnType<typeof resolveLimits>>;

/** What one traversal of a message of `length` bytes may cost. */
export function traversalBudget(limits: ResolvedLimits, length: number): number {
  return limits.traversalBytes ?? 64 * MEBIBYTE + 64 * length;
}

function positive(name: string, value: number): number {
  if (value > 0) return value;
  throw new CapnpPayloadError('CAPNP_INVALID', `the limit ${name} must be a positive number, not ${value}`);
}
