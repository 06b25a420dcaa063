// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  Data,
  type DataType,
  type Dictionary,
  type Field,
  type FixedSizeList,
  MetadataVersion,
  Type,
  type Union,
  UnionMode,
} from 'apache-arrow';
import { invalid, unsupportedFeature } from '../errors.js';
import type { ArrowLimits } from '../limits.js';
import {
  alignmentOf,
  type Layout,
  layoutOf,
  NO_OFFSETS,
  type Offsets,
  offsetWidthOf,
  VIEW_BYTES,
  widthOf,
} from '../types.js';
import { BatchCursor, type Node } from './batch-cursor.js';
import type { BatchHead } from './batch-head.js';
import type { Body } from './body.js';
import type { DictionaryStore } from './dictionary-store.js';
import type { PayloadBudget } from './payload-budget.js';
import { TextData } from './text-data.js';
import { checkIndices } from './validate/indices.js';
import { checkNulls } from './validate/nulls.js';
import { checkEnds, checkOffsets } from './validate/offsets.js';
import { checkText } from './validate/text.js';
import { checkUnion } from './validate/union.js';
import { checkViewed, checkViews } from './validate/views.js';

/** What loading a column needs besides its message. */
export interface LoadContext {
  readonly limits: ArrowLimits;
  /** Whether every offset and index is checked, not only what keeps reads inside the payload. */
  readonly full: boolean;
  /** Of all messages of the payload. */
  readonly budget: PayloadBudget;
  /** Where columns get their dictionaries, once they are settled. */
  readonly dictionaries: DictionaryStore;
}

/** A column's buffers in the order of apache-arrow's BufferType. */
type Buffers = readonly [
  offsets: Offsets | undefined,
  values: ArrayBufferView | undefined,
  validity: Uint8Array | undefined,
  typeIds?: Int8Array,
];

/** How long a column is whose parent says it. */
interface Size {
  /** Values that it must have. */
  readonly needed: number;
  /** Values that are kept of them, as the parent is itself longer than it should be. */
  readonly kept: number;
}

/** Builds the columns of one message over its body, as the layouts of their types say. */
export class ColumnLoader {
  readonly #head: BatchHead;
  readonly #cursor: BatchCursor;
  readonly #context: LoadContext;
  readonly #version: MetadataVersion;

  constructor(head: BatchHead, body: Body, context: LoadContext, version = MetadataVersion.V5) {
    this.#head = head;
    this.#cursor = new BatchCursor(head, body, context.limits);
    this.#context = context;
    this.#version = version;
  }

  /** All columns of a batch; the message must have what they need and nothing else. */
  columns(fields: readonly Pick<Field, 'type' | 'name'>[]): Data[] {
    const { rows } = this.#head;
    if (fields.length === 0) this.#context.budget.byteless(rows);
    const columns = fields.map((field) => {
      const data = this.column(field.type, field.name);
      if (data.length !== rows) throw invalid(`${data.length} values in a batch of ${rows} rows`, field.name);
      return data;
    });
    this.#cursor.end();
    return columns;
  }

