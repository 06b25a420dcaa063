// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { MessageFields } from '../backend.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import { qosByte, refuseUncarried } from './unsupported.js';
import type { Frame } from './wire/frame.js';
import { writeEncoding, writeOptionalTimestamp } from './wire/write.js';

/** What a put and a reply end with. */
export function withPayload(frame: Frame, payload: ZBytes, qos: number, message: MessageFields): Frame {
  return withoutPayload(
    frame.bytes(payload).fields((to) => writeEncoding(to, message.encoding)),
    qos,
    message,
  );
}

/** What a deletion, and a reply of one, end with. */
export function withoutPayload(frame: Frame, qos: number, message: MessageFields): Frame {
  refuseUncarried(message);
  return frame.optionalBytes(message.attachment).fields((to) => {
    writeOptionalTimestamp(to, message.timestamp);
    to.serializeNumberUint8(qosByte(qos));
  });
}
