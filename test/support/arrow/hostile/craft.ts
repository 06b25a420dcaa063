// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type DataType, Field, Schema } from 'apache-arrow';
import {
  BodyCompression,
  BufferRegion,
  DictionaryBatch,
  FieldNode,
  RecordBatch as Header,
  Message,
} from 'apache-arrow/ipc/metadata/message';

/** What the metadata of a batch claims, whatever its body is. */
export interface Claims {
  readonly rows?: number;
  /** Length and nulls of each column, nested ones after their parent; one of `rows` without nulls unless given. */
  readonly nodes?: readonly (readonly [length: number, nulls: number])[];
  /** What the body consists of; each part starts at a multiple of 64. */
  readonly parts?: readonly ArrayBufferView[];
  /** Offset and length of each buffer; where the parts are, unless given. */
  readonly regions?: readonly (readonly [offset: number, length: number])[];
  readonly bodyLength?: number;
  /** A number of CompressionType. */
  readonly codec?: number;
  /** Data buffers of each column of views. */
  readonly variadic?: readonly number[];
}

export const NOTHING = new Uint8Array(0);
/** In the place of a validity bitmap that is not needed. */
const NO_NULLS = NOTHING;

export function joined(...parts: readonly ArrayBufferView[]): Uint8Array {
  const bytes = parts.map((each) => new Uint8Array(each.buffer, each.byteOffset, each.byteLength));
  return Uint8Array.from(Buffer.concat(bytes));
}

/** An encapsulated message. */
export function framed(metadata: Uint8Array, body: Uint8Array = NOTHING): Uint8Array {
  const padding = new Uint8Array((8 - (metadata.byteLength % 8)) % 8);
  return joined(Int32Array.of(-1, metadata.byteLength + padding.byteLength), metadata, padding, body);
}

/** A schema message of columns `a`, `b`, `c` and so on. */
export function schemaOf(...types: readonly DataType[]): Uint8Array {
  const fields = types.map((type, index) => new Field(String.fromCharCode(97 + index), type, true));
  // Its constructor would refuse dictionaries that share an id.
  return framed(Message.encode(Message.from(Object.assign(new Schema([]), { fields }))));
}

/** A message of a batch. */
export function batchOf(claims: Claims): Uint8Array {
  const { header, body, bodyLength } = claimed(claims);
  return framed(Message.encode(Message.from(header, bodyLength)), body);
}

/** A message of a dictionary. */
export function dictionaryOf(id: number, claims: Claims, isDelta = false): Uint8Array {
  const { header, body, bodyLength } = claimed(claims);
  return framed(Message.encode(Message.from(new DictionaryBatch(header, id, isDelta), bodyLength)), body);
}

/** A stream of one column and one batch. */
export function columnOf(type: DataType, claims: Claims): Uint8Array {
  return joined(schemaOf(type), batchOf(claims));
}

/** The buffers of a column without nulls: its validity, and what is given. */
export function valid(...parts: readonly ArrayBufferView[]): readonly ArrayBufferView[] {
  return [NO_NULLS, ...parts];
}

function claimed(claims: Claims) {
  const { rows = 8, nodes = [[rows, 0]], parts = [], codec, variadic = [] } = claims;
  const padded = parts.map((part) => joined(part, new Uint8Array((64 - (part.byteLength % 64)) % 64)));
  const body = joined(...padded);
  let at = 0;
  const own = parts.map((part, index): [number, number] => {
    const offset = at;
    at += padded[index]!.byteLength;
    return [offset, part.byteLength];
  });
  const { regions = own, bodyLength = body.byteLength } = claims;
  const header = new Header(
    rows,
    nodes.map(([length, nulls]) => new FieldNode(length, nulls)),
    regions.map(([offset, length]) => new BufferRegion(offset, length)),
    codec === undefined ? null : new BodyCompression(codec),
    [...variadic],
  );
  return { header, body, bodyLength };
}
