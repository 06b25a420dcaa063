// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { fixedAllocator, fromZBytes, MessageBuilder, shmAllocator, toSegments, toZBytes } from '@zenoh-segments/capnp';
import { heap, ZBytes } from '@zenoh-segments/core';
import { type List, Message, type Pointer, utils } from 'capnp-es';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { contentOf, fullMessage, joined } from './sample.js';

const NAME = 0;
const SPECTRUM = 4;
const TAGS = 5;

/** A full message in which the pointer `field` leads to what the pointer `other` leads to. */
function aliased(field: number, other: number): ZBytes {
  const message = fullMessage(new MessageBuilder());
  const root = message.getRoot(Telemetry);
  const words = (index: number) => {
    const { segment, byteOffset } = utils.getPointer(index, root);
    return { segment, byteOffset, low: segment.getInt32(byteOffset), high: segment.getUint32(byteOffset + 4) };
  };
  const [to, from] = [words(field), words(other)];
  // Both are in the root: the distance to the content differs by that between them.
  to.segment.setInt32(to.byteOffset, from.low + ((from.byteOffset - to.byteOffset) / 8) * 4);
  to.segment.setUint32(to.byteOffset + 4, from.high);
  return new ZBytes(joined(toSegments(message)));
}

test('a copy with numbers where texts belong is refused as the received message is', () => {
  const received = fromZBytes(aliased(TAGS, SPECTRUM));
  expect(() => received.getRoot(Telemetry).tags.get(0)).toThrow(expect.objectContaining({ code: 'CAPNP_INVALID' }));
  const { tags } = received.copy().getRoot(Telemetry);
  for (const use of [() => tags.get(1), () => tags.set(1, 'x'), () => tags.toArray()]) {
    expect(use).toThrow(
      expect.objectContaining({ code: 'CAPNP_INVALID', message: 'a list of element kind BYTE_8 has no pointers' }),
    );
  }
});

test('a copy with texts where numbers belong is refused, too', () => {
  const { spectrum } = fromZBytes(aliased(SPECTRUM, TAGS)).copy().getRoot(Telemetry);
  for (const use of [() => spectrum.get(1), () => spectrum.set(1, 5)]) {
    expect(use).toThrow(
      expect.objectContaining({
        code: 'CAPNP_INVALID',
        message: 'a list of element kind POINTER has no elements of 64 bits',
      }),
    );
  }
});

test('a copy announces what was checked, though shared memory changes meanwhile', () => {
  const memory = Uint8Array.from(joined(toSegments(fullMessage())));
  const words = new DataView(memory.buffer);
  const root = fromZBytes(new ZBytes(memory)).getRoot(Telemetry);
  const tag = 8 + utils.getTargetCompositeListTag(root.readings).byteOffset;
  expect(words.getUint32(tag, true)).toBe(40 << 2);
  const changing = {
    zeroed: true,
    allocate: (bytes: number) => {
      // The last moment before bytes are copied.
      words.setUint32(tag, 1000 << 2, true);
      return new Uint8Array(bytes);
    },
  };
  const list = new MessageBuilder({ allocator: changing });
  list.initRoot(Telemetry);
  words.setUint32(tag, 40 << 2, true);
  list.getRoot(Telemetry).readings = root.readings;
  expect(list.getRoot(Telemetry).readings.length).toBe(40);
});

test('memory that is a Buffer is as good as any', () => {
  const message = new MessageBuilder({ allocator: fixedAllocator(Buffer.alloc(65_536)) });
  fullMessage(message);
  const root = message.getRoot(Telemetry);
  root.readings.set(0, root.readings.get(0));
  root.name = root.name.toString();
  expect(contentOf(message)).toEqual(contentOf(fullMessage()));
});

test.each([
  ['a number', 5],
  ['an ArrayBuffer', new ArrayBuffer(4096)],
  ['nothing', undefined],
])('an allocator that gives %s is told so', (_, memory) => {
  const message = new MessageBuilder({ allocator: { zeroed: true, allocate: () => memory as never } });
  expect(() => message.initRoot(Telemetry)).toThrow(
    expect.objectContaining({ code: 'CAPNP_INVALID', message: 'an allocator must give Uint8Arrays' }),
  );
});

test.each([0, -1, 1.5, undefined as never])('chunks of %s bytes are refused', (chunkBytes) => {
  expect(() => shmAllocator(heap, { chunkBytes })).toThrow(
    expect.objectContaining({
      code: 'CAPNP_INVALID',
      message: `chunkBytes must be a positive whole number, not ${chunkBytes}`,
    }),
  );
});

