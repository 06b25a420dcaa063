// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import {
  ArrowPayloadError,
  type DecodeOptions,
  decodeBatches,
  encodeBatch,
  tableToZBytes,
} from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';
import {
  Dictionary,
  Field,
  Float64,
  Int8,
  Int32,
  List,
  makeData,
  Null,
  Struct,
  Table,
  tableToIPC,
  Utf8,
} from 'apache-arrow';
import { BufferRegion, FieldNode, RecordBatch as Header, Message } from 'apache-arrow/ipc/metadata/message';
import { batchOf, dataOf, joined, SLICINGS, valuesOf, wideBatch } from './fixtures.js';
import { random } from './random.js';

const LIMITS = { maxRows: 10_000 };

const words = new Dictionary(new Utf8(), new Int8());

const STREAMS: Readonly<Record<string, () => Uint8Array>> = {
  numbers: () => joined(encodeBatch(numberBatch())),
  nested: () => joined(encodeBatch(nestedBatch())),
  'two batches of apache-arrow': () => tableToIPC(new Table([nestedBatch(), nestedBatch()]), 'stream'),
};

test.each(Object.entries(STREAMS))(
  '%s: cut at any byte it is a typed error, or fewer batches between messages',
  (_, make) => {
    const bytes = make();
    const whole = decodeBatches(new ZBytes(bytes)).map(valuesOf);
    const ends = new Set(messageEnds(bytes));
    for (let length = 0; length < bytes.byteLength; length++) {
      const result = attempt(bytes.slice(0, length));
      if (ends.has(length)) expect(whole.slice(0, (result as unknown[]).length)).toEqual(result);
      else if (length > 0 && Array.isArray(result)) expect(result).toEqual(whole);
      else expect(result).toMatch(length === 0 ? 'ARROW_NO_SCHEMA' : 'ARROW_TRUNCATED');
    }
  },
);

test('seeded mutations end in values or in an ArrowPayloadError, soon', () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const rounds = Number(process.env.ROUNDS ?? 6000);
  const next = random(seed);
  const streams = [...Object.values(STREAMS).map((make) => make()), joined(encodeBatch(wideBatch(true)))];
  const outcomes: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    const bytes = mutated(streams[round % streams.length] as Uint8Array, next);
    const started = performance.now();
    const result = attempt(bytes, round % 2 === 0 ? 'full' : 'structure', `seed ${seed}, round ${round}`);
    const took = performance.now() - started;
    if (took > 5000) throw new Error(`seed ${seed}, round ${round} took ${took} ms`);
    const outcome = typeof result === 'string' ? result : 'values';
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  console.info(`mutations of seed ${seed}: ${JSON.stringify(outcomes)}`);
  expect(outcomes.values).toBeGreaterThan(0);
  expect(outcomes.ARROW_INVALID).toBeGreaterThan(0);
}, 600_000);

test.each<[string, string, Parameters<typeof crafted>[0]]>([
  [
    'rows without bytes',
    'ARROW_INVALID',
    {
      rows: 1000,
      regions: [
        [0, 0],
        [0, 64],
      ],
    },
  ],
  ['a negative body length', 'ARROW_INVALID', { body: -64 }],
  ['a body beyond the payload', 'ARROW_TRUNCATED', { body: 2 ** 40 }],
  [
    'a buffer outside the body',
    'ARROW_INVALID',
    {
      regions: [
        [0, 0],
        [32, 64],
      ],
    },
  ],
  [
    'a buffer before the body',
    'ARROW_INVALID',
    {
      regions: [
        [0, 0],
        [-64, 64],
      ],
    },
  ],
  [
    'a buffer too short',
    'ARROW_INVALID',
    {
      regions: [
        [0, 0],
        [0, 56],
      ],
    },
  ],
  ['more nulls than rows', 'ARROW_INVALID', { nulls: 9 }],
  ['negative nulls', 'ARROW_INVALID', { nulls: -1 }],
  ['nulls without a bitmap', 'ARROW_INVALID', { nulls: 1 }],
  ['a missing buffer', 'ARROW_INVALID', { regions: [[0, 0]] }],
  [
    'a buffer too many',
    'ARROW_INVALID',
    {
      regions: [
        [0, 0],
        [0, 64],
        [0, 0],
      ],
    },
  ],
  ['too many rows', 'ARROW_LIMIT', { rows: 2 ** 40, batchRows: 2 ** 40 }],
  ['rows that differ', 'ARROW_INVALID', { batchRows: 7 }],
])('%s: %s', (_, code, claims) => {
  expect(decodeBatches(crafted({}))[0]?.numRows).toBe(8);
  for (const slice of Object.values(SLICINGS)) {
    expect(() => decodeBatches(slice(crafted(claims)))).toThrow(expect.objectContaining({ code }));
  }
});

