// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type ArrowLimits,
  ArrowPayloadError,
  type CompressionName,
  decodeBatches,
  encodeBatch,
  headOf,
  layoutBatch,
  loadCompression,
  openHead,
  tableToZBytes,
  writeBatch,
} from '@zenoh-segments/arrow';
import { ZBytes } from '@zenoh-segments/core';
import { CompressionType, Float64, MessageReader, makeData, type RecordBatch, Table } from 'apache-arrow';
import {
  BodyCompression,
  BufferRegion,
  FieldNode,
  RecordBatch as Header,
  Message,
} from 'apache-arrow/ipc/metadata/message';
import { random } from '../../support/random.js';
import { seededBytes } from '../../support/seeded-bytes.js';
import { batchOf, joined, SLICINGS, valuesOf, wideBatch } from './fixtures.js';
import { literals, lz4Frame, match, rawBlock, zstdFrame } from './frames.js';

const NAMES: readonly CompressionName[] = ['lz4', 'zstd'];
const MIB = 2 ** 20;

test('LZ4 is read without being loaded; all else says how it is loaded', async () => {
  const refused = (typeName: string) =>
    expect.objectContaining({
      code: 'ARROW_UNSUPPORTED_FEATURE',
      typeName,
      message: expect.stringContaining('loadCompression()'),
    });
  for (const compression of NAMES) {
    const name = compression === 'lz4' ? 'compression LZ4_FRAME' : 'compression ZSTD';
    expect(() => encodeBatch(zeros(100), { compression })).toThrow(refused(name));
  }
  const frame = zstdFrame([{ repeat: 0, times: 64 }]);
  expect(() => decodeBatches(crafted({ codec: CompressionType.ZSTD, frame }))).toThrow(refused('compression ZSTD'));
  expect(
    valuesOf(decodeBatches(crafted({ frame: lz4Frame([rawBlock(new Uint8Array(64))]) }))[0] as RecordBatch),
  ).toEqual([Array(8).fill(0)]);
  await loadCompression();
  expect(valuesOf(decodeBatches(crafted({ codec: CompressionType.ZSTD, frame }))[0] as RecordBatch)).toEqual([
    Array(8).fill(0),
  ]);
});

