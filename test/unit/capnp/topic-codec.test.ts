// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import {
  CapnpPayloadError,
  fixedAllocator,
  fromZBytes,
  MessageBuilder,
  structCodec,
  toSegments,
  toZBytes,
} from '@zenoh-segments/capnp';
import { Encoding, ZBytes } from '@zenoh-segments/core';
import { type Message, ObjectSize, Struct, type StructCtor } from 'capnp-es';
import { OldTelemetry, Telemetry } from '../../golden/capnp/telemetry.js';
import { contentOf, fullMessage } from './sample.js';

const codec = structCodec(Telemetry);
const ENCODING = 'application/x-capnp;0xa3f0c65b1d2e4897';
const PACKED = 'application/x-capnp-packed;0xa3f0c65b1d2e4897';

test('a codec names its type', () => {
  expect([codec.Root, codec.typeId, codec.name]).toEqual([Telemetry, 0xa3f0c65b1d2e4897n, 'Telemetry']);
  expect([codec.encoding, codec.packedEncoding]).toEqual([ENCODING, PACKED]);
});

test('a class can make its codec before it is complete', () => {
  class Early extends Struct {
    static readonly codec = structCodec((): StructCtor<Early> => Early);
    static override readonly _capnp = { displayName: 'Early', id: '1a', size: new ObjectSize(8, 0) };
  }
  expect([Early.codec.Root, Early.codec.encoding]).toEqual([Early, 'application/x-capnp;0x000000000000001a']);
});

test('what is encoded is a new message each time, copied nowhere, and decoded in place', () => {
  const payloads = [1n, 2n].map((sequence) =>
    codec.encode((root) => {
      root.sequence = sequence;
      root.name = 'r1';
    }),
  );
  const decoded = payloads.map((payload) => codec.decode(payload, codec.encoding));
  expect(decoded.map(({ root }) => [root.sequence, root.name])).toEqual([
    [1n, 'r1'],
    [2n, 'r1'],
  ]);
  for (const [at, payload] of payloads.entries()) {
    payload.assertZeroCopy();
    expect(decoded[at]!.message.getRoot(Telemetry).sequence).toBe(BigInt(at + 1));
  }
});

test('a message is built in the memory of its allocator', () => {
  const memory = new Uint8Array(4096);
  const payload = codec.encode((root) => void root._initFrame(1000), { allocator: fixedAllocator(memory) });
  expect(payload.segments().map(({ buffer }) => buffer === memory.buffer)).toEqual([false, true]);
  payload.assertZeroCopy();
  expect(() => codec.encode((root) => void root._initFrame(5000), { allocator: fixedAllocator(memory) })).toThrow(
    expect.objectContaining({ code: 'CAPNP_LIMIT' }),
  );
});

test('a build function adopts memory by the message that it gets', () => {
  const frame = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const payload = codec.encode((root, message) => {
    root._adoptFrame(message.adoptData(frame));
    root._adoptSpectrum(message.adoptList(Float64Array.of(1.5, 2.5)));
  });
  expect(payload.segments().some(({ buffer }) => buffer === frame.buffer)).toBe(true);
  payload.assertZeroCopy();
  const { root } = codec.decode(payload);
  expect([[...root.frame.toUint8Array()], [...root.spectrum]]).toEqual([[...frame], [1.5, 2.5]]);
});

test.each([
  ['a payload', new ZBytes('x'), 'ZBytes'],
  ['bytes', new Uint8Array(8), 'Uint8Array'],
  ['a root', new MessageBuilder().initRoot(Telemetry), 'Telemetry'],
  ['a text', 'x', 'string'],
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['an object without a class', Object.create(null), 'object'],
])('%s is no message to be sent', (_, value, kind) => {
  const message = `a message is a MessageBuilder or a received message, not ${kind}`;
  for (const send of [toZBytes, toSegments]) {
    expect(() => send(value as unknown as Message)).toThrow(
      expect.objectContaining({ code: 'CAPNP_INVALID', message }),
    );
  }
});

test('a build function may set a field twice', () => {
  const payload = codec.encode((root) => {
    root._initSpectrum(3).set(0, 7);
    for (const name of ['a', 'another, longer name', 'c']) root.name = name;
  });
  const { root } = codec.decode(payload);
  expect([root.name, root.spectrum.get(0)]).toEqual(['c', 7]);
});

