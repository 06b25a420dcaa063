// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import * as content from './content.mjs';

/** `size` is the bytes of the frame, or elements of a list. @typedef {import('../in-memory/suite.mjs').Row} Row */

const MIB = 1024 * 1024;
const DOUBLES = { sizes: [131_072], elements: 'doubles', sum: content.doublesSum };
/** @param {(size: number) => Uint8Array} frame */
const packed = (frame) => ({ sizes: [MIB], sum: (/** @type {number} */ size) => content.byteSum(frame(size)) });
/** @param {number} megabytesPerSecond */
const speed = (megabytesPerSecond) => (/** @type {number} */ size) => size / megabytesPerSecond;

/** @type {readonly Row[]} */
export const rows = [
  { id: 'build', title: 'build, frame copied in, framed', sum: content.touchSum },
  { id: 'adopt', title: 'build, frame adopted, framed', sum: content.touchSum, goal: () => 20 },
  { id: 'frame', title: 'framing of a built message', sum: content.touchSum },
  { id: 'open', title: 'open and touch, one slice', sum: content.touchSum, goal: () => 20 },
  { id: 'odd', title: 'open and touch, one slice at an odd offset', sum: content.touchSum, goal: () => 20 },
  {
    id: 'slices',
    title: 'open and touch, slices of 64 KiB',
    sum: content.touchSum,
    goal: (size) => (size === 16 * MIB ? 200 : undefined),
  },
  { id: 'doubles-get', title: 'list.get(i)', ...DOUBLES },
  { id: 'doubles-of', title: 'for ... of list', ...DOUBLES },
  { id: 'doubles-array', title: 'list.toArray()', ...DOUBLES },
  { id: 'doubles-view', title: 'listView(list), others as above', ...DOUBLES },
  {
    id: 'structs-get',
    title: 'two fields of list.get(i)',
    sizes: [10_000],
    elements: 'structs',
    sum: content.structsSum,
  },
  { id: 'structs-of', title: 'two fields, for ... of', sizes: [10_000], elements: 'structs', sum: content.structsSum },
  { id: 'texts', title: 'for ... of list', sizes: [10_000], elements: 'texts', sum: content.textsSum },
  { id: 'pack-zeros', title: 'pack, mostly zeros', ...packed(content.zeroHeavyFrame), goal: speed(500) },
  { id: 'pack-dense', title: 'pack, dense', ...packed(content.denseFrame) },
  { id: 'unpack-zeros', title: 'unpack, mostly zeros', ...packed(content.zeroHeavyFrame), goal: speed(1000) },
  { id: 'unpack-dense', title: 'unpack, dense', ...packed(content.denseFrame), goal: speed(1000) },
];