describe.each(NAMES)('%s', (compression) => {
  beforeAll(loadCompression);

  test.each(Object.entries(SLICINGS))('every type comes back equal, %s', (_, slice) => {
    for (const batch of [
      wideBatch(false),
      wideBatch(true),
      wideBatch(true).slice(3, 70),
      wideBatch(true).slice(5, 5),
    ]) {
      const payload = slice(encodeBatch(batch, { compression }));
      const [read] = decodeBatches(payload, { validate: 'full' });
      expect(valuesOf(read as RecordBatch)).toEqual(valuesOf(batch));
      expect(read?.metadata).toEqual(batch.metadata);
    }
  });

  test('bare batches, tables and batch metadata', () => {
    const batch = zeros(1000);
    batch.metadata.set('origin', 'é');
    const head = openHead(ZBytes.fromSegments(headOf(batch).segments));
    const bare = encodeBatch(batch, { compression, form: 'bare' });
    const [read] = decodeBatches(bare, { head });
    expect(valuesOf(read as RecordBatch)).toEqual(valuesOf(batch));
    expect(read?.metadata).toEqual(new Map([['origin', 'é']]));
    const table = new Table([wideBatch(true), wideBatch(false)]);
    expect(decodeBatches(tableToZBytes(table, { compression })).map(valuesOf)).toEqual(table.batches.map(valuesOf));
  });

  test.each([100, 64 * 1024, 300_000, 5 * MIB])('%i bytes of doubles, repeated, counted and random', (size) => {
    const counted = Float64Array.from({ length: size / 8 }, (_, i) => i % 1000);
    const noise = new Float64Array(seededBytes(7, Math.floor(size / 8) * 8).buffer);
    for (const values of [new Float64Array(size / 8), counted, noise]) {
      const payload = encodeBatch(doubles(values), { compression });
      const read = decodeBatches(payload)[0]?.data.children[0]?.values as Float64Array;
      expect(Buffer.from(read.buffer, read.byteOffset, read.byteLength).equals(Buffer.from(values.buffer))).toBe(true);
    }
  });

  test('compressed bytes are counted as they are sent, decompressed ones as they are read', () => {
    const payload = encodeBatch(zeros(10_000), { compression });
    const sent = payload.ledger.copiedFor('convert');
    expect(payload.ledger.copied).toBe(sent);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(1000);
    decodeBatches(payload);
    expect(payload.ledger.snapshot().reasons).toEqual({ convert: sent, decompress: 80_000 });
  });

  test('what does not shrink is sent and read as it is, without a copy', () => {
    const noise = new Float64Array(seededBytes(3, 8000).buffer);
    const payload = encodeBatch(doubles(noise), { compression });
    const read = decodeBatches(payload)[0]?.data.children[0]?.values as Float64Array;
    expect(read.buffer).toBe(noise.buffer);
    payload.assertZeroCopy();
  });

  test('bodies and buffers start at multiples of 64, and regions have exact lengths', () => {
    const bytes = joined(encodeBatch(wideBatch(true), { compression }));
    const reader = new MessageReader(bytes);
    for (const message of reader) {
      expect(message.bodyLength % 64).toBe(0);
      reader.readMessageBody(message.bodyLength);
    }
    const [, message, length, data, padding, ...more] = encodeBatch(zeros(1000), { compression }).segments();
    expect(more).toEqual([]);
    expect(new BigInt64Array((length as Uint8Array).slice().buffer)).toEqual(BigInt64Array.of(8000n));
    const head = Message.decode((message as Uint8Array).subarray(8)).header() as Header;
    expect(head.buffers.map((region) => [region.offset, region.length])).toEqual([
      [0, 0],
      [0, 8 + (data as Uint8Array).byteLength],
    ]);
    expect((8 + (data as Uint8Array).byteLength + (padding as Uint8Array).byteLength) % 64).toBe(0);
  });

  test('memory that is read in place can not be written compressed', () => {
    const layout = layoutBatch(zeros(1000), { compression });
    const refused = { code: 'ARROW_UNSUPPORTED_FEATURE', typeName: 'compression' };
    expect(() => writeBatch(new Uint8Array(layout.byteLength), layout)).toThrow(expect.objectContaining(refused));
  });

  test('seeded mutations of compressed payloads end in values or in an ArrowPayloadError', () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    const next = random(seed);
    const bytes = joined(encodeBatch(doubles(Float64Array.from({ length: 500 }, (_, i) => i % 50)), { compression }));
    const outcomes: Record<string, number> = {};
    for (let round = 0; round < 3000; round++) {
      const mutated = bytes.slice();
      for (let n = next(3); n >= 0; n--) mutated[448 + next(bytes.byteLength - 448)] = next(256);
      const outcome = codeOf(() => decodeBatches(new ZBytes(mutated)), `seed ${seed}, round ${round}`) ?? 'values';
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    console.info(`${compression} mutations of seed ${seed}: ${JSON.stringify(outcomes)}`);
    expect(outcomes.ARROW_INVALID).toBeGreaterThan(0);
  });

  test('cut at any byte it is truncated; a frame cut inside its buffer is invalid', () => {
    const payload = encodeBatch(zeros(1000), { compression });
    const bytes = joined(payload);
    const start = (payload.segments()[0] as Uint8Array).byteLength;
    for (let length = start + 1; length < bytes.byteLength; length++) {
      expect(codeOf(() => decodeBatches(new ZBytes(bytes.slice(0, length))))).toBe('ARROW_TRUNCATED');
    }
    const frame = payload.segments()[3] as Uint8Array;
    const codec = compression === 'lz4' ? CompressionType.LZ4_FRAME : CompressionType.ZSTD;
    expect(codeOf(() => decodeBatches(crafted({ codec, frame, rows: 1000 })))).toBeUndefined();
    for (let length = 0; length < frame.byteLength; length++) {
      const cut = crafted({ codec, frame: frame.slice(0, length), rows: 1000 });
      expect(codeOf(() => decodeBatches(cut))).toBe('ARROW_INVALID');
    }
  });
});

