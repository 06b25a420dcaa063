// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { fromZBytes, MessageBuilder, toZBytes } from '@zenoh-segments/capnp';
import { Message, type Struct, type StructCtor, Text } from '@zenoh-segments/capnp/runtime';
import { ZBytes } from '@zenoh-segments/core';
import * as constants from '../../../golden/capnp/codegen/generated/constants.js';
import { Box, Shelf } from '../../../golden/capnp/codegen/generated/generics.js';
import { Defaults, Kinds } from '../../../golden/capnp/codegen/generated/kinds.js';
import { Partly } from '../../../golden/capnp/codegen/generated/left-out.js';
import { Words } from '../../../golden/capnp/codegen/generated/names.js';
import { Left } from '../../../golden/capnp/codegen/generated/ring-a.js';
import { Right } from '../../../golden/capnp/codegen/generated/ring-b.js';
import { Color, Point } from '../../../golden/capnp/codegen/generated/sub/common.js';
import { Shape, Shape_Kind } from '../../../golden/capnp/codegen/generated/unions.js';
import { goldenArguments, judged, schemaFolder } from './tool.js';

const includes = goldenArguments().filter((argument) => argument.startsWith('-I'));

function tool(verb: string, args: readonly string[], input?: string | Uint8Array): Buffer {
  const stdio = ['pipe', 'pipe', 'pipe'] as const;
  return execFileSync('capnp', [verb, ...args], {
    cwd: schemaFolder,
    input,
    stdio: [...stdio],
    env: { ...process.env, PWD: schemaFolder },
  });
}

/** A message as the tool reads it: JSON in which 64-bit integers are texts, and absent pointers are absent. */
function toJson(message: Message, schema: string, type: string): Record<string, unknown> {
  const bytes = toZBytes(message).toBytes();
  return JSON.parse(tool('convert', ['binary:json', ...includes, schema, type], bytes).toString());
}

/** What the tool makes of a text in the schema's language, received. */
function encoded<T extends Struct>(Root: StructCtor<T>, schema: string, type: string, text: string): T {
  const bytes = tool('encode', [...includes, schema, type], text);
  return fromZBytes(new ZBytes(Uint8Array.from(bytes))).getRoot(Root);
}