  /**
   * @param size of a column that may be longer than its parent wants it, as {@link Size} says. Each column is made as
   * long as it should be: to slice it afterwards would make all those below it anew, once for each level above them.
   */
  column(type: DataType, name: string, size?: Size): Data {
    const layout = layoutOf(type, name);
    const claimed = this.#cursor.node(name);
    if (size !== undefined && claimed.length < size.needed) {
      throw invalid(`a child of ${claimed.length} values where ${size.needed} are needed`, name);
    }
    const node = size === undefined ? claimed : shortened(claimed, size.kept);
    if (layout === 'null') {
      this.#context.budget.byteless(node.length);
      return new Data(type, 0, node.length, node.length);
    }
    if (layout === 'union') return this.#union(type as Union, claimed, node.length, name);
    const validity = this.#cursor.validity(claimed, name);
    if (this.#context.full && claimed.nulls > 0) checkNulls(validity, claimed.length, claimed.nulls, name);
    return this.#values(layout, type, node, validity, name, claimed.length);
  }

  /** @param claimed the length that the message says, of which its children have as much. */
  #values(layout: Layout, type: DataType, node: Node, validity: Uint8Array, name: string, claimed: number): Data {
    const { length } = node;
    switch (layout) {
      case 'bool':
        return data(type, node, [undefined, this.#cursor.bytes(Math.ceil(length / 8), 1, name), validity]);
      case 'bytes':
        return this.#bytes(type, node, validity, name);
      case 'view':
        return this.#views(type, node, validity, name);
      case 'list':
        return this.#list(type, node, validity, name);
      case 'fixed list':
        return this.#fixedList(type as FixedSizeList, node, validity, name, claimed);
      case 'struct':
        if (type.children.length === 0) this.#context.budget.byteless(length);
        return data(type, node, [undefined, undefined, validity], this.#members(type, claimed, length, name));
      case 'dictionary':
        return this.#dictionary(type as Dictionary, node, validity, name);
      default:
        return data(type, node, [undefined, this.#fixed(type, length, name), validity]);
    }
  }

  #bytes(type: DataType, node: Node, validity: Uint8Array, name: string): Data {
    const offsets = this.#offsets(type, node.length, name);
    const end = checkEnds(offsets, node.length, name);
    const bytes = this.#cursor.bytes(end, 1, name);
    const isText = type.typeId === Type.Utf8 || type.typeId === Type.LargeUtf8;
    const { full } = this.#context;
    if (full) {
      checkOffsets(offsets, node.length, name);
      if (isText) checkText(bytes, offsets, validity, name);
    }
    return isText
      ? new TextData(type, node, offsets, bytes, validity, name, full)
      : data(type, node, [offsets, bytes, validity]);
  }

  #views(type: DataType, node: Node, validity: Uint8Array, name: string): Data {
    const views = this.#cursor.bytes(node.length * VIEW_BYTES, 1, name);
    const buffers = this.#cursor.dataBuffers(name);
    const isText = type.typeId === Type.Utf8View;
    const bytes = checkViews(views, buffers, validity, name);
    // Views of binary values give the bytes themselves: nothing is made of them.
    if (isText) this.#context.budget.shared(bytes);
    if (this.#context.full) checkViewed(views, buffers, validity, isText, name);
    return data(type, node, [undefined, views, validity], [], buffers);
  }

  #list(type: DataType, node: Node, validity: Uint8Array, name: string): Data {
    const offsets = this.#offsets(type, node.length, name);
    // Always in full: apache-arrow makes a vector as long as two offsets are apart, whatever the items' length.
    checkOffsets(offsets, node.length, name);
    const items = this.#child(type, 0, name);
    if (Number(offsets[node.length]) > items.length) throw invalid('offsets beyond the items', name);
    return data(type, node, [offsets, undefined, validity], [items]);
  }

  #fixedList(type: FixedSizeList, node: Node, validity: Uint8Array, name: string, claimed: number): Data {
    const { listSize } = type;
    if (listSize === 0) this.#context.budget.byteless(node.length);
    const items = this.#child(type, 0, name, { needed: claimed * listSize, kept: node.length * listSize });
    return data(type, node, [undefined, undefined, validity], [items]);
  }

  #union(type: Union, { length: claimed, nulls }: Node, length: number, name: string): Data {
    if (this.#version < MetadataVersion.V5) {
      this.#cursor.bytes(0, 1, name);
      if (nulls > 0) throw unsupportedFeature('a union with nulls of its own, as metadata V4 has them,');
    }
    const ids = this.#cursor.bytes(length, 1, name);
    const typeIds = length === 0 ? NO_TYPE_IDS : new Int8Array(ids.buffer, ids.byteOffset, length);
    const dense = type.mode === UnionMode.Dense;
    const offsets = dense ? this.#int32s(length, name) : undefined;
    const children = dense
      ? type.children.map((_, index) => this.#child(type, index, name))
      : this.#members(type, claimed, length, name);
    const { full: rising, budget } = this.#context;
    const admitRepeated = (bytes: number) => budget.shared(bytes);
    const admitSteps = (count: number) => budget.step(count);
    checkUnion(type, typeIds, offsets, children, { rising, admitRepeated, admitSteps }, name);
    return data(type, { length, nulls: 0 }, [offsets, undefined, undefined, typeIds], children);
  }

  #dictionary(type: Dictionary, node: Node, validity: Uint8Array, name: string): Data {
    const indices = this.#fixed(type.indices, node.length, name);
    const { dictionaries, full } = this.#context;
    const size = dictionaries.lengthOf(type.id);
    if (size === undefined && node.nulls < node.length) {
      throw invalid(`the payload has no dictionary ${type.id} before this batch`, name);
    }
    if (full) checkIndices(indices as Int32Array, validity, size ?? 0, name);
    const column = data(type, node, [undefined, indices, validity]);
    if (size === undefined) column.dictionary = dictionaries.none(type.dictionary);
    else dictionaries.attach(type.id, column);
    return column;
  }

  /** Children that have as many values as their parent. */
  #members(type: DataType, needed: number, kept: number, name: string): Data[] {
    const size = { needed, kept };
    return type.children.map((_, index) => this.#child(type, index, name, size));
  }

  #child(type: DataType, index: number, name: string, size?: Size): Data {
    const field = type.children[index] as Field;
    return this.column(field.type, `${name}.${field.name}`, size);
  }