/** The lower half of XXH64 of 64 zeros. */
const ZEROS_CHECKSUM = 0x47b8_2a19;
const zeros64 = lz4Frame([rawBlock(new Uint8Array(64))]);
/** The same with checksums of the block, which starts at 11, and of the content, which is at the end. */
const summed = lz4Frame([rawBlock(new Uint8Array(64))], { checksums: true, content: new Uint8Array(64) });
/** 8 literal bytes, then the same over and over: 1 KiB becomes 250 KiB. */
const bomb = (bytes: number) =>
  lz4Frame([[...literals([...Array(8).keys()]), ...match(8, bytes - 12), ...literals([0, 0, 0, 0], true)]]);

test.each<[string, string, Crafted]>([
  [
    'fewer bytes than the rows need',
    'ARROW_INVALID',
    { frame: lz4Frame([rawBlock(new Uint8Array(56))]), declared: 56 },
  ],
  ['less than it declares', 'ARROW_INVALID', { frame: zeros64, declared: 72 }],
  ['more than it declares', 'ARROW_INVALID', { frame: lz4Frame([rawBlock(new Uint8Array(72))]) }],
  ['a bomb behind a small length', 'ARROW_INVALID', { frame: bomb(1_000_000) }],
  ['a negative length', 'ARROW_INVALID', { frame: zeros64, declared: -2 }],
  ['a length beyond 2^53', 'ARROW_LIMIT', { frame: zeros64, declared: 2 ** 62 }],
  ['a length beyond what the payload may expand to', 'ARROW_LIMIT', { frame: zeros64, declared: 40 * MIB }],
  ['no length', 'ARROW_INVALID', { bytes: Uint8Array.of(1, 2, 3) }],
  ['nothing', 'ARROW_INVALID', { bytes: new Uint8Array(0) }],
  ['no frame', 'ARROW_INVALID', { frame: new Uint8Array(0) }],
  ['another magic number', 'ARROW_INVALID', { frame: zstdFrame([{ repeat: 0, times: 64 }]) }],
  ['another version', 'ARROW_INVALID', { frame: withByte(zeros64, 4, 0xa0) }],
  ['a reserved bit', 'ARROW_INVALID', { frame: withByte(zeros64, 4, 0x62) }],
  ['a dictionary', 'ARROW_UNSUPPORTED_FEATURE', { frame: withByte(zeros64, 4, 0x61) }],
  ['another header checksum', 'ARROW_INVALID', { frame: withByte(zeros64, 6, (zeros64[6] as number) ^ 1) }],
  ['another block checksum', 'ARROW_INVALID', { frame: withByte(summed, 75, 1 ^ (summed[75] as number)) }],
  ['another content checksum', 'ARROW_INVALID', { frame: withByte(summed, 83, 1 ^ (summed[83] as number)) }],
  ['a byte other than its checksums know', 'ARROW_INVALID', { frame: withByte(summed, 15, 1) }],
  [
    'another size than its frame says',
    'ARROW_INVALID',
    { frame: lz4Frame([rawBlock(new Uint8Array(64))], { contentSize: 72 }) },
  ],
  ['a frame that ends in its header', 'ARROW_INVALID', { frame: lz4Frame([], { contentSize: 64 }).subarray(0, 10) }],
  ['a checksum that is cut off', 'ARROW_INVALID', { frame: summed.subarray(0, -2) }],
  ['two frames', 'ARROW_INVALID', { frame: joinedBytes(zeros64, zeros64) }],
  ['a byte behind the frame', 'ARROW_INVALID', { frame: joinedBytes(zeros64, Uint8Array.of(0)) }],
  ['a block longer than the buffer', 'ARROW_INVALID', { frame: withByte(zeros64, 9, 0x7f) }],
  [
    'a match before the start',
    'ARROW_INVALID',
    { frame: lz4Frame([[...literals([1]), ...match(2, 63), ...literals([], true)]]) },
  ],
  [
    'a match of offset 0',
    'ARROW_INVALID',
    { frame: lz4Frame([[...literals([1]), ...match(0, 63), ...literals([], true)]]) },
  ],
  ['a block that ends in a match', 'ARROW_INVALID', { frame: lz4Frame([[...literals([1]), ...match(1, 63)]]) }],
  ['a length that never ends', 'ARROW_INVALID', { frame: lz4Frame([[0xf0, ...Array(1000).fill(255)]]) }],
  ['a codec that is unknown', 'ARROW_UNSUPPORTED_FEATURE', { codec: 7, frame: zeros64 }],
])('an LZ4 buffer of %s: %s', (_, code, claims) => {
  expect(codeOf(() => decodeBatches(crafted(claims)))).toBe(code);
});

