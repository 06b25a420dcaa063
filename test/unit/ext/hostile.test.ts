// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { ZBytes } from '@zenoh-segments/core';
import {
  NumberFormat,
  type ZBytesDeserializer,
  ZD,
  type ZDTypeInfo,
  zdeserialize,
  zserialize,
} from '@zenoh-segments/core/ext';
import { costOf } from '../../support/fuzz/cost.js';
import { runSeed } from '../../support/peers-bytes.js';
import { random } from '../../support/random.js';
import { randomSchema, randomValue } from './random-value.js';
import { tagsOf } from './schema.js';

type Tag = ZDTypeInfo<unknown>;

const hex = (text: string) => new ZBytes(Buffer.from(text, 'hex'));
const refusal = expect.objectContaining({ name: 'CoreError', code: 'DESERIALIZE' });

/** A list as long as the bytes say: a type that holds itself. */
class Chain {
  next: Chain | undefined;
  deserializeWithZDeserializer(deserializer: ZBytesDeserializer): void {
    if (deserializer.deserializeBoolean()) this.next = deserializer.deserialize(ZD.object(Chain));
  }
}

class Nothing {
  deserializeWithZDeserializer(): void {}
}

function tree(deserializer: ZBytesDeserializer): unknown {
  return deserializer.deserialize(ZD.array(ZD.objectStatic(tree)));
}

const everything = ZD.tuple(
  ZD.string(),
  ZD.number(),
  ZD.bigint(),
  ZD.boolean(),
  ZD.float32array(),
  ZD.map(ZD.string(), ZD.array(ZD.uint8array())),
);

test('cut at each byte, in one segment and in two', () => {
  const whole = Buffer.from(`03616263${'00'.repeat(16)}01020000803f0000004001016b020100020102`, 'hex');
  expect(zdeserialize(everything, new ZBytes(whole))).toHaveLength(6);
  for (let length = 0; length < whole.byteLength; length++) {
    const cut = whole.subarray(0, length);
    expect(() => zdeserialize(everything, new ZBytes(cut))).toThrow(refusal);
    const halves = [cut.subarray(0, length >> 1), cut.subarray(length >> 1)];
    expect(() => zdeserialize(everything, ZBytes.fromSegments(halves))).toThrow(refusal);
  }
});

describe('refused, at once and without reserving memory', () => {
  const longest = 'ffffffffffffffffff01';
  const safe = 'ffffffffffffff0f';
  const types: Readonly<Record<string, Tag>> = {
    string: ZD.string(),
    uint8array: ZD.uint8array(),
    float64array: ZD.float64array(),
    'array of numbers': ZD.array(ZD.number()),
    'array of nothing': ZD.array(ZD.object(Nothing)),
    'array of empty tuples': ZD.array(ZD.tuple()),
    set: ZD.set(ZD.string()),
    map: ZD.map(ZD.tuple(), ZD.tuple()),
  };
  const lengths = [longest, safe, '8080808010', '80808080808080808002', '8080808080808080808000', '80', `${safe}00`];

  for (const [name, tag] of Object.entries(types)) {
    test.each(lengths)(`${name} of length %s`, (length) => {
      const before = process.memoryUsage();
      const { ms } = costOf(() => expect(() => zdeserialize(tag, hex(length))).toThrow(refusal));
      const after = process.memoryUsage();
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(16_000_000);
      expect(ms).toBeLessThan(1000);
    });
  }

  test.each<[string, Tag, string]>([
    ['a string that is not UTF-8', ZD.string(), '02c328'],
    ['a string cut in a character', ZD.string(), '01c3'],
    ['a surrogate', ZD.string(), '03eda080'],
    ['a boolean of 2', ZD.boolean(), '02'],
    ['bytes after a value', ZD.boolean(), '0100'],
    ['bytes after nothing', ZD.tuple(), '00'],
    ['a bigint beyond the safe range', ZD.number(NumberFormat.Int64), '0000000000002000'],
    ['a negative one', ZD.number(NumberFormat.Int64), '000000000000e0ff'],
    ['an unsigned one', ZD.number(NumberFormat.Uint64), 'ffffffffffffffff'],
    ['a type that nests in itself', ZD.object(Chain), '01'.repeat(1_000_000)],
    ['a tree that nests in itself', ZD.objectStatic(tree), '01'.repeat(1_000_000)],
    ['many elements of nothing', ZD.array(ZD.array(ZD.tuple())), `8020${'ff1f'.repeat(4096)}`],
  ])('%s', (_, tag, text) => {
    expect(() => zdeserialize(tag, hex(text))).toThrow(refusal);
  });
});

test('what is odd but right', () => {
  // Needless bytes in a length, as leb128 of Rust takes them.
  expect(zdeserialize(ZD.uint8array(), hex('81800009'))).toEqual(new Uint8Array([9]));
  expect(zdeserialize(ZD.uint8array(), hex('80808080808080808000'))).toEqual(new Uint8Array(0));
  expect(zdeserialize(ZD.array(ZD.object(Nothing)), hex('8020'))).toHaveLength(4096);
  expect(zdeserialize(ZD.set(ZD.boolean()), hex('03010001'))).toEqual(new Set([true, false]));
  expect(zdeserialize(ZD.map(ZD.boolean(), ZD.boolean()), hex('0201000101'))).toEqual(new Map([[true, true]]));
  let depth = 0;
  for (let chain = zdeserialize(ZD.object(Chain), hex(`${'01'.repeat(250)}00`)); chain.next; chain = chain.next)
    depth++;
  expect(depth).toBe(250);
});

test('seeded mutations end in a value or in DESERIALIZE', () => {
  const seed = runSeed();
  const below = random(seed);
  let values = 0;
  const rounds = 1500;
  for (let round = 0; round < rounds; round++) {
    const schema = randomSchema(below);
    const { zs, zd } = tagsOf(schema);
    const bytes = zserialize(randomValue(schema, below) as never, zs as never).toBytes();
    for (let i = 0; i <= below(3) && bytes.byteLength > 0; i++) bytes[below(bytes.byteLength)] = below(256);
    const cut = below(3) === 0 ? bytes.subarray(0, below(bytes.byteLength + 1)) : bytes;
    try {
      zdeserialize(zd, new ZBytes(cut));
      values++;
    } catch (error) {
      if ((error as { code?: string }).code === 'DESERIALIZE') continue;
      throw new Error(`SEED=${seed}, round ${round}, ${JSON.stringify(schema)}`, { cause: error });
    }
  }
  expect(values).toBeGreaterThan(0);
  expect(values).toBeLessThan(rounds);
});
