// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesDeserializer } from '@eclipse-zenoh/zenoh-ts/ext';
import type { LinkFacts, TransportFacts } from '../../backend.js';
import { Encoding } from '../../encoding.js';
import type { WhatAmI } from '../../enums.js';
import { ZenohId } from '../../zenoh-id.js';

type From = ZBytesDeserializer;

export function readOptional<T>(from: From, read: (from: From) => T): T | undefined {
  return from.deserializeBoolean() ? read(from) : undefined;
}

export function readMany<T>(from: From, read: (from: From) => T): T[] {
  const items: T[] = [];
  // One by one: the length that a message claims allocates nothing.
  for (let left = from.readSequenceLength(); left > 0; left--) items.push(read(from));
  return items;
}

export const readText = (from: From): string => from.deserializeString();
/** A view of the frame. */
export const readBytes = (from: From): Uint8Array => from.deserializeUint8Array();
export const readId = (from: From): string => new ZenohId(from.deserializeUint8Array()).toString();

/** zenoh's text forms are made when they are asked for: most samples are never asked. */
export function readEncoding(from: From): () => string {
  const id = from.deserializeNumberUint16();
  const schema = from.deserializeString();
  return () => new Encoding(id, schema).toString();
}

export function readTimestamp(from: From): () => string {
  const ntp64 = from.deserializeBigintUint64();
  // Checked here, where it is the server's fault, and not in the user's callback that asks for it.
  const clock = new ZenohId(from.deserializeUint8Array());
  return () => `${ntp64}/${clock}`;
}

export function readTransport(from: From): TransportFacts {
  return {
    zid: readId(from),
    whatami: from.deserializeNumberUint8() as WhatAmI,
    isQos: from.deserializeBoolean(),
    isMulticast: from.deserializeBoolean(),
    // The protocol does not tell.
    isShm: false,
  };
}

export function readLink(from: From): LinkFacts {
  return {
    zid: readId(from),
    src: from.deserializeString(),
    dst: from.deserializeString(),
    group: readOptional(from, readText) ?? null,
    mtu: from.deserializeNumberUint16(),
    isStreamed: from.deserializeBoolean(),
    interfaces: readMany(from, readText),
    authIdentifier: readOptional(from, readText) ?? null,
    priorities:
      readOptional(from, () => [from.deserializeNumberUint8(), from.deserializeNumberUint8()] as const) ?? null,
    reliability: readOptional(from, () => from.deserializeNumberUint8()) ?? null,
  };
}
