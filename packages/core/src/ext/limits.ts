// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/**
 * How deep values may nest. Recursive types make the depth a matter of the bytes received, and a stack that overflows
 * is not an error that a caller can tell apart. Node's stack has room for about five times as much.
 */
export const MAX_DEPTH = 256;

/**
 * How many elements of no bytes (an object without fields, an empty tuple) all sequences of a payload may have in sum.
 * Without a bound, ten bytes of length prefix would ask for 2^53 of them.
 */
export const MAX_EMPTY_ELEMENTS = 4096;

/** From this size on an array is a segment of its own; below, copying it costs less than carrying a segment. */
export const OWN_SEGMENT_BYTES = 1024;
