// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect } from '@jest/globals';
import { CongestionControl, ZBytes } from '@zenoh-segments/core';
import { ZBytesSerializer, ZD, zdeserialize, zserialize } from '@zenoh-segments/core/ext';
import { peerTest } from '../support/peers.js';
import { hex, runSeed, sha256 } from '../support/peers-bytes.js';
import { Inbox } from '../support/peers-inbox.js';
import { PythonPeer } from '../support/python.js';
import { LINKS, withZenohPeer } from '../support/python-zenoh.js';
import { random } from '../support/random.js';
import { randomSchema, randomValue } from '../unit/ext/random-value.js';
import { fromJson, type Schema, tagsOf, toJson } from '../unit/ext/schema.js';

const PROGRAM = 'ext_peer.py';
const KEY = 'interop/ext';

const double = (value: number) => toJson('Float64', value);
const integers = (bits: number): [Schema, string[]][] => [
  [`Int${bits}` as Schema, ['0', '-1', String(-(2n ** BigInt(bits - 1))), String(2n ** BigInt(bits - 1) - 2n)]],
  [`UInt${bits}` as Schema, ['0', '1', String(2n ** BigInt(bits - 1)), String(2n ** BigInt(bits) - 2n)]],
];

/** Values of every type that both know, in the JSON form. A set of one element has one order only. */
const VECTORS: readonly (readonly [Schema, readonly unknown[]])[] = [
  ...[8, 16, 32, 64, 128].flatMap(integers),
  ['Float64', [0, -0, 1 / 3, Number.NaN, Number.POSITIVE_INFINITY, 5e-324].map(double)],
  ['Float32', [0, -0, 0.5, Number.NEGATIVE_INFINITY, Math.fround(1 / 3)].map(double)],
  ['bool', [true, false]],
  ['str', ['', 'zenoh', 'é😀\u0000', '\ufeffmark', 'x'.repeat(127), 'x'.repeat(128), 'é'.repeat(10_000)]],
  ['bytes', ['', 'ff', '00'.repeat(127), '01'.repeat(128), 'ab'.repeat(20_000)]],
  [
    ['list', 'Int16'],
    [[], ['1', '-2'], Array(300).fill('7')],
  ],
  [['list', 'str'], [['a', '', 'é']]],
  [['list', ['list', 'bool']], [[[], [true], [false, true]]]],
  [
    ['set', 'UInt32'],
    [[], ['5']],
  ],
  [
    ['map', 'str', 'Float64'],
    [
      [],
      [
        ['pi', double(Math.PI)],
        ['e', double(Math.E)],
      ],
    ],
  ],
  [['map', 'Int64', ['list', 'bytes']], [[['-9', ['00', '']]]]],
  [['tuple'], [[]]],
  [['tuple', 'UInt8', 'str', ['tuple', 'bool', 'bytes']], [['1', 'a', [true, 'ff']]]],
  [
    ['list', ['tuple', 'str', ['map', 'Int8', ['set', 'str']]]],
    [
      [
        ['x', [['1', ['y']]]],
        ['z', []],
      ],
    ],
  ],
  [['typed', 'Int8'], [['-1', '2']]],
  [
    ['typed', 'UInt64'],
    [[], ['1', '18446744073709551614']],
  ],
  [['typed', 'Float32'], [[double(0.5), double(-0)]]],
  [['map', 'str', ['typed', 'Float64']], [[['a', [double(1 / 3)]]]]],
];