test('a packed payload reads the same, and only by its encoding', () => {
  const build = (root: Telemetry) => {
    root.name = 'packed';
    root._initSpectrum(1000);
  };
  const packed = codec.encode(build, { packed: true });
  expect(packed.length).toBeLessThan(codec.encode(build).length / 10);
  const { root } = codec.decode(packed, PACKED);
  expect([root.name, root.spectrum.length]).toEqual(['packed', 1000]);
  expect(() => codec.decode(packed, ENCODING)).toThrow(CapnpPayloadError);
});

test('a build function that is async is refused: its message would be sent before it is built', () => {
  const build = async (root: Telemetry) => {
    await null;
    root.sequence = 1n;
  };
  expect(() => codec.encode(build)).toThrow(
    expect.objectContaining({ code: 'CAPNP_INVALID', message: expect.stringContaining("it can't be async") }),
  );
});

test('what a build function throws is what encode throws', () => {
  const failure = new Error('no value');
  const build = () => {
    throw failure;
  };
  expect(() => codec.encode(build)).toThrow(failure);
});

describe('the encoding decides before a byte is read', () => {
  const payload = toZBytes(fullMessage());
  const content = contentOf(fromZBytes(payload));

  test.each([
    ['of the type', ENCODING],
    ['in another form of writing', 'Application/X-CAPNP;0xA3F0C65B1D2E4897'],
    ['without a type', 'application/x-capnp'],
    ['of a sender who told nothing', 'zenoh/bytes'],
    ['that is empty', ''],
    ['that was not given', undefined],
    ['as an object', Encoding.fromString(ENCODING)],
  ])('an encoding %s is accepted', (_, encoding) => {
    expect(contentOf(codec.decode(payload, encoding).message)).toEqual(content);
  });

  test.each([
    ['another type', 'application/x-capnp;0xd0fd369b08d132ec'],
    ['another type, packed', 'application/x-capnp-packed;0xd0fd369b08d132ec'],
    ['another format', 'application/json'],
    ['another format with the same schema', 'application/protobuf;0xa3f0c65b1d2e4897'],
    ['a schema that is no type id', 'application/x-capnp;Telemetry'],
    ['bytes with a schema', 'zenoh/bytes;0xa3f0c65b1d2e4897'],
  ])('an encoding of %s is refused, and the text names both', (_, encoding) => {
    // Bytes that are no message: they are not looked at.
    expect(() => codec.decode(new ZBytes(Uint8Array.of(1)), encoding)).toThrow(
      expect.objectContaining({
        name: 'CapnpPayloadError',
        code: 'CAPNP_TYPE',
        message: `a payload of encoding \`${encoding}\` can't be read as Telemetry, whose encoding is \`${ENCODING}\``,
      }),
    );
  });

  test('an encoding of any length makes no long text', () => {
    let message = '';
    try {
      codec.decode(payload, 'x'.repeat(1_000_000));
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toContain('...` (1000000 characters)');
    expect(message.length).toBeLessThan(500);
  });
});

test.each([
  ['no message', [], 'CAPNP_TRUNCATED'],
  ['a message that is cut', [0, 0, 0, 0, 9, 0, 0, 0], 'CAPNP_TRUNCATED'],
  ['a root that is no struct', [0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0], 'CAPNP_INVALID'],
])('%s is refused', (_, bytes, code) => {
  expect(() => codec.decode(new ZBytes(Uint8Array.from(bytes)))).toThrow(expect.objectContaining({ code }));
});

test('limits are those of the caller', () => {
  expect(() => codec.decode(toZBytes(fullMessage()), ENCODING, { maxBytes: 100 })).toThrow(
    expect.objectContaining({ code: 'CAPNP_LIMIT' }),
  );
});

test('programs of an older schema name another type only if they say so', () => {
  const old = structCodec(OldTelemetry).encode((root) => {
    root.sequence = 7n;
  });
  expect(codec.decode(old, 'application/x-capnp').root.sequence).toBe(7n);
  expect(() => codec.decode(old, structCodec(OldTelemetry).encoding)).toThrow(
    expect.objectContaining({ code: 'CAPNP_TYPE' }),
  );
});
