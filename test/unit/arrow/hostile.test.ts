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
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
} from 'apache-arrow';
import { Message } from 'apache-arrow/ipc/metadata/message';
import { batchOf as batchOfClaims, joined as framesOf, schemaOf } from '../../support/arrow/hostile/craft.js';
import { random } from '../../support/random.js';
import { batchOf, dataOf, joined, valuesOf, wideBatch } from './fixtures.js';

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

test('limits that are not given are the defaults, and none can be switched off by mistake', () => {
  const many = batchOf({ none: makeData({ type: new Null(), length: 2 ** 23 }) });
  const payload = () => encodeBatch(many);
  const code = (limits: object) => attemptWith(payload(), limits);
  expect(code({ maxBytelessValues: undefined })).toBe('ARROW_LIMIT');
  expect(code({ maxBytelessValues: Number.POSITIVE_INFINITY })).toBe('values');
  for (const value of [Number.NaN, -1, '7', null]) {
    expect(code({ maxBytelessValues: value })).toBe('INVALID_ARGUMENT');
  }
});

test('of schemas that were received, a bounded number of fields is kept', () => {
  gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let round = 0; round < 40; round++) {
    const fields = Array.from({ length: 800 }, (_, index) => new Field(`${round}.${index}`, new Int32()));
    expect(decodeBatches(new ZBytes(tableToIPC(new Table(new Schema(fields)), 'stream')))).toHaveLength(0);
  }
  gc?.();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(12 * 2 ** 20);
});

test('columns whose dictionary was left out share an empty one over all batches', () => {
  const none = { rows: 0, nodes: [[0, 0] as const], regions: [[0, 0] as const, [0, 0] as const] };
  const stream = framesOf(schemaOf(words), batchOfClaims(none), batchOfClaims(none));
  const [first, second] = decodeBatches(new ZBytes(stream)).map(({ data }) => data.children[0]?.dictionary);
  expect(first).toBeDefined();
  expect(first).toHaveLength(0);
  expect(second).toBe(first);
});

function attemptWith(payload: ZBytes, limits: object): unknown {
  try {
    decodeBatches(payload, { limits });
    return 'values';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

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