test.each<[string, string, Crafted]>([
  ['less than it declares', 'ARROW_INVALID', { frame: zstdFrame([{ repeat: 0, times: 64 }]), declared: 72 }],
  ['more than it declares', 'ARROW_INVALID', { frame: zstdFrame([{ repeat: 0, times: 72 }]) }],
  [
    'a bomb behind a small length',
    'ARROW_INVALID',
    { frame: zstdFrame(Array(100).fill({ repeat: 0, times: 131_072 })) },
  ],
  [
    'a bomb behind its length',
    'ARROW_LIMIT',
    { frame: zstdFrame(Array(400).fill({ repeat: 0, times: 131_072 })), declared: 400 * 131_072, rows: 400 * 16_384 },
  ],
  [
    'a claim of 2^62 bytes',
    'ARROW_INVALID',
    { frame: zstdFrame([{ repeat: 0, times: 64 }], { contentSize: 2n ** 62n }) },
  ],
  ['a dictionary', 'ARROW_INVALID', { frame: zstdFrame([{ repeat: 0, times: 64 }], { dictionary: 9 }) }],
  ['another checksum', 'ARROW_INVALID', { frame: zstdFrame([{ repeat: 0, times: 64 }], { checksum: 1 }) }],
  ['no frame', 'ARROW_INVALID', { frame: zeros64 }],
  ['nothing', 'ARROW_INVALID', { frame: new Uint8Array(0) }],
])('a ZSTD buffer of %s: %s', async (_, code, claims) => {
  await loadCompression();
  expect(codeOf(() => decodeBatches(crafted({ codec: CompressionType.ZSTD, ...claims })))).toBe(code);
});

test.each<[string, Uint8Array]>([
  ['an LZ4 frame that repeats', lz4Frame([[...literals([0]), ...match(1, 58), ...literals([0, 0, 0, 0, 0], true)]])],
  [
    'blocks that refer to those before',
    lz4Frame([
      [...literals([...Array(32).fill(0)], true)],
      [...literals([]), ...match(32, 27), ...literals([0, 0, 0, 0, 0], true)],
    ]),
  ],
  [
    'with checksums and content size',
    lz4Frame([rawBlock(new Uint8Array(64))], { checksums: true, content: new Uint8Array(64), contentSize: 64 }),
  ],
])('LZ4 as others write it: %s', (_, frame) => {
  expect(valuesOf(decodeBatches(crafted({ frame }))[0] as RecordBatch)).toEqual([Array(8).fill(0)]);
});