test('offsets that point outside, or fall, are refused', () => {
  const offsets = (...values: number[]) => {
    const type = new List(new Field('item', new Null(), true));
    const child = makeData({ type: new Null(), length: 3 });
    const bytes = joined(
      encodeBatch(batchOf({ c: makeData({ type, length: 3, valueOffsets: Int32Array.of(0, 1, 2, 3), child }) })),
    );
    new Int32Array(bytes.buffer, bytes.byteLength - 64, 4).set(values);
    return new ZBytes(bytes);
  };
  expect(decodeBatches(offsets(0, 1, 1, 3))).toHaveLength(1);
  for (const bad of [
    [0, 1, 2, 2e9],
    [0, 2e9, 0, 3],
    [-1, 1, 2, 3],
    [0, 2, 1, 3],
  ]) {
    expect(() => decodeBatches(offsets(...bad))).toThrow(expect.objectContaining({ code: 'ARROW_INVALID' }));
  }
});

test('a small schema whose tables share children, millions of fields in all, is refused', () => {
  expect(decodeBatches(branchingSchema(3))).toEqual([]);
  for (const levels of [22, 40]) {
    expect(branchingSchema(levels).length).toBeLessThan(4096);
    expect(() => decodeBatches(branchingSchema(levels))).toThrow(expect.objectContaining({ code: 'ARROW_INVALID' }));
  }
});

test('wrong text offsets and dictionary indices are found by full validation', () => {
  const text = joined(encodeBatch(batchOf({ c: dataOf(['ab', 'cd', 'ef'], new Utf8()) })));
  new Int32Array(text.buffer, text.byteLength - 128, 4).set([0, 6, 2, 6]);
  const indices = joined(encodeBatch(batchOf({ c: dataOf(['a', 'b'], words) })));
  indices[indices.byteLength - 64] = 100;
  for (const bytes of [text, indices]) {
    expect(decodeBatches(new ZBytes(bytes))).toHaveLength(1);
    expect(() => decodeBatches(new ZBytes(bytes), { validate: 'full' })).toThrow(
      expect.objectContaining({ code: 'ARROW_INVALID', column: 'c' }),
    );
  }
});

test('a batch whose dictionary is not in the payload is refused', () => {
  const bytes = joined(encodeBatch(batchOf({ c: dataOf(['a', 'b'], words) })));
  const [schemaEnd, dictionaryEnd] = messageEnds(bytes);
  const lost = ZBytes.fromSegments([bytes.slice(0, schemaEnd), bytes.slice(dictionaryEnd)]);
  expect(() => decodeBatches(lost)).toThrow(expect.objectContaining({ code: 'ARROW_INVALID', column: 'c' }));
});

test('limits on fields, depth, metadata and messages hold, also for a schema parsed before', () => {
  const batch = nestedBatch();
  const payload = tableToZBytes(new Table([batch, batch]));
  expect(decodeBatches(payload)).toHaveLength(2);
  for (const limits of [
    { maxFields: 3 },
    { maxDepth: 1 },
    { maxMetadataBytes: 64 },
    { maxMessages: 2 },
    { maxRows: 1 },
  ]) {
    expect(() => decodeBatches(payload, { limits })).toThrow(expect.objectContaining({ code: 'ARROW_LIMIT' }));
  }
});

function numberBatch() {
  return batchOf({
    a: makeData({ type: new Float64(), data: Float64Array.of(1, 2, 3, 4) }),
    b: dataOf([1, null, 3, 4], new Int32()),
  });
}

function nestedBatch() {
  const point = new Struct([new Field('x', new Int8(), true), new Field('s', new Utf8(), true)]);
  const rows = [
    [{ x: 1, s: 'one' }],
    null,
    [
      { x: 2, s: null },
      { x: 3, s: 'three' },
    ],
  ];
  return batchOf({
    list: dataOf(rows, new List(new Field('item', point, true))),
    word: dataOf(['a', 'b', 'a'], words),
    none: makeData({ type: new Null(), length: 3 }),
  });
}