test('a list being built is no promise and has no members by other names', async () => {
  const { spectrum, tags, readings } = fullMessage(new MessageBuilder()).getRoot(Telemetry);
  for (const list of [spectrum, tags, readings] as List<unknown>[]) {
    expect(await list).toBe(list);
    expect((list as unknown as Record<string, unknown>).nothing).toBeUndefined();
  }
});

test('an element set by its index is set, or refused', () => {
  const message = fullMessage(new MessageBuilder());
  const { spectrum, tags, marks } = message.getRoot(Telemetry);
  spectrum[3] = 42;
  tags[1] = 'by index';
  marks[10] = true;
  expect(() => {
    spectrum[1000] = 1;
  }).toThrow(expect.objectContaining({ code: 'CAPNP_RANGE' }));
  const received = fromZBytes(toZBytes(message)).getRoot(Telemetry);
  expect([received.spectrum[3], received.tags[1], received.marks[10]]).toEqual([42, 'by index', true]);
  expect(() => {
    received.spectrum[3] = 1;
  }).toThrow(expect.objectContaining({ code: 'CAPNP_READ_ONLY' }));
});

test.each([
  ['an array', [1, 2]],
  ['Uint8Array', new Uint8Array(3)],
  ['object', {}],
])('a field is not set to %s', (what, value) => {
  const root = new MessageBuilder().initRoot(Telemetry);
  expect(() => Object.assign(root, { readings: value })).toThrow(
    expect.objectContaining({
      code: 'CAPNP_INVALID',
      message: expect.stringContaining(`${what} is no Cap'n Proto value`),
    }),
  );
});

test('what is copied out of a received message is counted', () => {
  const copies: readonly [string, (root: Telemetry) => unknown, number][] = [
    ['an ArrayBuffer', (root) => root.frame.toArrayBuffer(), 1001],
    ['a field', (root) => Object.assign(new MessageBuilder().initRoot(Telemetry), { frame: root.frame }), 1001],
    ['a list', (root) => Object.assign(new MessageBuilder().initRoot(Telemetry), { spectrum: root.spectrum }), 800],
  ];
  for (const [what, copy, bytes] of copies) {
    const payload = toZBytes(fullMessage());
    copy(fromZBytes(payload).getRoot(Telemetry));
    expect([what, payload.ledger.snapshot().reasons]).toEqual([what, { copy: bytes }]);
  }
});

test('pointers that capnp-es makes by itself are charged', () => {
  const message = fromZBytes(toZBytes(fullMessage()), { traversalBytes: 1000 });
  const pointer: Pointer = utils.getPointer(NAME, message.getRoot(Telemetry));
  expect(() => {
    for (;;) utils.followFars(utils.add(0, pointer));
  }).toThrow(expect.objectContaining({ code: 'CAPNP_LIMIT' }));
});

test('an array far larger than the message is refused; iterating is not', () => {
  const bytes = new Uint8Array(8 + 8 + 8 * 9 + 8 * 8 + 8 + 2 * 1024 * 1024);
  const message = new MessageBuilder({ allocator: fixedAllocator(bytes.subarray(0, bytes.length - 8)) });
  message.initRoot(Telemetry)._initMarks(2 * 1024 * 1024 * 8);
  const { marks } = fromZBytes(toZBytes(message), { traversalBytes: 2 ** 30 }).getRoot(Telemetry);
  for (const make of [() => marks.toArray(), () => marks.map(Boolean), () => marks.slice(1), () => marks.keys()]) {
    expect(make).toThrow(expect.objectContaining({ code: 'CAPNP_LIMIT', message: expect.stringContaining('iterate') }));
  }
  expect([marks.length, marks.get(5), marks.some(Boolean)]).toEqual([16_777_216, false, false]);
});

test('a text keeps its byte order mark', () => {
  const message = new MessageBuilder();
  const root = message.initRoot(Telemetry);
  root.name = '\ufeffx';
  expect([root.name, fromZBytes(toZBytes(message)).getRoot(Telemetry).name]).toEqual(['\ufeffx', '\ufeffx']);
});

test.each([4096, 12, -8])('%d bytes for a header are refused', (headerBytes) => {
  const allocator = { zeroed: true, headerBytes, allocate: (bytes: number) => new Uint8Array(bytes) };
  expect(() => new MessageBuilder({ allocator }).initRoot(Telemetry)).toThrow(
    expect.objectContaining({
      code: 'CAPNP_INVALID',
      message: `headerBytes must be a multiple of 8 up to 2048, not ${headerBytes}`,
    }),
  );
});

test('lists of capnp-es itself are printed as without this package', () => {
  const { tags } = new Message().initRoot(Telemetry);
  expect(inspect(tags)).toContain('segment');
});
