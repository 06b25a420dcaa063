// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Int32 } from 'apache-arrow';
import { type HostileCase, hostile } from './case.js';
import { batchOf, joined, NOTHING, schemaOf, valid } from './craft.js';

const schema = schemaOf(new Int32());
const batch = batchOf({ parts: valid(new Int32Array(8)) });
const garbage = Uint8Array.from({ length: 64 }, (_, index) => index * 37 + 11);

function words(...values: readonly number[]): Int32Array {
  return Int32Array.from(values);
}

export const MESSAGES: readonly HostileCase[] = [
  hostile('a batch before its schema', () => joined(batch, schema), 'NO_SCHEMA', /starts with a RecordBatch/),
  hostile('a batch without a schema', () => batch, 'NO_SCHEMA', /starts with a RecordBatch/),
  hostile('nothing', () => NOTHING, 'NO_SCHEMA', /is empty/),
  hostile('a second schema', () => joined(schema, batch, schema, batch), 'INVALID', /a second schema/),
  hostile('garbage before the first message', () => joined(garbage, schema, batch), 'LIMIT', /maxMetadataBytes/),
  hostile('garbage between two messages', () => joined(schema, garbage, batch), 'LIMIT', /maxMetadataBytes/),
  hostile('garbage after the last message', () => joined(schema, batch, garbage), 'LIMIT', /maxMetadataBytes/),
  hostile(
    'ones between two messages',
    () => joined(schema, new Uint8Array(16).fill(255), batch),
    'INVALID',
    /a metadata length of -1/,
  ),
  hostile(
    'half a word after the last message',
    () => joined(schema, batch, Uint8Array.of(255, 255)),
    'TRUNCATED',
    /a message needs 8 bytes and 2 are left/,
  ),
  hostile(
    'a word after the last message',
    () => joined(schema, batch, words(-1)),
    'TRUNCATED',
    /a message needs 8 bytes and 4 are left/,
  ),
  hostile(
    'a negative metadata length',
    () => joined(schema, words(-1, -64), batch),
    'INVALID',
    /a metadata length of -64/,
  ),
  hostile('2 GB of metadata', () => joined(words(-1, 0x7fff_fff8), schema), 'LIMIT', /maxMetadataBytes/),
  hostile('metadata of one byte', () => joined(words(-1, 1), Uint8Array.of(7)), 'INVALID', /points outside itself/),
  hostile(
    'metadata of zeros',
    () => joined(words(-1, 64), new Uint8Array(64)),
    'INVALID|ARROW_UNSUPPORTED_FEATURE',
    /./,
  ),
  hostile(
    'metadata of ones',
    () => joined(words(-1, 64), new Uint8Array(64).fill(255)),
    'INVALID',
    /points outside itself/,
  ),
  hostile(
    '20,000 batches without rows',
    () => {
      const none = batchOf({ rows: 0, parts: valid(NOTHING) });
      return joined(schema, ...Array.from({ length: 20_000 }, () => none));
    },
    'LIMIT',
    /maxMessages/,
  ),
];
