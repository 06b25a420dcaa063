// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { dataSegments, fromZBytes, listView, MessageBuilder, toSegments, toZBytes } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';

/** capnp-es through this library. @type {import('./jobs.mjs').Library<MessageBuilder>} */
export const library = {
  create: () => new MessageBuilder(),
  adopt: (root, frame, message) => root._adoptFrame(message.adoptData(frame)),
  frame: toSegments,
  open: (slices) => fromZBytes(ZBytes.fromSegments(slices)),
  frameSegments: (root) => dataSegments(root.frame),
  view: (list) => listView(list, Float64Array),
  pack: (message) => toZBytes(message, { packed: true }).segments(),
  unpack: (slices) => fromZBytes(ZBytes.fromSegments(slices), { packed: true }),
};
