// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Message } from 'capnp-es';
import { contentOf } from '../../unit/capnp/sample.js';

/** Everything in a message, absent fields included, in the form of JSON: 64-bit numbers are decimal texts. */
export type Content = Readonly<Record<string, unknown>>;

export function jsonContent(message: Message): Content {
  const text = JSON.stringify(contentOf(message), (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return JSON.parse(text) as Content;
}
