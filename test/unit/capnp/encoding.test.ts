// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { capnpEncoding, parseCapnpEncoding } from '@zenoh-segments/capnp';
import { Encoding } from '@zenoh-segments/core';

const ID = 0xa3f0c65b1d2e4897n;

test('the encoding names the format and the type', () => {
  expect(capnpEncoding()).toBe('application/x-capnp');
  expect(capnpEncoding(undefined, { packed: true })).toBe('application/x-capnp-packed');
  expect(capnpEncoding(ID)).toBe('application/x-capnp;0xa3f0c65b1d2e4897');
  expect(capnpEncoding(ID, { packed: true })).toBe('application/x-capnp-packed;0xa3f0c65b1d2e4897');
  expect(capnpEncoding(1n, { packed: false })).toBe('application/x-capnp;0x0000000000000001');
  for (const id of [-1n, 1n << 64n]) {
    expect(() => capnpEncoding(id)).toThrow(expect.objectContaining({ code: 'CAPNP_INVALID' }));
  }
});

test.each([
  [undefined, false],
  [undefined, true],
  [ID, false],
  [ID, true],
  [0n, true],
  [(1n << 64n) - 1n, false],
])('type %s, packed %s: read back as written, by way of zenoh too', (typeId, packed) => {
  const expected = typeId === undefined ? { packed } : { packed, typeId };
  const written = capnpEncoding(typeId, { packed });
  expect(parseCapnpEncoding(written)).toEqual(expected);
  expect(parseCapnpEncoding(Encoding.fromString(written))).toEqual(expected);
});

test('an id may be in upper case and short', () => {
  expect(parseCapnpEncoding('application/x-capnp;0xAB')).toEqual({ packed: false, typeId: 0xabn });
  expect(parseCapnpEncoding('Application/X-Capnp-Packed')).toEqual({ packed: true });
});

test.each([
  '',
  'zenoh/bytes',
  'application/x-capnp2',
  'application/x-capnp-flat',
  'application/x-capnp;',
  'application/x-capnp;telemetry',
  'application/x-capnp;0x',
  'application/x-capnp;0xg',
  'application/x-capnp;0x1a3f0c65b1d2e4897',
  'application/x-capnp;0xa3f0c65b1d2e4897;more',
  ' application/x-capnp',
  'application/x-capnp\n',
])('%j is no encoding of ours', (encoding) => {
  expect(parseCapnpEncoding(encoding)).toBeUndefined();
});
