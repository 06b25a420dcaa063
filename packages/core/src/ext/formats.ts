// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** How a `number` is written: the width and kind of its little-endian bytes. */
export enum NumberFormat {
  Float64 = 1,
  Float32 = 2,
  Int64 = 3,
  Uint64 = 4,
  Int32 = 5,
  Uint32 = 6,
  Int16 = 7,
  Uint16 = 8,
  Int8 = 9,
  Uint8 = 10,
}

/** How a `bigint` is written. The 128-bit formats are those of Rust and Python; zenoh-ts has none. */
export enum BigIntFormat {
  Int64 = 1,
  Uint64 = 2,
  Int128 = 3,
  Uint128 = 4,
}
