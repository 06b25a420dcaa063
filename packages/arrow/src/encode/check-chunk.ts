// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type DataType, type Dictionary, type Union, UnionMode } from 'apache-arrow';
import { invalid } from '../errors.js';
import { sameShape } from '../same-type.js';
import type { Layout } from '../types.js';
import { lacksRows } from './pieces.js';

/** A class of typed arrays. */
type ArrayClass = { readonly name: string };

/**
 * Whether a chunk is what the schema says: its type, its lengths, and its buffers, each looked at as a whole.
 *
 * apache-arrow's RecordBatch mixes the types of columns that share a name up, and its Data takes any array for any type;
 * sent, that would be wrong values.
 *
 * @throws {ArrowPayloadError} `ARROW_INVALID`
 */
export function checkChunk(type: DataType, layout: Layout, chunk: Data, name: string): void {
  if (!sameShape(type, chunk.type)) throw invalid(`the schema says ${type}, the data is ${chunk.type}`, name);
  checkLength(chunk.length, name);
  if (chunk.children.length > 0) checkChildren(chunk, type.children ?? [], `${name}.`);
  if (!Number.isInteger(chunk.offset)) throw invalid(`a slice that starts at ${String(chunk.offset)}`, name);
  if (layout === 'null') return;
  if (layout !== 'union') checkArray(chunk.nullBitmap, Uint8Array, 'validity bitmap is', name);
  checkValues(type, layout, chunk, name);
}

/** @throws {ArrowPayloadError} `ARROW_INVALID` */
export function checkLength(length: unknown, name?: string): void {
  if (Number.isInteger(length) && (length as number) >= 0 && (length as number) <= 0x7fff_ffff) return;
  throw invalid(`${String(length)} rows do not fit the format`, name);
}

/** The lengths of children: they are calculated with before the children themselves are looked at. */
export function checkChildren(chunk: Data, fields: readonly { readonly name: string }[], path: string): void {
  fields.forEach((field, index) => {
    const child = chunk.children[index];
    if (child !== undefined) checkLength(child.length, `${path}${field.name}`);
  });
}

function checkValues(type: DataType, layout: Layout, chunk: Data, name: string): void {
  switch (layout) {
    case 'fixed':
      checkArray(chunk.values, type.ArrayType, 'values are', name);
      break;
    case 'dictionary':
      checkArray(chunk.values, (type as Dictionary).indices.ArrayType, 'values are', name);
      break;
    case 'view':
      for (const buffer of chunk.variadicBuffers) checkArray(buffer, Uint8Array, 'viewed values are', name);
      checkArray(chunk.values, Uint8Array, 'values are', name);
      break;
    case 'bool':
      checkArray(chunk.values, Uint8Array, 'values are', name);
      break;
    case 'bytes':
      checkArray(chunk.values, Uint8Array, 'values are', name);
      checkOffsets(type, chunk, name);
      break;
    case 'list':
      checkOffsets(type, chunk, name);
      break;
    case 'union':
      checkArray(chunk.typeIds, Int8Array, 'type ids are', name);
      if ((type as Union).mode === UnionMode.Dense) checkArray(chunk.valueOffsets, Int32Array, 'offsets are', name);
      break;
  }
}

function checkOffsets(type: DataType, chunk: Data, name: string): void {
  checkArray(chunk.valueOffsets, type.OffsetArrayType, 'offsets are', name);
  const present = Math.max((chunk.valueOffsets?.length ?? 0) - 1, 0);
  if (lacksRows(chunk, present)) throw invalid('there are fewer offsets than rows', name);
}

/** By name: a class is another one in each realm, and Buffer is an Uint8Array. */
function checkArray(view: unknown, expected: ArrayClass, what: string, name: string): void {
  // The same class almost always: far quicker to see than a name.
  if (view === undefined || (ArrayBuffer.isView(view) && view.constructor === expected)) return;
  const kind = ArrayBuffer.isView(view) ? (view as Uint8Array)[Symbol.toStringTag] : undefined;
  if (kind === (expected.name as typeof kind)) return;
  const given = kind ?? (view as object | null)?.constructor?.name ?? String(view);
  throw invalid(`the ${what} ${given}, not ${expected.name}`, name);
}
