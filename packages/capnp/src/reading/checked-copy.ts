// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Pointer } from 'capnp-es';
import { MessageBuilder } from '../building/message-builder.js';

/** What a received pointer leads to, copied within the reader's limits: what the result points to can be trusted. */
export function checkedCopy(from: Pointer): Pointer {
  const copy = new MessageBuilder();
  copy.setRoot(from);
  return new Pointer(copy.getSegment(0), 0);
}
