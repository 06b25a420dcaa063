// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { type IntoParameters, Parameters } from '@zenoh-segments/core';
import { costOf } from '../../support/fuzz/cost.js';

// `text` and what comes of it restates `test_parameters` of zenoh-protocol's parameters.rs, and goes on from there.
const parsed: readonly (readonly [source: string, text: string, entries: readonly (readonly [string, string])[]])[] = [
  ['', '', []],
  ['p1', 'p1', [['p1', '']]],
  ['p1=v1', 'p1=v1', [['p1', 'v1']]],
  [
    'p1=v1;p2=v2;',
    'p1=v1;p2=v2',
    [
      ['p1', 'v1'],
      ['p2', 'v2'],
    ],
  ],
  [
    'p1=v1;p2=v2;|=',
    'p1=v1;p2=v2',
    [
      ['p1', 'v1'],
      ['p2', 'v2'],
    ],
  ],
  [
    'p1=v1;p2;p3=v3',
    'p1=v1;p2;p3=v3',
    [
      ['p1', 'v1'],
      ['p2', ''],
      ['p3', 'v3'],
    ],
  ],
  [
    'p1=v 1;p 2=v2',
    'p1=v 1;p 2=v2',
    [
      ['p1', 'v 1'],
      ['p 2', 'v2'],
    ],
  ],
  [
    'p1=x=y;p2=a==b',
    'p1=x=y;p2=a==b',
    [
      ['p1', 'x=y'],
      ['p2', 'a==b'],
    ],
  ],
  [
    'a=1;b=2;c=3|4|5;d=6',
    'a=1;b=2;c=3|4|5;d=6',
    [
      ['a', '1'],
      ['b', '2'],
      ['c', '3|4|5'],
      ['d', '6'],
    ],
  ],
  [
    ';;a=1;;;b',
    ';;a=1;;;b',
    [
      ['a', '1'],
      ['b', ''],
    ],
  ],
  ['=v', '=v', [['', 'v']]],
  [
    'a=1;a=2',
    'a=1;a=2',
    [
      ['a', '1'],
      ['a', '2'],
    ],
  ],
  ['|;=;', '', []],
  [
    '_time=[now(-2s)..now(2s)];%20=%3B',
    '_time=[now(-2s)..now(2s)];%20=%3B',
    [
      ['_time', '[now(-2s)..now(2s)]'],
      ['%20', '%3B'],
    ],
  ],
  [' a = 1 \n', ' a = 1 \n', [[' a ', ' 1 \n']]],
];

describe('of a text', () => {
  test.each(parsed)('%j', (source, text, entries) => {
    const parameters = new Parameters(source);
    expect(parameters.toString()).toBe(text);
    expect([...parameters.iter()]).toEqual(entries);
    expect(parameters.isEmpty()).toBe(text === '');
    for (const [key] of entries) {
      const first = entries.find(([each]) => each === key)?.[1];
      expect(parameters.get(key)).toBe(first);
      expect(parameters.containsKey(key)).toBe(true);
      expect([...parameters.values(key)]).toEqual(first?.split('|'));
    }
    expect(parameters.get('missing')).toBeUndefined();
    expect(parameters.containsKey('missing')).toBe(false);
    expect([...parameters.values('missing')]).toEqual([]);
  });
});

describe('of other things', () => {
  const map = new Map([
    ['p1', 'v1'],
    ['', 'dropped'],
    ['flag', ''],
  ]);
  test.each<[string, IntoParameters, string]>([
    ['a map', map, 'p1=v1;flag'],
    ['an empty map', new Map(), ''],
    ['a String', new String('a=1;'), 'a=1'],
    ['parameters', new Parameters('a=1'), 'a=1'],
  ])('%s', (_, source, text) => {
    expect(new Parameters(source).toString()).toBe(text);
  });

  test('a copy is a copy', () => {
    const source = new Parameters('a=1');
    const copy = new Parameters(source);
    copy.insert('b', '2');
    expect(source.toString()).toBe('a=1');
    expect(Parameters.empty().isEmpty()).toBe(true);
  });
});

// The first five restate `test_remove` of parameters.rs; the last is of zenoh-ts's tests.
test.each([
  ['b=2;a=1;c=3', 'a', true, 'b=2;c=3'],
  ['a=1;b=2;a=3', 'a', true, 'b=2'],
  ['x=1;y=2', 'missing', false, 'x=1;y=2'],
  ['a=1', 'a', true, ''],
  ['flag;a=1', 'flag', true, 'a=1'],
  ['key1=value1;key2=value2;key1=duplicate;key3=value3', 'key1', true, 'key2=value2;key3=value3'],
  ['ab=1;b=2', 'b', true, 'ab=1'],
])('%j without %j', (source, key, found, text) => {
  const parameters = new Parameters(source);
  expect(parameters.remove(key)).toBe(found);
  expect(parameters.toString()).toBe(text);
});

test.each([
  ['', 'a', '1', undefined, 'a=1'],
  ['a=1;b=2', 'a', '3', '1', 'b=2;a=3'],
  ['a=1;b=2;a=4', 'a', '3', '1', 'b=2;a=3'],
  ['a=1', '_anyke', '', undefined, 'a=1;_anyke'],
  ['flag', 'flag', 'x|y', '', 'flag=x|y'],
  [';;a=1;=x', 'b', '2', undefined, 'a=1;b=2'],
])('%j with %j=%j', (source, key, value, old, text) => {
  const parameters = new Parameters(source);
  expect(parameters.insert(key, value)).toBe(old);
  expect(parameters.toString()).toBe(text);
});

test.each<[string, IntoParameters, string]>([
  ['key1=value1', 'key2=value2;key1=updated', 'key2=value2;key1=updated'],
  ['a=1;b=2', new Map([['b', '3']]), 'a=1;b=3'],
  ['a=1', '', 'a=1'],
  ['a=1', 'b=1;b=2', 'a=1;b=1;b=2'],
  ['', new Parameters('a'), 'a'],
])('%j extended', (source, other, text) => {
  const parameters = new Parameters(source);
  parameters.extend(other);
  expect(parameters.toString()).toBe(text);
});

test('extended by itself', () => {
  const parameters = new Parameters('a=1;b');
  parameters.extend(parameters);
  expect(parameters.toString()).toBe('a=1;b');
});

test.each<[string, () => unknown]>([
  ['null', () => new Parameters(null as never)],
  ['a number', () => new Parameters(1 as never)],
  ['a map of numbers', () => new Parameters(new Map([['a', 1]]) as never)],
  ['a key that is no string', () => Parameters.empty().insert(1 as never, 'a')],
  ['a value that is no string', () => Parameters.empty().insert('a', undefined as never)],
  ['a key to get', () => Parameters.empty().get(undefined as never)],
])('%s is refused', (_, make) => {
  expect(make).toThrow(expect.objectContaining({ name: 'CoreError', code: 'INVALID_ARGUMENT' }));
});

test('a long run of separators takes no time', () => {
  const { ms } = costOf(() => {
    expect(new Parameters(`${';'.repeat(1_000_000)}x`).get('x')).toBe('');
    expect(new Parameters(';=|'.repeat(500_000)).isEmpty()).toBe(true);
  });
  expect(ms).toBeLessThan(2000);
});
