// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { Message } from 'capnp-es';
import { cut, kept, moved } from '../in-memory/peer.mjs';
import * as content from './content.mjs';
import { loadSchema } from './schema.mjs';

/** @typedef {import('../in-memory/peer.mjs').Job} Job */

/**
 * The ways of one library; where it has no way of its own for something, the best it has.
 *
 * @template {Message} Built
 * @typedef {object} Library
 * @property {() => Built} create
 * @property {(root: Telemetry, frame: Uint8Array, message: Built) => void} adopt
 * @property {(message: Built) => readonly Uint8Array[]} frame the message as it is sent
 * @property {(slices: readonly Uint8Array[]) => Message} open
 * @property {(root: Telemetry) => readonly Uint8Array[]} frameSegments
 * @property {(list: import('capnp-es').List<number>) => ArrayLike<number>} view
 * @property {(message: Built) => readonly Uint8Array[]} pack
 * @property {(bytes: readonly Uint8Array[]) => Message} unpack
 */

/** @typedef {import('../../test/golden/capnp/telemetry.js').Telemetry} Telemetry */

const { Telemetry } = await loadSchema();

/** @template {Message} Built @param {Library<Built>} library @returns {Record<string, (size: number) => Job>} */
export function jobsOf(library) {
  const { create, open } = library;
  const root = (/** @type {Message} */ message) => message.getRoot(Telemetry);
  /** @param {(root: Telemetry, message: Built) => void} fill */
  const built = (fill) => {
    const message = create();
    fill(message.initRoot(Telemetry), message);
    return message;
  };
  /** The bytes of a message that stock capnp-es built: the same for both. @param {(root: Telemetry) => void} fill */
  const sent = (fill) => {
    const message = new Message();
    fill(message.initRoot(Telemetry));
    return new Uint8Array(message.toArrayBuffer());
  };
  const copied = (/** @type {Uint8Array} */ frame) => (/** @type {Telemetry} */ root) => {
    content.fillFields(root);
    root._initFrame(frame.byteLength).copyBuffer(frame);
  };
  const framed = (/** @type {number} */ size) => sent(copied(content.countingFrame(size)));
  /** A job whose result is a message on its way. @param {() => readonly Uint8Array[]} run @returns {Job} */
  const sending = (run) => kept(run, (segments) => content.touch(root(open(segments))));
  /** A job that opens and reads. @param {readonly Uint8Array[]} slices @param {(root: Telemetry) => number} read */
  const reading = (slices, read) => kept(() => read(root(open(slices))), Number);
  /** @param {(size: number) => Uint8Array} frame @param {number} size */
  const packing = (frame, size) => {
    const message = built((root) => root._initFrame(size).copyBuffer(frame(size)));
    return kept(
      () => library.pack(message),
      (packed) => content.byteSum(root(library.unpack(packed)).frame.toUint8Array()),
    );
  };
  /** @param {(size: number) => Uint8Array} frame @param {number} size */
  const unpacking = (frame, size) => {
    const packed = library.pack(built((root) => root._initFrame(size).copyBuffer(frame(size))));
    return kept(() => root(library.unpack(packed)).frame.toUint8Array(), content.byteSum);
  };

  return {
    build: (size) => {
      const frame = content.countingFrame(size);
      return sending(() => library.frame(built(copied(frame))));
    },
    adopt: (size) => {
      const frame = content.countingFrame(size);
      const fill = (/** @type {Telemetry} */ root, /** @type {Built} */ message) => {
        content.fillFields(root);
        library.adopt(root, frame, message);
      };
      return sending(() => library.frame(built(fill)));
    },
    frame: (size) => {
      const message = built(copied(content.countingFrame(size)));
      return sending(() => library.frame(message));
    },
    open: (size) => reading([framed(size)], content.touch),
    odd: (size) => reading([moved(framed(size), 1)], content.touch),
    slices: (size) => {
      const touch = (/** @type {Telemetry} */ root) =>
        content.touchFields(root) + content.touchSegments(library.frameSegments(root));
      return reading(cut(framed(size)), touch);
    },
    'doubles-get': (size) => reading([sent((root) => content.fillDoubles(root, size))], sumByIndex),
    'doubles-of': (size) => reading([sent((root) => content.fillDoubles(root, size))], (root) => sum(root.spectrum)),
    'doubles-array': (size) =>
      reading([sent((root) => content.fillDoubles(root, size))], (root) => sumOfArray(root.spectrum.toArray())),
    'doubles-view': (size) =>
      reading([sent((root) => content.fillDoubles(root, size))], (root) => sumOfArray(library.view(root.spectrum))),
    'structs-get': (size) => reading([sent((root) => content.fillStructs(root, size))], structsByIndex),
    'structs-of': (size) => reading([sent((root) => content.fillStructs(root, size))], structsInOrder),
    texts: (size) => reading([sent((root) => content.fillTexts(root, size))], (root) => content.touchTexts(root.tags)),
    'pack-zeros': (size) => packing(content.zeroHeavyFrame, size),
    'pack-dense': (size) => packing(content.denseFrame, size),
    'unpack-zeros': (size) => unpacking(content.zeroHeavyFrame, size),
    'unpack-dense': (size) => unpacking(content.denseFrame, size),
  };
}

/** @param {Iterable<number>} values */
function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** @param {ArrayLike<number>} values */
function sumOfArray(values) {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += /** @type {number} */ (values[i]);
  return total;
}

/** @param {Telemetry} root */
function sumByIndex(root) {
  const list = root.spectrum;
  let total = 0;
  for (let i = 0, { length } = list; i < length; i++) total += list.get(i);
  return total;
}

/** @param {Telemetry} root */
function structsByIndex(root) {
  const list = root.readings;
  let total = 0;
  for (let i = 0, { length } = list; i < length; i++) {
    const reading = list.get(i);
    total += reading.value + reading.health;
  }
  return total;
}

/** @param {Telemetry} root */
function structsInOrder(root) {
  let total = 0;
  for (const reading of root.readings) total += reading.value + reading.health;
  return total;
}
