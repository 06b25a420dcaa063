// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Bytes of a `KeyValue` (Schema.fbs) and of its vtable, each at a multiple of 4. */
const VTABLE_BYTES = 8;
const TABLE_BYTES = 12;

/** Keys and values as UTF-8. */
export type EncodedKeyValues = readonly (readonly [key: Uint8Array, value: Uint8Array])[];

export function encodeKeyValues(entries: ReadonlyMap<string, string>): EncodedKeyValues {
  const utf8 = new TextEncoder();
  return Array.from(entries, ([key, value]) => [utf8.encode(key), utf8.encode(value)] as const);
}

/** Bytes that {@link writeKeyValues} takes. */
export function keyValueBytes(entries: EncodedKeyValues): number {
  if (entries.length === 0) return 0;
  const each = entries.map(([key, value]) => 4 + TABLE_BYTES + stringBytes(key) + stringBytes(value));
  return 4 + VTABLE_BYTES + each.reduce((sum, bytes) => sum + bytes, 0);
}

/** Writes a vector of `KeyValue` tables at `start`, a multiple of 4: its count, references, one vtable, the tables. */
export function writeKeyValues(bytes: Uint8Array, view: DataView, start: number, entries: EncodedKeyValues): void {
  view.setUint32(start, entries.length, true);
  const vtable = start + 4 + 4 * entries.length;
  [VTABLE_BYTES, TABLE_BYTES, 4, 8].forEach((word, index) => {
    view.setUint16(vtable + 2 * index, word, true);
  });
  let table = vtable + VTABLE_BYTES;
  entries.forEach(([key, value], index) => {
    const reference = start + 4 + 4 * index;
    const keyAt = table + TABLE_BYTES;
    const valueAt = keyAt + stringBytes(key);
    view.setUint32(reference, table - reference, true);
    view.setInt32(table, table - vtable, true);
    view.setUint32(table + 4, keyAt - (table + 4), true);
    view.setUint32(table + 8, valueAt - (table + 8), true);
    for (const [at, string] of [
      [keyAt, key],
      [valueAt, value],
    ] as const) {
      view.setUint32(at, string.byteLength, true);
      bytes.set(string, at + 4);
    }
    table = valueAt + stringBytes(value);
  });
}

/** Length, bytes, a zero, and padding to 4. */
function stringBytes(string: Uint8Array): number {
  return 4 + Math.ceil((string.byteLength + 1) / 4) * 4;
}
