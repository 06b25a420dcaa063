// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { decodeBatches, encodeBatch, layoutBatch, writeBatch } from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';
import { Data, type DataType, Type, Visitor } from 'apache-arrow';
import { buildBatch } from '../support/arrow/build.js';
import type { Column } from '../support/arrow/column.js';
import { allColumns, nestedColumns, sliced } from '../support/arrow/columns.js';
import { differences } from '../support/arrow/differences.js';
import { readBatch } from '../support/arrow/read.js';
import { typeOf } from '../support/arrow/types.js';
import { bordersOf, Slices } from '../support/fuzz/slices.js';
import { JsonPeer } from '../support/json-peer.js';
import { peerTest } from '../support/peers.js';

/** Every type x every shape x the ways a payload may lie in memory, judged by pyarrow in both directions. */

const ROWS = 500;
const plain = allColumns(false, ROWS);
const nulls = allColumns(true, ROWS);

interface Shape {
  readonly columns: readonly Column[];
  /** Rows [start, end) of those that were built. */
  readonly cut?: readonly [start: number, end: number];
}

const SHAPES: Readonly<Record<string, Shape>> = {
  plain: { columns: plain },
  nulls: { columns: nulls },
  sliced: { columns: plain, cut: [3, ROWS - 2] },
  'nulls, sliced at a byte': { columns: nulls, cut: [16, ROWS - 5] },
  'nulls, sliced at a bit': { columns: nulls, cut: [13, ROWS - 8] },
  nested: { columns: nestedColumns(true, 50) },
  'nested, sliced': { columns: nestedColumns(true, 60), cut: [3, 50] },
  'one row': { columns: nulls, cut: [ROWS - 1, ROWS] },
  'no rows': { columns: nulls, cut: [5, 5] },
};
const LARGE = 3 * 65_536;

type Lie = (payload: ZBytes) => Slices | ZBytes;

/** How a receiver may find a payload in its memory. */
const LIES: Readonly<Record<string, Lie>> = {
  contiguous: (payload) => new Slices(bytesOf(payload), []),
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7].map((shift): [string, Lie] => [
      `misaligned by ${shift}`,
      (payload) => new Slices(bytesOf(payload), [], shift),
    ]),
  ),
  'cut each 64 KiB': (payload) => cut(payload, 65_536),
  'cut each 1,000 B': (payload) => cut(payload, 1000),
  'as sent': (payload) => ZBytes.fromSegments(payload.segments()),
};

test('every type that apache-arrow has is in the list', () => {
  const names = Object.keys(Type).filter((name) => Number.isNaN(Number(name)) && name !== 'NONE');
  // What others are kinds of: `Int` of `Int8`.
  const isGeneral = (name: string) => name === 'Union' || names.some((each) => isKindOf(each, name));
  class Namer extends Visitor {}
  for (const name of names) Object.assign(Namer.prototype, { [`visit${name}`]: () => name });
  const namer = new Namer();
  const seen = new Set(plain.map(({ name, type }) => namer.visit(new Data(typeOf(type, name) as DataType, 0, 0))));
  expect(names.filter((name) => !isGeneral(name) && !seen.has(name))).toEqual([]);
});

function isKindOf(name: string, general: string): boolean {
  return name !== general && name.startsWith(general) && Number(Type[name as keyof typeof Type]) < 0;
}

describe.each(Object.entries(SHAPES))('%s', (name, { columns, cut: rows }) => {
  const expected = rows === undefined ? columns : sliced(columns, ...rows);

  peerTest('python', 'what pyarrow writes is equal however it lies, and equal for pyarrow when it is sent on', () =>
    JsonPeer.with('arrow_judge.py', async (judge) => {
      const stream = await judge.call<string>('write', { batches: [columns], cut: rows });
      const payload = new ZBytes(Uint8Array.from(Buffer.from(stream, 'base64')));
      if (!name.includes('row')) expect(payload.length).toBeGreaterThan(LARGE);
      const sentOn = new Set<string>();
      for (const [lie, lay] of Object.entries(LIES)) {
        const batch = checkDecoded(lie, lay(payload), expected);
        sentOn.add(Buffer.from(bytesOf(encodeBatch(batch))).toString('base64'));
      }
      for (const each of sentOn)
        expect(differences(await judge.call('read', { stream: each }), [expected])).toEqual([]);
      // What is sent on is the same, however it came.
      expect(sentOn.size).toBe(1);
    }),
  );

  peerTest('python', 'what we write is valid and equal for pyarrow, and for us however it lies', () =>
    JsonPeer.with('arrow_judge.py', async (judge) => {
      const built = buildBatch(columns);
      const batch = rows === undefined ? built : built.slice(...rows);
      const payload = encodeBatch(batch);
      for (const [lie, lay] of Object.entries(LIES)) checkDecoded(lie, lay(payload), expected);
      const bytes = bytesOf(payload);
      const layout = layoutBatch(batch);
      const chunk = new Uint8Array(layout.byteLength);
      expect(writeBatch(chunk, layout)).toBe(bytes.length);
      expect(Buffer.compare(chunk, bytes)).toBe(0);
      expect(Buffer.compare(bytesOf(encodeBatch(batch, { coalesceBelow: 4096 })), bytes)).toBe(0);
      const stream = Buffer.from(bytes).toString('base64');
      const ways = [{}, { misaligned: 1 }, { misaligned: 4 }, { by: 65_536 }, { by: 1000 }];
      for (const way of ways) {
        expect(differences(await judge.call('read', { stream, ...way }), [expected])).toEqual([]);
      }
    }),
  );
});

/** Both modes give the same memory: the values of one of them are looked at everywhere. */
const BOTH_MODES = ['contiguous', 'cut each 1,000 B'];

/** Decodes in full, or in both modes; no byte of the memory around may be touched, nor any of the payload copied twice. */
function checkDecoded(lie: string, memory: Slices | ZBytes, expected: readonly Column[]) {
  const modes = BOTH_MODES.includes(lie) ? (['full', 'structure'] as const) : (['full'] as const);
  const batches = modes.map((validate) => {
    const payload = memory instanceof ZBytes ? memory : ZBytes.fromSegments(memory.slices);
    const before = payload.ledger.copied;
    const decoded = decodeBatches(payload, { validate });
    expect(differences(decoded.map(readBatch), [expected])).toEqual([]);
    const copied = payload.ledger.copied - before;
    expect(copied).toBeLessThanOrEqual(payload.length);
    if (lie === 'contiguous' || lie === 'as sent') expect([lie, copied]).toEqual([lie, 0]);
    return decoded[0]!;
  });
  if (memory instanceof Slices) expect(memory.isUnchanged).toBe(true);
  return batches[0]!;
}

function bytesOf(payload: ZBytes): Uint8Array {
  return ZBytes.fromSegments(payload.segments()).toBytes();
}

function cut(payload: ZBytes, size: number): Slices {
  return new Slices(bytesOf(payload), bordersOf(payload.length, size));
}