interface Claims {
  rows?: number;
  batchRows?: number;
  nulls?: number;
  body?: number;
  regions?: readonly (readonly [number, number])[];
}

/** A stream of one column of 8 doubles whose metadata claims what is given. */
function crafted({
  rows = 8,
  batchRows = rows,
  nulls = 0,
  body = 64,
  regions = [
    [0, 0],
    [0, 64],
  ],
}: Claims): ZBytes {
  const [head] = encodeBatch(batchOf({ a: makeData({ type: new Float64(), data: new Float64Array(8) }) })).segments();
  const buffers = regions.map(([offset, length]) => new BufferRegion(offset, length));
  const header = new Header(batchRows, [new FieldNode(rows, nulls)], buffers, null);
  const metadata = Message.encode(Message.from(header, body));
  const prefix = Int32Array.of(-1, metadata.byteLength);
  return ZBytes.fromSegments([head as Uint8Array, prefix, metadata, new Float64Array(8)]);
}

/** A schema of structs whose two children are one and the same table, written by hand: no builder shares tables. */
function branchingSchema(levels: number): ZBytes {
  const bytes = new DataView(new ArrayBuffer(128 + levels * 48));
  const [root, message, schema, vector, field] = [0, 4, 32, 56, 96];
  const refer = (at: number, to: number) => bytes.setUint32(at, to - at, true);
  const table = (at: number, vtable: number, slots: readonly number[]) => {
    bytes.setInt32(at, at - vtable, true);
    bytes.setUint16(vtable, 4 + slots.length * 2, true);
    for (const [slot, offset] of slots.entries()) bytes.setUint16(vtable + 4 + slot * 2, offset, true);
  };
  refer(root, message);
  table(message, 20, [12, 14, 4]); // version, kind, header
  refer(message + 4, schema);
  bytes.setInt16(message + 12, 4, true);
  bytes.setUint8(message + 14, 1);
  table(schema, 40, [0, 4]); // endianness, fields
  refer(schema + 4, vector);
  bytes.setUint32(vector, 1, true);
  refer(vector + 4, field);
  for (let level = 0; level < levels; level++) {
    const at = field + level * 48;
    table(at, at + 28, [0, 0, 4, 8, 0, 12]); // kind of type, type, children
    bytes.setUint8(at + 4, 13);
    refer(at + 8, at + 48);
    refer(at + 12, at + 16);
    bytes.setUint32(at + 16, level + 1 < levels ? 2 : 0, true);
    refer(at + 20, at + 48);
    refer(at + 24, at + 48);
  }
  const metadata = new Uint8Array(bytes.buffer);
  return ZBytes.fromSegments([Int32Array.of(-1, metadata.byteLength), metadata]);
}

/** All values, or the code of the error. Any other error is the test's failure. */
function attempt(bytes: Uint8Array, validate: DecodeOptions['validate'] = 'structure', label = ''): unknown[] | string {
  try {
    return decodeBatches(new ZBytes(bytes), { limits: LIMITS, validate }).map(valuesOf);
  } catch (error) {
    if (error instanceof ArrowPayloadError) return error.code;
    // A timestamp that no Date can hold is a value, which apache-arrow can't show.
    if (error instanceof TypeError && error.message.endsWith('is not safe to convert to a number.')) return 'values';
    throw new Error(label, { cause: error });
  }
}

function messageEnds(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends: number[] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    const metadata = view.getInt32(at + 4, true);
    if (metadata === 0) break;
    at += 8 + metadata + Message.decode(bytes.subarray(at + 8, at + 8 + metadata)).bodyLength;
    ends.push(at);
  }
  return ends;
}

/** One to four changes: a bit, a byte, a 32-bit word, or a piece cut out. */
function mutated(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  const copy = bytes.slice();
  const words = [0, 1, -1, 0x7fff_ffff, 0x4000_0000, -0x8000_0000, 255, 65_536];
  for (let changes = 1 + next(4); changes > 0; changes--) {
    const at = next(copy.byteLength - 4);
    const kind = next(8);
    if (kind === 0) copy.copyWithin(at, at + next(64));
    else if (kind < 3) copy[at] = (copy[at] as number) ^ (1 << next(8));
    else if (kind < 5) copy[at] = next(256);
    else new DataView(copy.buffer).setInt32(at & ~3, words[next(words.length)] as number, true);
  }
  return copy;
}
