// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { Timestamp, ZenohId } from '@zenoh-segments/core';

const MAX = 2n ** 64n - 1n;
const id = (...bytes: number[]) => new ZenohId(Uint8Array.from({ length: 16 }, (_, i) => bytes[i] ?? 0));

test.each([
  ['1', [1]],
  ['1bc0', [0xc0, 0x1b]],
  ['ff0', [0xf0, 0x0f]],
  ['3c2b1a', [0x1a, 0x2b, 0x3c]],
  [
    '6bd9cb5f9f2644508fbbb0df1d6cce3a',
    [0x3a, 0xce, 0x6c, 0x1d, 0xdf, 0xb0, 0xbb, 0x8f, 0x50, 0x44, 0x26, 0x9f, 0x5f, 0xcb, 0xd9, 0x6b],
  ],
])('the id %s is its bytes, the lowest first', (text, bytes) => {
  expect(id(...bytes).toString()).toBe(text);
  expect(ZenohId.fromString(text).toLeBytes()).toEqual(id(...bytes).toLeBytes());
});

test.each(['', '0', '0bcd', 'ABCD', '+1', 'xyz', '6bd9cb5f9f2644508fbbb0df1d6cce3a0'])('%j is not an id', (text) => {
  const message = `a zenoh id is 1 to 32 lower-case hex digits without a leading 0, not \`${text}\``;
  expect(() => ZenohId.fromString(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message }));
});

test('an id is 16 bytes, not all 0, and does not change with its source', () => {
  const refuses = (message: string) => expect.objectContaining({ code: 'INVALID_ARGUMENT', message });
  expect(() => new ZenohId(new Uint8Array(3))).toThrow(refuses('a zenoh id has exactly 16 bytes, not 3'));
  expect(() => new ZenohId(new Uint8Array(16))).toThrow(refuses('a zenoh id is never 0'));
  const bytes = new Uint8Array(16).fill(0x11);
  const zid = new ZenohId(bytes);
  bytes.fill(0);
  zid.toLeBytes().fill(0);
  expect(zid.toString()).toBe('11'.repeat(16));
});

test.each([
  ['0/1', 0n, '1970-01-01T00:00:00.000000000Z/1', 0],
  ['7386690599959157259/33', 7386690599959157259n, '2024-07-01T15:32:06.860479000Z/33', 1719847926860],
  ['4294967295/33', 2n ** 32n - 1n, '1970-01-01T00:00:01.000000000Z/33', 999],
  [`${MAX}/ff`, MAX, '2106-02-07T06:28:16.000000000Z/ff', 4294967296000],
])('%s is kept exactly, and shown to people', (text, ntp64, forPeople, millis) => {
  const timestamp = Timestamp.fromString(text);
  expect(timestamp.toString()).toBe(text);
  expect(timestamp.getNtp64()).toBe(ntp64);
  expect(timestamp.getId().toString()).toBe(text.split('/')[1]);
  expect(timestamp.toStringRfc3339Lossy()).toBe(forPeople);
  expect(Math.floor(timestamp.getMsSinceUnixEpoch())).toBe(millis);
  expect(timestamp.asDate().getTime()).toBe(millis);
});

test.each([
  ['1970-01-01T00:00:42.000000084Z/A', '180388626792/a'],
  ['2024-07-01T15:32:06Z/33', `${1719847926n << 32n}/33`],
  ['2024-07-01T15:32:06+00:00/33', `${1719847926n << 32n}/33`],
  ['2024-07-01T15:32:06.5+00:00/33', `${(1719847926n << 32n) + 2n ** 31n}/33`],
  ['2016-12-31T23:59:60Z/33', `${1483228799n << 32n}/33`],
  ['2106-02-07T06:28:15Z/33', `${4294967295n << 32n}/33`],
])('the time for people %s reads as %s', (text, expected) => {
  expect(Timestamp.parseRfc3339(text).toString()).toBe(expected);
});

const { fromString, parseRfc3339 } = Timestamp;
const NO_RFC = 'is not an RFC 3339 time in UTC';

test.each([
  [fromString, '12', '`12` is not a timestamp: it has no `/`'],
  [fromString, '/1', '`` is not a decimal NTP64 time'],
  [fromString, '0x1/1', '`0x1` is not a decimal NTP64 time'],
  [fromString, `${MAX + 1n}/1`, `an NTP64 time is an unsigned 64-bit number, not ${MAX + 1n}`],
  [fromString, '1/0', 'a zenoh id is 1 to 32 lower-case hex digits without a leading 0, not `0`'],
  [fromString, '1/1/1', 'a zenoh id is 1 to 32 lower-case hex digits without a leading 0, not `1/1`'],
  [parseRfc3339, '1/1', `\`1\` ${NO_RFC}`],
  [parseRfc3339, '2023-02-29T00:00:00Z/1', `\`2023-02-29T00:00:00Z\` ${NO_RFC}`],
  [parseRfc3339, '2023-01-01T24:00:00Z/1', `\`2023-01-01T24:00:00Z\` ${NO_RFC}`],
  [parseRfc3339, '2023-01-01T00:00:00/1', `\`2023-01-01T00:00:00\` ${NO_RFC}`],
  [parseRfc3339, '2023-01-01T00:00:00+01:00/1', `\`2023-01-01T00:00:00+01:00\` ${NO_RFC}`],
  [
    parseRfc3339,
    '1969-12-31T23:59:59Z/1',
    '`1969-12-31T23:59:59Z` is not between 1970 and 2106, the years of an NTP64 time',
  ],
  [
    parseRfc3339,
    '2106-02-07T06:28:16Z/1',
    '`2106-02-07T06:28:16Z` is not between 1970 and 2106, the years of an NTP64 time',
  ],
])('%p refuses %j', (parse, text, message) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message }));
});

test('a time outside 64 bits is refused, not cut', () => {
  expect(() => new Timestamp(id(1), -1n)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(() => new Timestamp(id(1), MAX + 1n)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});
