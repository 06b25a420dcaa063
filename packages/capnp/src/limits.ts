// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CapnpPayloadError } from './errors.js';

/** Bounds on what a received message may cost; every one is checked before the memory or time is spent. */
export interface CapnpLimits {
  /** A frame must name fewer segments than this: 512, as in the C++ reader, unless given. */
  readonly segmentLimit?: number;
  /** Bytes of all segments together; 64 MiB unless given. */
  readonly maxBytes?: number;
  /**
   * Bytes that pointers may lead to from one `getRoot` to the next; 1 MiB plus 8 times the payload's length unless given,
   * which every message read once keeps far from. Small things are charged by the time they cost: a pointer that is
   * followed 8 at least, a struct 64, an element without size 8, a bit 1. A field that is read again from the same
   * object is not charged again; what is reached by a new one (another `list.get(i)`) is. A message whose pointers alias
   * or form a cycle runs into it.
   */
  readonly traversalBytes?: number;
  /** How deep pointers may nest; 64, the C++ reader's default, unless given. An element of a struct list counts one. */
  readonly depth?: number;
  /**
   * A packed payload may unpack to 16 MiB plus this many times its packed length; 16 unless given. Zeros pack to a
   * thousandth: more than that is refused as a bomb. `maxBytes` bounds the unpacked message as well.
   */
  readonly packedRatio?: number;
}

const MEBIBYTE = 1024 * 1024;

/** Fills in the defaults; `traversalBytes` stays open, as its default depends on the message. */
export function resolveLimits(limits: CapnpLimits) {
  return {
    segmentLimit: positive('segmentLimit', limits.segmentLimit ?? 512),
    maxBytes: positive('maxBytes', limits.maxBytes ?? 64 * MEBIBYTE),
    traversalBytes: limits.traversalBytes === undefined ? undefined : positive('traversalBytes', limits.traversalBytes),
    depth: positive('depth', limits.depth ?? 64),
    packedRatio: positive('packedRatio', limits.packedRatio ?? 16),
  };
}

export type ResolvedLimits = Readonly<ReturnType<typeof resolveLimits>>;

/** What one traversal of a message of `length` bytes may cost. */
export function traversalBudget(limits: ResolvedLimits, length: number): number {
  return limits.traversalBytes ?? MEBIBYTE + 8 * length;
}

function positive(name: string, value: number): number {
  if (value > 0) return value;
  throw new CapnpPayloadError('CAPNP_INVALID', `the limit ${name} must be a positive number, not ${value}`);
}
