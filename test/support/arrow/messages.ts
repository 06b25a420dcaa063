// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { MessageHeader } from 'apache-arrow';
import { Message } from 'apache-arrow/ipc/metadata/message';

/** Where a message is in a stream. */
export interface MessagePlace {
  readonly kind: MessageHeader;
  readonly start: number;
  /** Of its metadata, after the prefix. */
  readonly metadata: number;
  readonly body: number;
  readonly end: number;
  /** The buffers in its body, from the start of the stream. */
  readonly buffers: readonly (readonly [start: number, end: number])[];
}

interface Described {
  readonly buffers: readonly { readonly offset: number; readonly length: number }[];
}

/** The messages of a well-formed stream, as apache-arrow reads their metadata. */
export function messagesOf(bytes: Uint8Array): MessagePlace[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places: MessagePlace[] = [];
  for (let start = 0; start < bytes.byteLength; ) {
    const isLegacy = view.getInt32(start, true) !== -1;
    const length = view.getInt32(start + (isLegacy ? 0 : 4), true);
    if (length === 0) break;
    const metadata = start + (isLegacy ? 4 : 8);
    const body = metadata + length;
    const message = Message.decode(bytes.slice(metadata, body));
    const end = body + message.bodyLength;
    const header = message.header() as unknown as { readonly data?: Described } & Described;
    const { buffers = [] } = message.headerType === MessageHeader.DictionaryBatch ? header.data! : header;
    places.push({
      kind: message.headerType,
      start,
      metadata,
      body,
      end,
      buffers: buffers.map(({ offset, length }): [number, number] => [body + offset, body + offset + length]),
    });
    start = end;
  }
  return places;
}
