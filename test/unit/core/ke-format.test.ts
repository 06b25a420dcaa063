// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the fields of a format are written so.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { KeFormat, KeFormatError, KeyExpr } from '@zenoh-segments/core';
import { costOf } from '../../support/fuzz/cost.js';

/** The error that this throws. */
function thrown(run: () => unknown): KeFormatError {
  try {
    run();
  } catch (error) {
    if (error instanceof KeFormatError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** format, values by field, keys, and what zenoh's Rust made of them: all keys, the formatted key, each key's fields. */
type Vector = [
  format: string,
  values: [string, string][],
  keys: string[],
  results: 'invalid' | [all: string, formatted: string | null, parsed: (string[] | null)[]],
];

/** zenoh-keyexpr 1.10.2 on random formats, values and keys with wildcards and verbatim chunks. */
const vectors = readFileSync(new URL('../../golden/key-format/vectors.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

function outcome<T>(code: string, run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if ((error as KeFormatError).code === code) return null;
    throw error;
  }
}

describe('a key format gives what zenoh gives', () => {
  test.each(vectors)('%s', (text, values, keys, results) => {
    const format = KeFormat.from(text);
    expect([
      format.keyExpr().toString(),
      outcome('KEY_FORMAT_MISMATCH', () => format.format(Object.fromEntries(values)).toString()),
      keys.map((key) => outcome('KEY_FORMAT_MISMATCH', () => Object.values(format.parse(key)))),
    ]).toEqual(results);
  });

  test('its documentation and its own tests hold', () => {
    const format = KeFormat.from('a/${a:*}/b/$#{b:**}#/c');
    expect(format.ids()).toEqual(['a', 'b']);
    expect(format.format({ a: 1, b: 'hi/there' }).toString()).toBe('a/1/b/hi/there/c');
    expect(format.format({ a: 1, b: '' }).toString()).toBe('a/1/b/c');
    for (const a of ['${a:*}', 'a/${a:*}']) {
      for (const b of ['b/${b:**}', '${b:**}']) {
        for (const text of [`${a}/${b}`, `${a}/${b}/c`]) {
          for (const value of ['hello', 'hello/there', '']) {
            const both = KeFormat.from(text);
            expect(both.parse(both.format({ a: 'hi', b: value }))).toEqual({ a: 'hi', b: value });
          }
        }
      }
    }
    expect(KeFormat.from('${a:**}/-/${b:**}').parse('hey/-/-/there')).toEqual({ a: 'hey/-', b: 'there' });
    expect(KeFormat.from('${a:**}/${b:**}').parse('a/b/c')).toEqual({ a: 'a/b/c', b: '' });
    expect(KeFormat.from('${a:**}/${b:**}').parse('**')).toEqual({ a: '**', b: '**' });
    expect(KeFormat.from('hi/${a:there}/${b:**}').parse('hi/**')).toEqual({ a: '**', b: '**' });
    expect(KeFormat.from('hi/${a:there}/@/${b:**}').parse('hi/**/@')).toEqual({ a: '**', b: '' });
  });
});

describe('a key format', () => {
  test('has defaults, and needs no field', () => {
    const format = KeFormat.from('robot/${id:*}/${part:**#arm/left}/$#{odd}:*#x}#');
    expect(format.format({ id: 7 }).toString()).toBe('robot/7/arm/left/x');
    expect(format.format({ id: 7, part: '', 'odd}': 'y' }).toString()).toBe('robot/7/y');
    expect(format.format({ id: 7, part: undefined }).toString()).toBe('robot/7/arm/left/x');
    expect(format.parse('robot/7/y')).toEqual({ id: '7', part: '', 'odd}': 'y' });
    const plain = KeFormat.from('a/b');
    expect([plain.format({}).toString(), plain.parse('a/*'), plain.ids()]).toEqual(['a/b', {}, []]);
    expect(KeFormat.from('${__proto__:*}').parse('x')).toEqual(JSON.parse('{"__proto__":"x"}'));
  });

  test('takes texts, numbers, big integers, booleans and key expressions', () => {
    const format = KeFormat.from('${a:*}/${b:*}/${c:*}/${d:**}');
    expect(format.format({ a: 1.5, b: 2n ** 64n, c: false, d: new KeyExpr('x/*') }).toString()).toBe(
      '1.5/18446744073709551616/false/x/*',
    );
    expect(String(format)).toBe('${a:*}/${b:*}/${c:*}/${d:**}');
  });

  test('knows its fields at compile time', () => {
    const format = KeFormat.from('${a:*}/${b:*#x}');
    const { a, b }: { readonly a: string; readonly b: string } = format.parse('1/2');
    expect([a, b]).toEqual(['1', '2']);
    const names: ('a' | 'b')[] = format.ids();
    expect(names).toEqual(['a', 'b']);
    // @ts-expect-error: no such field
    expect(format.parse('1/2').c).toBeUndefined();
    // @ts-expect-error: `a` has no default
    expect(thrown(() => format.format({})).field).toBe('a');
    // @ts-expect-error: no such field
    expect(thrown(() => format.format({ a: 1, c: 2 })).field).toBe('c');
    // @ts-expect-error: no text
    expect(thrown(() => format.format({ a: {} })).field).toBe('a');
    const unknown = KeFormat.from('${a:*}' as string);
    expect(unknown.format({ a: 1 }).toString()).toBe('1');
  });

  test.each([
    ['', 'empty chunk'],
    ['a//${b:*}', 'empty chunk'],
    ['/a/${b:*}', 'empty chunk'],
    ['/${b:*}', 'empty chunk'],
    ['${b:*}/', 'empty chunk'],
    ['a${b:*}', 'no `/` before it'],
    ['${b:*}c', 'no `/` after it'],
    ['${b:*', 'has no end'],
    ['$#{b:*}', 'has no end'],
    ['a/$', 'starts no field'],
    ['a/$b', 'starts no field'],
    ['a/$#b', 'starts no field'],
    ['**/${a:**}', 'wildcards are allowed in fields only'],
    ['${a:**}/*', 'wildcards are allowed in fields only'],
    ['a$*/${a:**}', 'wildcards are allowed in fields only'],
    ['${a}', 'has no `:`'],
    ['${a:}', 'empty chunk'],
    ['${a:x//y}', 'empty chunk'],
    ['${a:*}/${a:*}', 'two fields are called `a`'],
    ['${a:*#x/y}', 'the default `x/y` does not fit `*`'],
    ['${a:*#}', 'the default `` does not fit `*`'],
    ['${a:**#x//y}', 'empty chunk'],
  ])('of the text %j is refused: %s', (text, why) => {
    const error = thrown(() => KeFormat.from(text));
    expect(error).toMatchObject({ name: 'KeFormatError', code: 'KEY_FORMAT_INVALID' });
    expect(error.message).toContain(why);
  });

  test('refuses values and keys that do not fit, and says which', () => {
    const format = KeFormat.from('robot/${id:*}/${part:arm/*}');
    const mismatch = (field: string, text: string) => ({
      code: 'KEY_FORMAT_MISMATCH',
      field,
      message: expect.stringContaining(text),
    });
    expect(thrown(() => format.format({ id: 'a/b', part: 'arm/x' }))).toMatchObject(
      mismatch('id', "`id` can't be `a/b`: the pattern `*` does not include it"),
    );
    expect(thrown(() => format.format({ id: '', part: 'arm/x' }))).toMatchObject(mismatch('id', "can't be ``"));
    expect(thrown(() => format.format({ id: 'a#', part: 'arm/x' }))).toMatchObject(mismatch('id', 'forbidden'));
    expect(thrown(() => format.format({ id: '@v', part: 'arm/x' }))).toMatchObject(mismatch('id', '@v'));
    expect(thrown(() => format.format({ id: '1', part: 'arm/**' }))).toMatchObject(mismatch('part', 'arm/**'));
    expect(thrown(() => format.parse('robot/1/leg/x'))).toMatchObject({
      code: 'KEY_FORMAT_MISMATCH',
      field: undefined,
      message: '`robot/1/leg/x` does not match `robot/${id:*}/${part:arm/*}`',
    });
    expect(() => format.parse('robot//x')).toThrow(expect.objectContaining({ code: 'KEY_EXPR_INVALID' }));
  });

  test('finds out in a bounded time that the key of a stranger does not fit', () => {
    const format = KeFormat.from('${a:**}/a/${b:**}/a/${c:**}/q/${d:*}');
    const key = Array(1000).fill('a').join('/');
    const { ms } = costOf(() => expect(thrown(() => format.parse(key)).code).toBe('KEY_FORMAT_MISMATCH'));
    // Trying every split anew would take longer than anybody waits; this is far from what it takes.
    expect(ms).toBeLessThan(10_000);
  });
});

test('a key of very many chunks is refused at once, whatever the format', () => {
  const format = KeFormat.from('${a:**}/-/${b:**}/x/${c:**}');
  const key = `${'-/x/'.repeat(10_000)}end`;
  expect(() => format.parse(key)).toThrow(expect.objectContaining({ code: 'KEY_FORMAT_MISMATCH' }));
  expect(format.parse(`${'-/x/'.repeat(100)}end`).c).toBe('end');
});
