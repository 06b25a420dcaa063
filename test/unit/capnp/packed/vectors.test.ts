// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { framed, packed, unpacked } from './frames.js';

/** `8a x 32` is 32 bytes of 8a. */
function hex(text: string): Uint8Array {
  const items = [...text.matchAll(/([0-9a-f]{2})(?: x (\d+))?/g)];
  return Uint8Array.from(
    items.flatMap(([, byte = '', times = '1']) => Array<number>(Number(times)).fill(Number.parseInt(byte, 16))),
  );
}

// The segment, and what follows the frame's own word (10 <words>) in the packed form.
test.each([
  // https://capnproto.org/encoding.html#packing
  ['of the specification', '08 00 00 00 03 00 02 00 19 00 00 00 aa 01 00 00', '51 08 03 02 31 19 aa 01'],
  ['of the specification: zeros', '00 x 32', '00 03'],
  ['of the specification: no zeros', '8a x 32', 'ff 8a x 8 03 8a x 24'],
  ['one zero word', '00 x 8', '00 00'],
  ['256 zero words', '00 x 2048', '00 ff'],
  ['257 zero words', '00 x 2056', '00 ff 00 00'],
  ['one dense word', '8a x 8', 'ff 8a x 8 00'],
  ['256 dense words', '8a x 2048', 'ff 8a x 8 ff 8a x 2040'],
  ['257 dense words', '8a x 2056', 'ff 8a x 8 ff 8a x 2040 ff 8a x 8 00'],
  ['one byte', '00 x 7 01', '80 01'],
  ['a sign bit alone', '00 00 00 80 00 00 00 80', '88 80 80'],
  ['one zero in a word begins no run', '01 x 7 00 01 x 8', '7f 01 x 7 ff 01 x 8 00'],
  ['one zero in a word goes on in a run', '01 x 15 00', 'ff 01 x 8 01 01 x 7 00'],
  ['two zeros in a word end a run', '01 x 14 00 00', 'ff 01 x 8 00 3f 01 x 6'],
])('%s', (_, segment, expected) => {
  const frame = framed(hex(segment));
  const words = (frame.length - 8) / 8;
  const [low, high] = [words & 255, words >> 8];
  const head = [(low && 0x10) | (high && 0x20), low, high].filter((byte) => byte !== 0);
  const bytes = Uint8Array.from([...head, ...hex(expected)]);
  expect(packed(frame)).toEqual(bytes);
  expect(unpacked(bytes)).toEqual(frame);
});

// Four segments of 1, 2, 1 and 1 words.
const TABLE = '11 03 01 11 02 01 01 01';

test('no run crosses the border of a segment', () => {
  const dense = hex('8a x 8');
  const frame = framed(new Uint8Array(8), new Uint8Array(16), dense, dense);
  expect(packed(frame)).toEqual(hex(`${TABLE} 00 00 00 01 ff 8a x 8 00 ff 8a x 8 00`));
  expect(unpacked(packed(frame))).toEqual(frame);
});

test('a run of another writer may cross it, and hold zeros', () => {
  const frame = framed(new Uint8Array(8), new Uint8Array(16), hex('8a x 8'), hex('8a x 7 00'));
  expect(unpacked(hex(`${TABLE} 00 02 ff 8a x 8 01 8a x 7 00`))).toEqual(frame);
});
