// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import { BufferType, Data, type DataType, type Dictionary, type Field, Vector } from 'apache-arrow';
import { beyond, invalid } from '../errors.js';
import type { ArrowLimits } from '../limits.js';
import { layoutOf, widthOf } from '../types.js';
import type { BatchHead } from './batch-head.js';
import { checkIndices, checkOffsets } from './validate.js';

/** Where the body of a message is in a payload. */
export interface Body {
  readonly payload: ZBytes;
  readonly start: number;
  readonly bytes: number;
}

/** What loading a column needs besides its message. */
export interface LoadContext {
  readonly limits: ArrowLimits;
  /** Whether every offset and index is checked, not only what keeps reads inside the payload. */
  readonly full: boolean;
  readonly dictionary: (id: number) => Vector | undefined;
}

interface Node {
  readonly length: number;
  readonly nulls: number;
}

const NOTHING = new Uint8Array(0);
const NO_OFFSETS = new Int32Array(1);

/**
 * Builds the columns of one message over its body.
 *
 * Each buffer is asked of the payload alone, and only as many bytes of it as the rows need: a view where one segment
 * holds it aligned, otherwise a gather that the payload's ledger counts.
 */
export class ColumnLoader {
  readonly #head: BatchHead;
  readonly #body: Body;
  readonly #context: LoadContext;
  #nextNode = 0;
  #nextRegion = 0;
  #loaded = 0;

  constructor(head: BatchHead, body: Body, context: LoadContext) {
    this.#head = head;
    this.#body = body;
    this.#context = context;
  }

  /** All columns of a batch; the message must have what they need and nothing else. */
  columns(fields: readonly Pick<Field, 'type' | 'name'>[]): Data[] {
    const { rows, nodes, regions } = this.#head;
    const columns = fields.map((field) => {
      const data = this.column(field.type, field.name);
      if (data.length !== rows) throw invalid(`${data.length} values in a batch of ${rows} rows`, field.name);
      return data;
    });
    if (this.#nextNode !== nodes.length || this.#nextRegion !== regions.length) {
      throw invalid('the batch has more nodes or buffers than the schema has columns');
    }
    return columns;
  }

  column(type: DataType, name: string): Data {
    const layout = layoutOf(type, name);
    const node = this.#node(name);
    if (layout === 'null') return new Data(type, 0, node.length, node.length);
    const validity = this.#validity(node, name);
    switch (layout) {
      case 'fixed':
        return this.#data(type, node, validity, this.#fixed(type, node.length, name));
      case 'bool':
        return this.#data(type, node, validity, this.#buffer(Math.ceil(node.length / 8), 1, name));
      case 'utf8': {
        const offsets = this.#offsets(node.length, name);
        const end = offsets[node.length] as number;
        if (this.#context.full) checkOffsets(offsets, node.length, name);
        else if ((offsets[0] as number) < 0 || end < (offsets[0] as number)) throw invalid('offsets that fall', name);
        return this.#data(type, node, validity, this.#buffer(end, 1, name), offsets);
      }
      case 'list': {
        const offsets = this.#offsets(node.length, name);
        // Always in full: apache-arrow makes a vector as long as two offsets are apart, whatever the items' length.
        checkOffsets(offsets, node.length, name);
        const item = type.children[0] as Field;
        const child = this.column(item.type, `${name}.${item.name}`);
        if ((offsets[node.length] as number) > child.length) throw invalid('offsets beyond the items', name);
        return new Data(
          type,
          0,
          node.length,
          node.nulls,
          { [BufferType.OFFSET]: offsets, [BufferType.VALIDITY]: validity },
          [child],
        );
      }
      case 'struct': {
        const children = type.children.map((field) => {
          const child = this.column(field.type, `${name}.${field.name}`);
          if (child.length < node.length) throw invalid('fewer values than its struct has', `${name}.${field.name}`);
          return child.length === node.length ? child : child.slice(0, node.length);
        });
        return new Data(type, 0, node.length, node.nulls, { [BufferType.VALIDITY]: validity }, children);
      }
      case 'dictionary':
        return this.#dictionary(type as Dictionary, node, validity, name);
    }
  }

  #dictionary(type: Dictionary, node: Node, validity: Uint8Array, name: string): Data {
    const indices = this.#fixed(type.indices, node.length, name);
    const known = this.#context.dictionary(type.id);
    if (known === undefined && node.nulls < node.length) {
      throw invalid(`the payload has no dictionary ${type.id} before this batch`, name);
    }
    const vector = known ?? new Vector([new Data(type.dictionary, 0, 0, 0)]);
    if (this.#context.full) {
      checkIndices(indices as Int32Array, node.nulls === 0 ? undefined : validity, vector.length, name);
    }
    const data = this.#data(type, node, validity, indices);
    data.dictionary = vector;
    return data;
  }

  #data(type: DataType, node: Node, validity: Uint8Array, values: ArrayBufferView, offsets?: Int32Array): Data {
    const buffers = { [BufferType.DATA]: values, [BufferType.VALIDITY]: validity };
    if (offsets !== undefined) Object.assign(buffers, { [BufferType.OFFSET]: offsets });
    return new Data(type, 0, node.length, node.nulls, buffers);
  }

  #node(name: string): Node {
    const { nodes } = this.#head;
    const index = this.#nextNode++;
    if (index >= nodes.length) throw invalid('the batch has no node for the column', name);
    const length = nodes.int64(index, 0);
    const nulls = nodes.int64(index, 8);
    const { maxRows } = this.#context.limits;
    if (length < 0) throw invalid(`${length} values`, name);
    if (length > maxRows) throw beyond('maxRows', length, maxRows);
    return { length, nulls };
  }

  #validity({ length, nulls }: Node, name: string): Uint8Array {
    if (nulls < 0 || nulls > length) throw invalid(`${nulls} nulls among ${length} values`, name);
    return this.#buffer(nulls === 0 ? 0 : Math.ceil(length / 8), 1, name);
  }

  #fixed(type: DataType, length: number, name: string): ArrayBufferView {
    const bytes = this.#buffer(length * widthOf(type), widthOf(type), name);
    return new type.ArrayType(bytes.buffer, bytes.byteOffset, length);
  }

  /** Without values there may be no offsets at all. */
  #offsets(length: number, name: string): Int32Array {
    const bytes = this.#buffer(length === 0 ? 0 : (length + 1) * 4, 4, name);
    return length === 0 ? NO_OFFSETS : new Int32Array(bytes.buffer, bytes.byteOffset, length + 1);
  }

  /** The first `needed` bytes of the next buffer. */
  #buffer(needed: number, alignment: number, name: string): Uint8Array {
    const { regions } = this.#head;
    const index = this.#nextRegion++;
    if (index >= regions.length) throw invalid('the batch has too few buffers', name);
    const offset = regions.int64(index, 0);
    const length = regions.int64(index, 8);
    const { payload, start, bytes } = this.#body;
    if (offset < 0 || length < 0 || offset + length > bytes) throw invalid('a buffer outside the body', name);
    if (needed > length) throw invalid(`a buffer of ${length} bytes where ${needed} are needed`, name);
    // Buffers over the same bytes would each be gathered: together they can't need more than there is.
    this.#loaded += needed;
    if (this.#loaded > bytes) throw invalid('buffers that overlap', name);
    return needed === 0 ? NOTHING : payload.range(start + offset, start + offset + needed, alignment);
  }
}