  #fixed(type: DataType, length: number, name: string): ArrayBufferView {
    const width = widthOf(type);
    if (width === 0) this.#context.budget.byteless(length);
    const bytes = this.#cursor.bytes(length * width, alignmentOf(type), name);
    const { ArrayType } = type;
    if (bytes.byteLength === 0) return noValues(ArrayType);
    return new ArrayType(bytes.buffer, bytes.byteOffset, bytes.byteLength / ArrayType.BYTES_PER_ELEMENT);
  }

  /** Without values there may be no offsets at all. */
  #offsets(type: DataType, length: number, name: string): Offsets {
    const width = offsetWidthOf(type);
    const bytes = this.#cursor.bytes(length === 0 ? 0 : (length + 1) * width, width, name);
    if (length === 0) return NO_OFFSETS[width];
    return width === 8
      ? new BigInt64Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, length + 1)
      : new Int32Array(bytes.buffer, bytes.byteOffset, length + 1);
  }

  #int32s(length: number, name: string): Int32Array {
    const bytes = this.#cursor.bytes(length * 4, 4, name);
    return length === 0 ? NO_INT32S : new Int32Array(bytes.buffer, bytes.byteOffset, length);
  }
}

const NO_TYPE_IDS = new Int8Array(0);
const NO_INT32S = new Int32Array(0);

const empty = new Map<DataType['ArrayType'], ArrayBufferView>();

/** One array for all columns without values: an array each would take more memory than what was received. */
function noValues(ArrayType: DataType['ArrayType']): ArrayBufferView {
  let values = empty.get(ArrayType);
  if (values === undefined) {
    values = new ArrayType(0) as ArrayBufferView;
    empty.set(ArrayType, values);
  }
  return values;
}

function data(
  type: DataType,
  { length, nulls }: Node,
  buffers: Buffers,
  children: Data[] = [],
  dataBuffers: readonly Uint8Array[] = [],
): Data {
  return new Data(type, 0, length, nulls, buffers as never, children, undefined, dataBuffers);
}

/** The first values of a column; how many of them are null is counted when somebody asks. */
function shortened(node: Node, length: number): Node {
  if (node.length === length) return node;
  if (node.nulls === node.length) return { length, nulls: length };
  return { length, nulls: node.nulls === 0 ? 0 : -1 };
}
