// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { MessageHeader } from 'apache-arrow';
import type { Seed } from './mutate.js';

/**
 * Which batches of a damaged stream must still be as they were: those before the damage, and, where only bodies were
 * written to, those whose own buffers were left alone, and the buffers of dictionaries before them.
 */
export function untouchedBatches(seed: Seed, damaged: Uint8Array): number[] {
  const { bytes, messages } = seed;
  const changed: number[] = [];
  const shared = Math.min(bytes.length, damaged.length);
  for (let at = 0; at < shared; at++) if (bytes[at] !== damaged[at]) changed.push(at);
  if (bytes.length !== damaged.length) changed.push(shared);
  const isInPlace = bytes.length === damaged.length && changed.every((at) => messages.some((each) => isBody(each, at)));
  const untouched: number[] = [];
  let batch = 0;
  let dictionaries = true;
  for (const message of messages) {
    const isTouched = isInPlace
      ? changed.some((at) => message.buffers.some(([start, end]) => at >= start && at < end))
      : changed[0]! < message.end;
    if (message.kind === MessageHeader.DictionaryBatch && isTouched) dictionaries = false;
    if (!isInPlace && isTouched) break;
    if (message.kind !== MessageHeader.RecordBatch) continue;
    if (!isTouched && dictionaries) untouched.push(batch);
    batch++;
  }
  return untouched;
}

function isBody({ body, end }: { readonly body: number; readonly end: number }, at: number): boolean {
  return at >= body && at < end;
}
