// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesDeserializer } from '@eclipse-zenoh/zenoh-ts/ext';
import { readId, readMany } from './wire/read.js';

/** What every connection starts with. */
export interface Greeting {
  readonly zid: string;
  /** The largest message that the server says it takes, if it does. */
  readonly maxMessage: number | undefined;
}

/** The nodes that the server knows. */
export interface SessionInfoFacts {
  readonly zid: string;
  readonly routers: string[];
  readonly peers: string[];
}

export function readSessionInfo(from: ZBytesDeserializer): SessionInfoFacts {
  return { zid: readId(from), routers: readMany(from, readId), peers: readMany(from, readId) };
}

/**
 * The answer to a ping names the connection, for people. Servers of `Session.open(config, { serve })` add what they take:
 * `<uuid> zenoh-segments/0.1.0 max-message=67108864 …`.
 */
export function readPong(from: ZBytesDeserializer): number | undefined {
  const told = /^\S+ zenoh-segments\/.* max-message=(\d{1,15})(?: |$)/.exec(from.deserializeString())?.[1];
  return told === undefined ? undefined : Number(told);
}