describe.each([
  ['a stock message', () => new Message()],
  ['a MessageBuilder', () => new MessageBuilder()],
])('built in %s', (_, create) => {
  const built = <T extends Struct>(Root: StructCtor<T>, build: (root: T) => void) => {
    const message = create();
    build(message.initRoot(Root));
    return message;
  };

  judged('every kind of field means to the tool what was set', () => {
    const message = built(Kinds, (root) => {
      root.bool = true;
      root.int8 = -128;
      root.int16 = -32768;
      root.int32 = -2147483648;
      root.int64 = -(2n ** 63n);
      root.uInt8 = 255;
      root.uInt16 = 65535;
      root.uInt32 = 4294967295;
      root.uInt64 = 2n ** 64n - 1n;
      root.float32 = -1.5;
      root.float64 = 1e300;
      root.text = 'Größe';
      root._initData(3).copyBuffer(Uint8Array.of(1, 2, 255));
      root.color = Color.DARK_BLUE;
      root._initPoint().label = 'p';
      root._initSelf()._initSelf().int8 = 5;
      const lists = root._initLists();
      lists._initVoids(2);
      fill(lists._initBools(3), [true, false, true]);
      fill(lists._initInt8s(2), [-1, 1]);
      fill(lists._initInt16s(2), [-1, 1]);
      fill(lists._initInt32s(2), [-1, 1]);
      fill(lists._initInt64s(2), [-1n, 1n]);
      fill(lists._initUInt8s(2), [255, 1]);
      fill(lists._initUInt16s(2), [65535, 1]);
      fill(lists._initUInt32s(2), [4294967295, 1]);
      fill(lists._initUInt64s(2), [2n ** 64n - 1n, 1n]);
      fill(lists._initFloat32s(2), [0.5, -0.5]);
      fill(lists._initFloat64s(2), [0.1, -0.1]);
      fill(lists._initTexts(2), ['a', '']);
      lists._initDatas(1);
      fill(lists._initColors(2), [Color.BLUE, Color.LIGHT_GREEN]);
      lists._initPoints(2).get(1).x = 2;
    });
    expect(toJson(message, 'kinds.capnp', 'Kinds')).toEqual({
      bool: true,
      int8: -128,
      int16: -32768,
      int32: -2147483648,
      int64: '-9223372036854775808',
      uInt8: 255,
      uInt16: 65535,
      uInt32: 4294967295,
      uInt64: '18446744073709551615',
      float32: -1.5,
      float64: 1e300,
      text: 'Größe',
      data: [1, 2, 255],
      color: 'darkBlue',
      point: { x: 0, y: 0, label: 'p' },
      nothing: null,
      self: expect.objectContaining({ self: expect.objectContaining({ int8: 5 }) }),
      lists: {
        voids: [null, null],
        bools: [true, false, true],
        int8s: [-1, 1],
        int16s: [-1, 1],
        int32s: [-1, 1],
        int64s: ['-1', '1'],
        uInt8s: [255, 1],
        uInt16s: [65535, 1],
        uInt32s: [4294967295, 1],
        uInt64s: ['18446744073709551615', '1'],
        float32s: [0.5, -0.5],
        float64s: [0.1, -0.1],
        texts: ['a', ''],
        datas: [[]],
        colors: ['blue', 'lightGreen'],
        points: [
          { x: 0, y: 0 },
          { x: 2, y: 0 },
        ],
      },
    });
  });

  judged('a field set to something else than its default, and to zero', () => {
    const set = built(Defaults, (root) => {
      root.bool = false;
      root.int8 = 0;
      root.int32 = 1;
      root.uInt32 = 0;
      root.int64 = 1n;
      root.uInt64 = 0n;
      root.float32 = 0;
      root.float64 = 2.5;
      root.notANumber = 1.5;
      root.infinite = 0;
      root.color = Color.RED;
      root.text = '';
      root._initPoint().x = 9;
    });
    expect(toJson(set, 'kinds.capnp', 'Defaults')).toMatchObject({
      bool: false,
      int8: 0,
      int16: -1600,
      int32: 1,
      uInt32: 0,
      int64: '1',
      uInt64: '0',
      float32: 0,
      float64: 2.5,
      notANumber: 1.5,
      infinite: 0,
      color: 'red',
      text: '',
      point: { x: 9, y: 0 },
    });
  });

  judged('unions and groups', () => {
    const shape = (build: (root: Shape) => void) => toJson(built(Shape, build), 'unions.capnp', 'Shape');
    expect(shape((root) => Object.assign(root, { nothing: true }))).toMatchObject({ nothing: null });
    expect(shape((root) => Object.assign(root, { circle: 2, area: 12 }))).toMatchObject({ circle: 2, area: 12 });
    expect(
      shape((root) => {
        root._initSquare().side = 3;
        root.tag._initDeep().right = -4;
      }),
    ).toMatchObject({ square: { side: 3, rotated: true }, tag: { deep: { right: -4 } } });
    expect(
      shape((root) => {
        const [first] = root._initOutline(1);
        (first as Shape).kind = Shape_Kind.HTTP_URL;
        root.tag.text = 'tagged';
        root._initCorner()._initMarks(1).get(0).kind = Shape.Kind.HTTP_URL;
      }),
    ).toMatchObject({
      outline: [{ kind: 'httpURL' }],
      tag: { text: 'tagged' },
      corner: { x: 7, marks: [{ kind: 'httpURL' }] },
    });
  });
});

