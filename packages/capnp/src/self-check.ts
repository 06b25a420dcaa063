// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZBytes } from '@zenoh-segments/core';
import { Float64List, Message, ObjectSize, Struct, utils } from 'capnp-es';
import { fixedAllocator } from './building/allocator.js';
import { MessageBuilder } from './building/message-builder.js';
import { fromZBytes } from './from-zbytes.js';
import { wrongRuntime } from './stock.js';
import { teach } from './teaching/teach.js';
import { toSegments } from './to-segments.js';

/** A struct of one data word, and as pointers a text, a data, a list and a list that stays absent. */
class Probe extends Struct {
  static override readonly _capnp = { displayName: 'Probe', id: '0', size: new ObjectSize(8, 4) };
}

try {
  teach();
} catch (cause) {
  throw wrongRuntime('its functions are not where they were', cause);
}
selfCheck();

/**
 * Builds, sends and reads one message, as this package relies on capnp-es to do it: once, when the package is imported,
 * in about 3 ms, most of them for compiling what the first message needs anyway. Better no program than one that reads
 * wrong values.
 */
function selfCheck(): void {
  let failed: string | undefined;
  try {
    failed = firstFailure();
  } catch (cause) {
    throw wrongRuntime('its self-check threw', cause);
  }
  if (failed !== undefined) throw wrongRuntime(`its self-check failed: ${failed}`);
}

function firstFailure(): string | undefined {
  const message = new Message();
  const written = message.initRoot(Probe);
  utils.setUint32(4, 0xfedcba98, written);
  utils.setText(0, 'text', written);
  utils.initData(1, 3, written).copyBuffer(Uint8Array.of(1, 2, 3));
  utils.initList(2, Float64List, 2, written).set(1, 0.5);

  const sent = ZBytes.fromSegments(toSegments(message)).toBytes();
  if (!equal(sent, new Uint8Array(message.toArrayBuffer()))) return 'the frame';

  // Received amid other memory, at an odd offset, which nothing may write to or read beyond.
  const memory = new Uint8Array(sent.length + 16).fill(0xee);
  memory.set(sent, 3);
  const before = Uint8Array.from(memory);
  const payload = new ZBytes(memory.subarray(3, 3 + sent.length));
  const read = fromZBytes(payload).getRoot(Probe);
  if (utils.getUint32(4, read) !== 0xfedcba98) return 'a number';
  if (utils.getText(0, read) !== 'text') return 'a text';
  const data = utils.getData(1, read).toUint8Array();
  if (data.buffer !== memory.buffer || data.join() !== '1,2,3') return 'a data';
  const list = utils.getList(2, Float64List, read);
  if (list.length !== 2 || list.get(1) !== 0.5) return 'a list';
  if (utils.getList(3, Float64List, read).length !== 0) return 'an absent list';
  if (payload.ledger.copied !== 0) return 'reading copied';
  if (!equal(before, memory)) return 'reading wrote into received memory';
  return built(sent);
}

/** The same message in memory that is neither zeroed nor at a buffer's start, with every field set twice. */
function built(expected: Uint8Array): string | undefined {
  const memory = new Uint8Array(512).fill(0xee);
  const message = new MessageBuilder({ allocator: fixedAllocator(memory.subarray(8, 504)) });
  const root = message.initRoot(Probe);
  for (const byte of [0, 1]) {
    utils.setUint32(4, byte === 0 ? 1 : 0xfedcba98, root);
    utils.setText(0, byte === 0 ? 'other' : 'text', root);
    utils.initData(1, 3, root).copyBuffer(Uint8Array.of(byte, 2, 3));
    utils.initList(2, Float64List, 2, root).set(byte, 0.5);
  }
  utils.adopt(message.adoptData(utils.getData(1, root).toUint8Array().slice()), utils.getPointer(1, root));
  const copy = new MessageBuilder();
  copy.setRoot(root);
  if (!equal(new Uint8Array(copy.toArrayBuffer()), expected)) return 'a message built in dirty memory';
  return memory.subarray(0, 8).every((byte) => byte === 0xee) ? undefined : 'building wrote beside its memory';
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
