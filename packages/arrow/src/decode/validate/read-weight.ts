// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Data, type FixedSizeList, Type, type Union, UnionMode } from 'apache-arrow';
import { VIEW_BYTES } from '../../types.js';

/** What a reader has of an item of a list besides its text: a place in an array. */
const ITEM_BYTES = 8;
/** What he has of a struct's member, a view or a union's value: an object. */
const OBJECT_BYTES = 32;

/** Is told how many steps are taken next, and throws when they become too many. */
export type Step = (count: number) => void;

/** Whether reading a value of a column can make more than one value of constant size. Dictionaries share what they give. */
export function canWeigh({ type }: Data): boolean {
  switch (type.typeId) {
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
    case Type.List:
    case Type.LargeList:
    case Type.FixedSizeList:
    case Type.Map:
    case Type.Struct:
    case Type.Union:
      return true;
    default:
      return false;
  }
}

/**
 * The bytes of what reading the values [begin, end) in full makes: strings, and all values nested in them. The columns
 * were verified. Whatever takes time is a step, of which `step` is told before.
 */
export function weigh(data: Data, begin: number, end: number, step: Step): number {
  if (begin === end) return 0;
  step(1);
  switch (data.typeId) {
    case Type.Utf8:
    case Type.LargeUtf8:
      return Number(data.valueOffsets[end]) - Number(data.valueOffsets[begin]);
    case Type.Utf8View:
      return weighViews(data, begin, end, step);
    case Type.List:
    case Type.LargeList:
    case Type.Map:
      return weighItems(data, Number(data.valueOffsets[begin]), Number(data.valueOffsets[end]), step);
    case Type.FixedSizeList: {
      const { listSize } = data.type as FixedSizeList;
      return weighItems(data, begin * listSize, end * listSize, step);
    }
    case Type.Struct: {
      let bytes = (end - begin) * OBJECT_BYTES * data.children.length;
      for (const child of data.children) bytes += weigh(child, begin, end, step);
      return bytes;
    }
    case Type.Union:
      return weighUnion(data, begin, end, step);
    default:
      return 0;
  }
}

function weighItems(data: Data, begin: number, end: number, step: Step): number {
  return (end - begin) * ITEM_BYTES + weigh(data.children[0] as Data, begin, end, step);
}

function weighViews({ values }: Data, begin: number, end: number, step: Step): number {
  step(end - begin);
  const views = values as Uint8Array;
  const words = new DataView(views.buffer, views.byteOffset, views.byteLength);
  let bytes = 0;
  for (let row = begin; row < end; row++) bytes += Math.max(words.getInt32(row * VIEW_BYTES, true), OBJECT_BYTES);
  return bytes;
}

function weighUnion(data: Data, begin: number, end: number, step: Step): number {
  step(end - begin);
  const { mode, typeIdToChildIndex } = data.type as Union;
  let bytes = (end - begin) * OBJECT_BYTES;
  for (let row = begin; row < end; row++) {
    const child = data.children[typeIdToChildIndex[data.typeIds[row] as number] as number] as Data;
    const at = mode === UnionMode.Dense ? (data.valueOffsets[row] as number) : row;
    bytes += weigh(child, at, at + 1, step);
  }
  return bytes;
}
