// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { Message } from 'capnp-es';

/** capnp-es as it is. @type {import('./jobs.mjs').Library<Message>} */
export const library = {
  create: () => new Message(),
  // It has no adoption of memory.
  adopt: (root, frame) => root._initFrame(frame.byteLength).copyBuffer(frame),
  frame: (message) => [new Uint8Array(message.toArrayBuffer())],
  open: (slices) => unlimited(new Message(slices.length === 1 ? slices[0] : Buffer.concat(slices), false)),
  frameSegments: (root) => [root.frame.toUint8Array()],
  // It has no views of lists.
  view: (list) => list.toArray(),
  pack: (message) => [new Uint8Array(message.toPackedArrayBuffer())],
  unpack: ([bytes]) => new Message(bytes),
};

/** Its limit counts calls over the life of a message, and would end a list of a million. @param {Message} message */
function unlimited(message) {
  message._capnp.traversalLimit = Number.POSITIVE_INFINITY;
  return message;
}
