// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytes } from '@zenoh-segments/core';
import type { Field } from 'apache-arrow';
import type { OpenHead } from '../decode/open-head.js';

/** Of an object that a dictionary keeps for each of its values, and of those that a schema keeps for each field. */
const VALUE_BYTES = 8;
const FIELD_BYTES = 256;

/** Bytes that what was opened of a payload keeps: its own, and those that opening it wrote anew. */
export function keptBytes({ length, ledger }: ZBytes): number {
  return length + ledger.copiedFor('decompress') + ledger.copiedFor('gather') + ledger.copiedFor('misaligned');
}

/** The same of a head, with its objects as far as their number is what a peer says. */
export function headBytes(payload: ZBytes, { schema, dictionaries }: OpenHead): number {
  let values = 0;
  for (const id of schema.dictionaries.keys()) values += dictionaries.lengthOf(id) ?? 0;
  return keptBytes(payload) + values * VALUE_BYTES + fieldsOf(schema.fields) * FIELD_BYTES;
}

function fieldsOf(fields: readonly Field[]): number {
  return fields.reduce((sum, { type }) => sum + 1 + fieldsOf(type.children ?? []), 0);
}
