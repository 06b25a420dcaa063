// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Data, List, Text } from 'capnp-es';
import { Hostile } from '../../golden/capnp/hostile.js';
import type { Field } from './draft.js';

/** What a field holds, and of a list its first elements; test/peers/capnp_judge.py tells the same of pycapnp's view. */
export function summary(root: Hostile, field: Field | undefined): unknown {
  if (field === undefined) return String(root.number);
  if (field === 'any') return Text.fromPointer(root.any).get(0);
  return summaryOf(root[field as Exclude<Field, 'any'>]);
}

function summaryOf(value: unknown): unknown {
  if (value instanceof Hostile) return String(value.number);
  if (value instanceof Data) return Buffer.from(value.toUint8Array()).toString('hex');
  if (value instanceof List) {
    const first: unknown[] = [];
    for (let i = 0; i < Math.min(4, value.length); i++) first.push(summaryOf(value.get(i)));
    return { length: value.length, first };
  }
  if (typeof value === 'bigint') return String(value);
  // A void is a struct without fields.
  return typeof value === 'object' ? null : value;
}