describe('the same bytes as zenoh.ext of Python', () => {
  peerTest('python', 'every type, both ways', () =>
    PythonPeer.with(PROGRAM, async (python) => {
      for (const [schema, values] of VECTORS) {
        const { zs, zd } = tagsOf(schema);
        for (const json of values) {
          const value = fromJson(schema, json);
          const ours = hex(zserialize(value as never, zs as never).toBytes());
          const theirs = await python.call<string>('serialize', { schema, value: json });
          expect([schema, ours]).toEqual([schema, theirs]);
          expect(await python.call('deserialize', { schema, payload: ours })).toEqual(json);
          expect(zdeserialize(zd, new ZBytes(Buffer.from(theirs, 'hex')))).toEqual(value);
        }
      }
    }),
  );

  peerTest('python', 'random values of random types, there and back', () =>
    PythonPeer.with(PROGRAM, async (python) => {
      const seed = runSeed();
      const below = random(seed);
      for (let round = 0; round < 150; round++) {
        const schema = randomSchema(below);
        const value = randomValue(schema, below);
        const { zs, zd } = tagsOf(schema);
        const payload = hex(zserialize(value as never, zs as never).toBytes());
        const told = await python.call('deserialize', { schema, payload });
        const place = `SEED=${seed}, round ${round}, ${JSON.stringify(schema)}`;
        expect([place, fromJson(schema, told)]).toEqual([place, value]);
        const back = Buffer.from(await python.call<string>('serialize', { schema, value: told }), 'hex');
        expect([place, zdeserialize(zd, new ZBytes(back))]).toEqual([place, value]);
        expect([place, back.byteLength]).toEqual([place, payload.length / 2]);
      }
    }),
  );

  peerTest('python', 'the same bytes are refused', () =>
    PythonPeer.with(PROGRAM, async (python) => {
      const cases: [Schema, string][] = [
        ['str', '01ff'],
        ['str', '03eda080'],
        ['str', '0261'],
        ['bool', '02'],
        ['Int32', '000000'],
        [['list', 'UInt8'], '8080808080808080808000'],
        [['list', 'UInt8'], '80808080808080808002'],
        [['tuple', 'UInt8', 'str'], '01'],
        [['map', 'str', 'str'], '020161'],
      ];
      for (const [schema, payload] of cases) {
        expect([schema, payload, await python.call('refuses', { schema, payload })]).toEqual([schema, payload, true]);
        expect(() => zdeserialize(tagsOf(schema).zd, new ZBytes(Buffer.from(payload, 'hex')))).toThrow(
          expect.objectContaining({ code: 'DESERIALIZE' }),
        );
      }
    }),
  );
});

describe.each(LINKS)('through sessions, %s', (link) => {
  peerTest('python', 'a large array among other values', () =>
    withZenohPeer(PROGRAM, { link }, async (peer) => {
      await peer.subscribe(KEY);
      const values = Float64Array.from({ length: 50_000 }, (_, i) => i / 7);
      const serializer = new ZBytesSerializer();
      serializer.serialize('doubles');
      serializer.serialize(values);
      const payload = serializer.finish();
      expect(payload.segments().some((segment) => segment.buffer === values.buffer)).toBe(true);
      expect(payload.ledger.copied).toBe('doubles'.length);
      await peer.session.put(KEY, payload, { congestionControl: CongestionControl.BLOCK });
      expect(await peer.python.call('next_doubles')).toEqual({
        text: 'doubles',
        sha256: sha256(new Uint8Array(values.buffer)),
      });
    }),
  );

  peerTest('python', 'what Python serialized', () =>
    withZenohPeer(PROGRAM, { link }, async ({ python, session }) => {
      const inbox = await Inbox.on(session, KEY);
      await python.call('put_doubles', { key: KEY, text: 'thirds', count: 50_000, as_shm: link === 'shm' });
      const payload = (await inbox.next()).payload();
      const [text, values] = zdeserialize(ZD.tuple(ZD.string(), ZD.float64array()), payload);
      expect(text).toBe('thirds');
      expect(values).toEqual(Float64Array.from({ length: 50_000 }, (_, i) => i / 3));

      const schema: Schema = ['map', 'str', ['list', 'Int128']];
      const json = [['a', ['1', String(-(2n ** 100n))]]];
      await python.call('put_value', { key: KEY, schema, value: json, as_shm: link === 'shm' });
      const received = (await inbox.next()).payload();
      expect(toJson(schema, zdeserialize(tagsOf(schema).zd, received))).toEqual(json);
    }),
  );
});