judged('unset fields have the defaults of the schema, built by the tool and by us', () => {
  const read = encoded(Defaults, 'kinds.capnp', 'Defaults', '()');
  // (A stock message reads 16 bits of the default of a 32-bit integer: capnp-es's own bug.)
  const own = new MessageBuilder().initRoot(Defaults);
  for (const root of [read, own]) {
    const { bool, int8, int16, int32, int64, uInt8, uInt16, uInt32, uInt64, float32, float64, zero } = root;
    expect([bool, int8, int16, int32, uInt8, uInt16, uInt32, zero]).toEqual([
      ...[true, -8, -1600, -320000, 255, 65535, 4294967295, 0],
    ]);
    expect([int64, uInt64]).toEqual([-(2n ** 63n), 2n ** 64n - 1n]);
    expect([float32, float64, root.notANumber, root.infinite, root.minus]).toEqual([
      ...[Math.fround(1.5e-20), -2.25e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ]);
    expect(root.text).toBe('it\'s "quoted" \\ and\nbroken \u202e');
    expect([...root.data.toUint8Array()]).toEqual([0, 255, 16]);
    expect([root.color, root.point.x, root.point.y, root.point.label]).toEqual([Color.BLUE, 1, -2, 'default']);
    expect([root.int32s.toArray(), root.bools.toArray(), root.texts.toArray()]).toEqual([
      [1, -2, 3],
      [true, false, true],
      ['a', '', 'ccc'],
    ]);
    expect([root.colors.toArray(), root.empty.toArray()]).toEqual([[Color.GREEN, Color.RED], []]);
    expect(root.points.map(({ x, y, label }) => [x, y, label])).toEqual([
      [1, 0, ''],
      [0, 2, 'second'],
    ]);
    expect(root.matrix.map((row) => row.toArray())).toEqual([[1, 2], [], [3]]);
  }
});

judged('what the tool encodes is read: unions, groups, lists of lists', () => {
  const shape = encoded(
    Shape,
    'unions.capnp',
    'Shape',
    '(area = 1, square = (side = 2, rotated = false), tag = (deep = (left = 3)))',
  );
  expect([shape.which(), shape._isSquare, shape.square.side, shape.square.rotated]).toEqual([
    Shape.SQUARE,
    true,
    2,
    false,
  ]);
  expect([shape.tag.which(), shape.tag.deep.left]).toEqual([2, 3]);
  expect(() => shape.circle).toThrow(expect.objectContaining({ code: 'CAPNP_RANGE' }));

  const kinds = encoded(
    Kinds,
    'kinds.capnp',
    'Kinds',
    '(lists = (matrix = [[1, 2], [3]], colorRows = [[blue], []], cubes = [[[(x = 4)]]]))',
  );
  expect(kinds.lists.matrix.map((row) => row.toArray())).toEqual([[1, 2], [3]]);
  expect(kinds.lists.colorRows.map((row) => row.toArray())).toEqual([[Color.BLUE], []]);
  expect(kinds.lists.cubes.get(0).get(0).get(0).x).toBe(4);
});

judged('generic structs: what a type parameter stands for is read as it was written', () => {
  const text =
    '(point = (value = (x = 3)), text = (value = "boxed", other = "other"), boxes = [(value = [(y = 1), (y = 2)])])';
  const shelf = encoded(Shelf, 'generics.capnp', 'Shelf', text);
  expect(shelf.point._getValue(Point).x).toBe(3);
  expect(Text.fromPointer(shelf.text.value).get(0)).toBe('boxed');
  expect([shelf.text.which(), Text.fromPointer(shelf.text.other).get(0)]).toEqual([Box.OTHER, 'other']);
  expect(shelf.point.which()).toBe(Box.NONE);

  const message = new MessageBuilder();
  const own = message.initRoot(Shelf);
  own._initPoint()._initValue(Point).x = 5;
  Text.fromPointer(own._initText().value).set(0, 'boxed');
  own._initAnything().value = own.point._getValue(Point);
  const decoded = tool('decode', [...includes, 'generics.capnp', 'Shelf'], toZBytes(message).toBytes()).toString();
  expect(decoded).toContain('point = (value = (x = 5, y = 0)');
  expect(decoded.replaceAll(/\s+/g, ' ')).toContain('anything = (value = <opaque pointer>');
});

const { Holder } = constants;
const colors = ['red', 'green', 'blue', 'lightGreen', 'darkBlue'].map((name) => Symbol(name));
const colorOf = (color: Color) => colors[color];
const pointOf = ({ x, y, label }: Point) => (label === '' ? { x, y } : { x, y, label });
judged.each<[string, unknown]>([
  ['yes', constants.YES],
  ['answer', constants.ANSWER],
  ['least', constants.LEAST],
  ['most', constants.MOST],
  ['third', constants.THIRD],
  ['tiny', constants.TINY],
  ['huge', constants.HUGE],
  ['greeting', constants.GREETING],
  ['favourite', colorOf(constants.FAVOURITE)],
  ['origin', pointOf(constants.ORIGIN)],
  ['primes', constants.PRIMES.toArray()],
  ['palette', constants.PALETTE.map(colorOf)],
  ['corners', constants.CORNERS.map(pointOf)],
  ['rows', constants.ROWS.map((row) => row.toArray())],
  ['Holder.maxSize', Holder.MAX_SIZE],
  ['Holder.title', Holder.TITLE],
  ['Holder.home', pointOf(Holder.HOME)],
  ['Holder.later', { value: Holder.LATER.value }],
  ['Holder.shades', Holder.SHADES.map(colorOf)],
  ['Holder.items', Holder.ITEMS.map(({ value }) => ({ value }))],
])('the constant %s is what the tool makes of it', (name, value) => {
  const evaluated = tool('eval', [...includes, 'constants.capnp', name]).toString();
  // The tool writes all digits of a number, and breaks lines.
  const shortest = evaluated.replaceAll(/\d+\.[\d.e+-]+|\d+e\d+/g, (digits) => String(Number(digits)));
  expect(inSchemaLanguage(value)).toBe(shortest.replaceAll(/\s+(?=[^"]*(?:"[^"]*"[^"]*)*$)/g, ''));
});

test('constants are made once, and can not be changed', () => {
  expect([constants.NOTHING, constants.NAN, [...constants.BYTES.toUint8Array()]]).toEqual([
    ...[undefined, Number.NaN, [0xde, 0xad, 0xbe, 0xef]],
  ]);
  const { SQUARE } = constants;
  expect([SQUARE.area, SQUARE.square.side, SQUARE.tag.text, SQUARE.corner.marks.get(0).text]).toEqual([
    4,
    2,
    'sq',
    'm',
  ]);
  expect(Holder.HOME).toBe(Holder.HOME);
  expect(() => {
    constants.ORIGIN.x = 1;
  }).toThrow(expect.objectContaining({ code: 'CAPNP_READ_ONLY' }));
  // A constant can be a field's value.
  const kinds = new MessageBuilder().initRoot(Kinds);
  kinds.point = constants.ORIGIN;
  expect(kinds.point.label).toBe('origin');
});

test('files that import each other, either first', () => {
  const left = new MessageBuilder().initRoot(Left);
  left._initRights(1).get(0)._initLefts(1);
  expect([left.rights.get(0).lefts.get(0).length, Left.FIRST.name]).toEqual([0, 'constant']);
  expect(new MessageBuilder().initRoot(Right)._initLeft()._initRight().name).toBe('');
});

test('names that mean something in JavaScript', () => {
  const words = new MessageBuilder().initRoot(Words);
  words.$constructor = 'built';
  words.$toString = 5;
  words.$byteOffset = 6;
  words.$which = true;
  words._initSegment(2);
  words.class = 'first';
  words.default = 'none';
  words._initAwait().yield = 3;
  expect([words.$constructor, words.$toString, words.$byteOffset, words.$which]).toEqual(['built', 5, 6, true]);
  expect([words.$segment.length, words.class, words.default, words.await.yield]).toEqual([2, 'first', 'none', 3]);
  expect([words.which(), words.constructor, typeof words.byteOffset]).toEqual([Words.DEFAULT, Words, 'number']);
  expect(words.toString()).toMatch(/^Words_/);
});

judged('a field of an interface is left out, and its union says that it is set', () => {
  const partly = encoded(Partly, 'left-out.capnp', 'Partly', '(before = 4, number = 7)');
  expect([partly.before, partly._isNumber, partly._isCall, partly.number]).toEqual([4, true, false, 7]);
  expect('calculator' in partly).toBe(false);
});

function fill<T>(list: { set(index: number, value: T): void }, values: readonly T[]): void {
  values.forEach((value, index) => {
    list.set(index, value);
  });
}

/** A value as a schema has it, without spaces; a symbol is an enumerant. */
function inSchemaLanguage(value: unknown): string {
  if (typeof value === 'symbol') return String(value.description);
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inSchemaLanguage)}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `(${Object.entries(value).map(([name, field]) => `${name}=${inSchemaLanguage(field)}`)})`;
}