test.each<[string, Uint8Array]>([
  [
    'frames one after the other',
    joinedBytes(zstdFrame([{ repeat: 0, times: 60 }]), zstdFrame([{ repeat: 0, times: 4 }])),
  ],
  ['a checksum', zstdFrame([{ repeat: 0, times: 64 }], { checksum: ZEROS_CHECKSUM })],
  ['a window of 1 GiB, which is not needed', zstdFrame([{ repeat: 0, times: 64 }], { windowDescriptor: 20 << 3 })],
])('ZSTD as others write it: %s', async (_, frame) => {
  await loadCompression();
  const codec = CompressionType.ZSTD;
  expect(valuesOf(decodeBatches(crafted({ codec, frame }))[0] as RecordBatch)).toEqual([Array(8).fill(0)]);
});

test('limits bound what a payload declares, over all its buffers', () => {
  const limited = (limits: Partial<ArrowLimits>, claims: Crafted) =>
    codeOf(() => decodeBatches(crafted(claims), { limits }));
  expect(limited({ maxDecompressedBytes: 64 }, { frame: zeros64 })).toBeUndefined();
  expect(limited({ maxDecompressedBytes: 63 }, { frame: zeros64 })).toBe('ARROW_LIMIT');
  const big = { frame: bomb(33 * MIB), declared: 33 * MIB };
  expect(limited({}, big)).toBeUndefined();
  expect(limited({ maxExpansion: 0 }, big)).toBe('ARROW_LIMIT');
  expect(limited({ maxDecompressedBytes: 32 * MIB }, big)).toBe('ARROW_LIMIT');
});

test('compressed buffers over the same bytes are refused', () => {
  const bytes = prefixed(64, zeros64);
  const frame = (regions: readonly (readonly [number, number])[]) =>
    codeOf(() => decodeBatches(crafted({ bytes, regions, nulls: 8 })));
  expect(
    frame([
      [0, bytes.byteLength],
      [0, bytes.byteLength],
    ]),
  ).toBe('ARROW_INVALID');
});

interface Crafted {
  readonly codec?: number;
  readonly frame?: Uint8Array;
  /** What is written before the frame; as many bytes as the rows need unless given. */
  readonly declared?: number;
  /** The buffer itself, in place of `declared` and `frame`. */
  readonly bytes?: Uint8Array;
  readonly rows?: number;
  readonly nulls?: number;
  readonly regions?: readonly (readonly [number, number])[];
}

/** A stream of one column of doubles, whose values are in the one compressed buffer given. */
function crafted({
  codec = CompressionType.LZ4_FRAME,
  frame = new Uint8Array(0),
  rows = 8,
  nulls = 0,
  ...claims
}: Crafted): ZBytes {
  const buffer = claims.bytes ?? prefixed(claims.declared ?? rows * 8, frame);
  const regions = (
    claims.regions ?? [
      [0, 0],
      [0, buffer.byteLength],
    ]
  ).map(([at, length]) => new BufferRegion(at, length));
  const header = new Header(rows, [new FieldNode(rows, nulls)], regions, new BodyCompression(codec));
  const body = new Uint8Array(Math.ceil(buffer.byteLength / 64) * 64);
  body.set(buffer);
  const metadata = Message.encode(Message.from(header, body.byteLength));
  const [schema] = encodeBatch(zeros(8)).segments();
  return ZBytes.fromSegments([schema as Uint8Array, Int32Array.of(-1, metadata.byteLength), metadata, body]);
}

function prefixed(declared: number, frame: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigInt64(0, BigInt(declared), true);
  return joinedBytes(length, frame);
}

function joinedBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = value;
  return changed;
}

function doubles(values: Float64Array): RecordBatch {
  return batchOf({ a: makeData({ type: new Float64(), data: values }) });
}

function zeros(rows: number): RecordBatch {
  return doubles(new Float64Array(rows));
}

/** The code of the error; `undefined` without one. Any other error is the test's failure. */
function codeOf(run: () => unknown, label = ''): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ArrowPayloadError) return error.code;
    throw new Error(`${label}: ${error}`, { cause: error });
  }
}
