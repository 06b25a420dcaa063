// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { Encoding, EncodingPredefined } from '@zenoh-segments/core';

const predefined = Object.entries(EncodingPredefined).filter(
  (entry): entry is [keyof typeof Encoding & keyof typeof EncodingPredefined, number] =>
    typeof entry[1] === 'number' && entry[0] !== 'CUSTOM',
);

test('there are 53 predefined encodings, each with its constant, its number and its own text', () => {
  const texts = predefined.map(([name, id]) => {
    const encoding = Encoding.from(Encoding[name] as Encoding);
    expect(encoding.toIdSchema()).toEqual([id]);
    expect(Encoding.fromString(encoding.toString()).toIdSchema()).toEqual([id]);
    return encoding.toString();
  });
  expect(new Set(texts).size).toBe(53);
  // The names say the same as the texts, up to punctuation: a shifted table would show here.
  expect(texts.map((text) => text.toUpperCase().replace(/[/+-]/g, '_'))).toEqual(predefined.map(([name]) => name));
});

const { CUSTOM, TEXT_PLAIN, ZENOH_BYTES } = EncodingPredefined;

// Each text is what zenoh's Rust library displays after it has read the input.
test.each([
  ['', 'zenoh/bytes', [ZENOH_BYTES]],
  ['zenoh/bytes', 'zenoh/bytes', [ZENOH_BYTES]],
  ['text/plain;utf-8', 'text/plain;utf-8', [TEXT_PLAIN, 'utf-8']],
  ['text/plain;a;b', 'text/plain;a;b', [TEXT_PLAIN, 'a;b']],
  ['text/plain;', 'text/plain', [TEXT_PLAIN]],
  ['Text/Plain', 'Text/Plain', [CUSTOM, 'Text/Plain']],
  ['custom/format;v1.0', 'custom/format;v1.0', [CUSTOM, 'custom/format;v1.0']],
  ['custom;', 'custom;', [CUSTOM, 'custom;']],
  [';schema', ';schema', [CUSTOM, ';schema']],
  ['application/x-capnp;0x1234', 'application/x-capnp;0x1234', [CUSTOM, 'application/x-capnp;0x1234']],
])('%j reads as %j', (input, text, parts) => {
  const encoding = Encoding.from(input);
  expect(encoding.toString()).toBe(text);
  expect(encoding.toIdSchema()).toEqual(parts);
  expect(Encoding.from(text).toIdSchema()).toEqual(parts);
});

test.each([
  ['text/plain', 'utf-8', 'text/plain;utf-8'],
  ['text/plain;a', 'b', 'text/plain;b'],
  ['text/plain;a', '', 'text/plain'],
  ['custom/format;v1.0', 'v2.0', 'custom/format;v2.0'],
  ['custom/format', 'v2.0', 'custom/format;v2.0'],
  ['custom/format;v1.0', '', 'custom/format'],
  [';v1.0', 'v2.0', 'v2.0'],
  [';v1.0', '', 'zenoh/bytes'],
])('%j with schema %j is %j', (input, schema, text) => {
  const encoding = Encoding.fromString(input).withSchema(schema);
  expect(encoding.toString()).toBe(text);
  expect(Encoding.fromString(text).toString()).toBe(text);
});

test('a number that zenoh does not know is shown as zenoh shows it', () => {
  const unknown: number = 600;
  expect(new Encoding(unknown).toString()).toBe('unknown(600)');
  expect(new Encoding(unknown, 'x').toString()).toBe('unknown(600);x');
  expect(Encoding.default().toString()).toBe('zenoh/bytes');
});

test.each([-1, 0.5, 65_536, Number.NaN])('%d is not an encoding id', (id) => {
  expect(() => new Encoding(id)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: `an encoding id is a 16-bit number, not ${id}` }),
  );
});
