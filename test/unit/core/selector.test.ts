// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { type IntoSelector, KeyExpr, Parameters, Selector } from '@zenoh-segments/core';

const key = new KeyExpr('demo/**');

test.each<[name: string, source: IntoSelector, key: string, parameters: string, text: string]>([
  ['a text', 'demo/**?a=1;b=2', 'demo/**', 'a=1;b=2', 'demo/**?a=1;b=2'],
  ['a text without parameters', 'demo/a', 'demo/a', '', 'demo/a'],
  ['a text with a mark at its end', 'demo/a?', 'demo/a', '', 'demo/a'],
  ['a text with two marks', 'demo/a?b=?c', 'demo/a', 'b=?c', 'demo/a?b=?c'],
  ['a text with separators at its end', 'demo/a?b=;', 'demo/a', 'b', 'demo/a?b'],
  ['a String', new String('demo/a?b'), 'demo/a', 'b', 'demo/a?b'],
  ['a key expression', key, 'demo/**', '', 'demo/**'],
  ['a pair', [key, new Parameters('a=1')], 'demo/**', 'a=1', 'demo/**?a=1'],
  ['a selector', new Selector('demo/a', 'b'), 'demo/a', 'b', 'demo/a?b'],
])('from %s', (_, source, keyExpr, parameters, text) => {
  const selector = Selector.from(source);
  expect(selector.keyExpr()).toBeInstanceOf(KeyExpr);
  expect(selector.keyExpr().toString()).toBe(keyExpr);
  expect(selector.parameters().toString()).toBe(parameters);
  expect(selector.toString()).toBe(text);
});

test('from a selector: itself', () => {
  const selector = new Selector(key, new Map([['a', '1']]));
  expect(Selector.from(selector)).toBe(selector);
  expect(selector.toString()).toBe('demo/**?a=1');
});

test('its parameters are its own', () => {
  const parameters = new Parameters('a=1');
  const selector = new Selector('demo', parameters);
  parameters.insert('b', '2');
  expect(selector.toString()).toBe('demo?a=1');
  selector.parameters().insert('c', '3');
  expect(selector.toString()).toBe('demo?a=1;c=3');
});

// Restates `selector_accessors` of zenoh's selector.rs.
describe('the parameters that zenoh reserves are as any others', () => {
  test.each([
    'hello/there?_timetrick',
    'hello/there?_timetrick;_time',
    'hello/there?_timetrick;_time;_filter',
    'hello/there?_timetrick;_time=[..]',
    'hello/there?_timetrick;_time=[..];_filter',
  ])('%s', (text) => {
    const selector = Selector.from(text);
    expect(selector.keyExpr().toString()).toBe('hello/there');
    const parameters = new Parameters(selector.parameters());
    expect(parameters.get('_timetrick')).toBe('');
    const range = '[now(-2s)..now(2s)]';
    parameters.insert('_time', range);
    expect(parameters.get('_time')).toBe(range);
    parameters.insert('_filter', '');
    expect(parameters.get('_filter')).toBe('');
    parameters.extend(new Map(parameters.iter()));
    expect(parameters.get('_filter')).toBe('');
    parameters.insert('_anyke', '');
    const expected = new Parameters('_anyke;_filter;_time=[now(-2s)..now(2s)];_timetrick');
    expect(new Map(parameters.iter())).toEqual(new Map(expected.iter()));
  });
});

test.each<[string, () => unknown, string]>([
  ['a text that is no key expression', () => Selector.from('/demo?a=1'), 'KEY_EXPR_INVALID'],
  ['no text', () => Selector.from(''), 'KEY_EXPR_INVALID'],
  ['parameters alone', () => Selector.from('?a=1'), 'KEY_EXPR_INVALID'],
  ['a mark in the key expression', () => new Selector('demo?a=1'), 'KEY_EXPR_INVALID'],
  ['a number', () => Selector.from(1 as never), 'INVALID_ARGUMENT'],
  ['null', () => Selector.from(null as never), 'INVALID_ARGUMENT'],
  ['an empty pair', () => Selector.from([] as never), 'INVALID_ARGUMENT'],
  ['parameters of another type', () => new Selector('demo', 1 as never), 'INVALID_ARGUMENT'],
])('%s is refused', (_, make, code) => {
  expect(make).toThrow(expect.objectContaining({ name: 'CoreError', code }));
});
