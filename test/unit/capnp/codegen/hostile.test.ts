// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Message } from 'capnp-es';
import * as capnp from 'capnp-es/capnp/schema';
import { costOf } from '../../../support/fuzz/cost.js';
import { seededBytes } from '../../../support/seeded-bytes.js';
import { generate, golden } from './tool.js';

const request = readFileSync(join(golden, 'request.bin'));
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** How `generate` ended: with files, or with the code of its error; anything else is a failure. */
function ending(bytes: Uint8Array): string {
  try {
    expect(generate(bytes).length).toBeGreaterThan(0);
    return 'files';
  } catch (error) {
    const { name, code, message } = error as { name?: unknown; code?: unknown; message: string };
    if (name !== 'CodegenError') throw error;
    expect(message.length).toBeLessThan(1000);
    return String(code);
  }
}

/** A request of one segment with these words. */
function framed(...words: readonly bigint[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8 + 8 * words.length));
  bytes.setUint32(4, words.length, true);
  words.forEach((word, index) => {
    bytes.setBigUint64(8 + 8 * index, word, true);
  });
  return new Uint8Array(bytes.buffer);
}

const pointer = (low: number, high: number) => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
/** A struct of pointers right behind its own pointer, and a list at `words` words from its pointer. */
const root = (pointers: number) => pointer(0, pointers << 16);
const list = (words: number, size: number, count: number) => pointer((words << 2) | 1, (count << 3) | size);

describe('requests that are none', () => {
  test.each([
    ['nothing', new Uint8Array(0), 'the request is empty. `capnp compile -ozenoh schema.capnp` pipes it in'],
    ['a byte', Uint8Array.of(0), '1 bytes that are no CodeGeneratorRequest. `capnp compile'],
    ['a text', Buffer.from('struct Foo { bar @0 :Int32; }\n'), 'no CodeGeneratorRequest'],
    ['a table of 2^32 segments', new Uint8Array(64).fill(0xff), 'no CodeGeneratorRequest'],
    [
      'a table of 2^31 words',
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 1, 2, 3, 4, 5, 6, 7, 8),
      'is cut after 16 bytes',
    ],
    ['a null root', framed(0n), 'the request names no file'],
    ['a root that is a list', framed(list(0, 2, 8), 0n), 'no CodeGeneratorRequest'],
    ['a root that leads out', framed(root(9)), 'a pointer leads out of its segment'],
    ['a root that leads before', framed(pointer(-8, 1)), 'a pointer leads out of its segment'],
    ['a far pointer to nowhere', framed(pointer(2, 7)), 'a pointer leads to segment 7, which is not there'],
    ['a far pointer to itself', framed(pointer(2, 0)), 'a far pointer leads to another one'],
    ['a root that holds itself', framed(root(1), pointer(0xfffffff8, 1 << 16)), 'its pointers nest deeper than 128'],
    [
      'a list of pointers whose last leads to the list',
      framed(list(0, 6, 4), 0n, 0n, 0n, list(-4, 6, 4)),
      'its pointers nest deeper than 128',
    ],
    [
      '4096 pointers that each lead to a list of 4096',
      framed(
        root(2),
        list(1, 6, 4096),
        list(4096, 6, 4096),
        ...Array.from({ length: 4096 }, (_, i) => list(4095 - i, 6, 4096)),
        ...new Array<bigint>(4096).fill(0n),
      ),
      'its pointers lead to more than it holds',
    ],
    ['2^29 - 1 empty texts', framed(root(1), list(0, 0, 2 ** 29 - 1)), 'its pointers lead to more than it holds'],
    [
      '2^29 - 1 nodes without a size',
      framed(root(1), list(0, 7, 0), pointer(((2 ** 29 - 1) << 2) >>> 0, 0)),
      'its pointers lead to more than it holds',
    ],
    ['2^30 - 1 nodes', framed(root(1), list(0, 7, 1), pointer(0xfffffffc, 1), 0n), 'a list claims more elements'],
    [
      'a struct of 2^14 pointers for the list of nodes',
      framed(root(1), pointer(0, (2 ** 14) << 16), ...new Array<bigint>(2 ** 14).fill(0n)),
      'the bytes are no CodeGeneratorRequest: ',
    ],
    ['no files', framed(root(0)), 'the request names no file'],
  ])('%s', (_, bytes, message) => {
    expect(() => generate(bytes)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', message: expect.stringContaining(message) }),
    );
  });

  test('every cut of a request', () => {
    for (let length = 0; length < request.length; length += length < 512 ? 1 : 997) {
      expect([length, ending(request.subarray(0, length))]).toEqual([length, 'REQUEST_INVALID']);
    }
    expect(ending(Buffer.concat([request, request]))).toBe('REQUEST_INVALID');
    expect(ending(request)).toBe('files');
  });
});

test(`mutated requests end with files or a typed error, SEED=${seed}`, () => {
  const endings = new Map<string, number>();
  const rounds = Number(process.env.ZENOH_SEGMENTS_CODEGEN_ROUNDS ?? 250);
  const random = new DataView(seededBytes(seed, rounds * 64).buffer);
  for (let round = 0; round < rounds; round++) {
    const bytes = Uint8Array.from(request);
    const view = new DataView(bytes.buffer);
    const changes = 1 + (random.getUint8(64 * round) % 4);
    for (let change = 0; change < changes; change++) {
      const at = 64 * round + 8 + 12 * change;
      const word = 8 * (random.getUint32(at, true) % (bytes.length / 8));
      const how = random.getUint8(at + 4) % 4;
      if (how === 0) view.setUint8(word + (random.getUint8(at + 5) % 8), random.getUint8(at + 6));
      else if (how === 1) view.setUint8(word, view.getUint8(word) ^ (1 << (random.getUint8(at + 5) % 8)));
      else if (how === 2) view.setBigUint64(word, random.getBigUint64(at + 4, true), true);
      else
        view.setBigUint64(
          word,
          view.getBigUint64(8 * (random.getUint32(at + 5, true) % (bytes.length / 8)), true),
          true,
        );
    }
    const { result: end, ms } = costOf(() => ending(bytes));
    endings.set(end, (endings.get(end) ?? 0) + 1);
    // Far from what a run takes, and far below what a loop over a false count does.
    expect(ms).toBeLessThan(10_000);
  }
  expect([...endings.keys()]).toEqual(expect.arrayContaining(['files', 'REQUEST_INVALID']));
});

/** A request for the file `a.capnp` with these nodes. */
function requestWith(fileId: bigint, nodes: readonly Declared[], files = [fileId]): Uint8Array {
  const message = new Message();
  const request = message.initRoot(capnp.CodeGeneratorRequest);
  const list = request._initNodes(nodes.length + 1);
  const file: Declared = { id: fileId, displayName: 'a.capnp', scopeId: 0n, nested: nodes.slice(0, 1) };
  for (const [index, { id, displayName, scopeId, nested, isEnum }] of [file, ...nodes].entries()) {
    const node = list.get(index);
    Object.assign(node, { id, displayName, scopeId });
    if (index === 0) node.file = true;
    else {
      node.displayNamePrefixLength = 'a.capnp:'.length;
      if (isEnum) node._initEnum();
      else node._initInterface();
    }
    const names = node._initNestedNodes(nested.length);
    for (const [place, inner] of nested.entries()) names.get(place).id = inner.id;
  }
  const requested = request._initRequestedFiles(files.length);
  for (const [index, id] of files.entries()) requested.get(index).id = id;
  return new Uint8Array(message.toArrayBuffer());
}

interface Declared {
  readonly id: bigint;
  readonly displayName: string;
  readonly scopeId: bigint;
  readonly nested: readonly { readonly id: bigint }[];
  readonly isEnum?: boolean;
}

describe('a request whose modules would be far longer', () => {
  test('interfaces in interfaces, each named twice by the one that holds it', () => {
    const depth = 12;
    const nodes = Array.from({ length: depth }, (_, i) => ({
      id: BigInt(i + 2),
      displayName: `a.capnp:I${i}`,
      scopeId: BigInt(i + 1),
      nested: i + 1 < depth ? [{ id: BigInt(i + 3) }, { id: BigInt(i + 3) }] : [],
    }));
    expect(() => generate(requestWith(1n, nodes))).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', message: 'a.capnp:I11 is declared twice' }),
    );
  });

  test('names of scopes, which are part of all names in them', () => {
    const name = 'N'.repeat(256);
    const deep = Array.from({ length: 60 }, (_, i) => ({
      id: BigInt(i + 2),
      displayName: `a.capnp:${name}`,
      scopeId: BigInt(i + 1),
      nested: [{ id: BigInt(i + 3) }],
    }));
    const wide = Array.from({ length: 1000 }, (_, i) => ({
      id: BigInt(i + 62),
      displayName: `a.capnp:E${i}`,
      scopeId: 61n,
      nested: [],
      isEnum: true,
    }));
    const request = requestWith(1n, [...deep.slice(0, -1), { ...(deep.at(-1) as Declared), nested: wide }, ...wide]);
    expect(request.length).toBeLessThan(300_000);
    expect(() => generate(request)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', message: 'the modules would be far longer than the request' }),
    );
  });

  test('a file that is asked for again and again', () => {
    expect(generate(requestWith(1n, [], [1n, 1n, 1n])).map(({ path }) => path)).toEqual(['a.ts']);
  });
});

describe('texts of a request that would be code', () => {
  /** The request with every occurrence of a text replaced by another of the same length. */
  function replaced(from: string, to: string): Uint8Array {
    expect(to.length).toBe(from.length);
    const text = request.toString('latin1');
    expect(text).toContain(from);
    return Buffer.from(text.replaceAll(from, to), 'latin1');
  }

  test.each([
    ['a field', 'uInt16s', 'x(){}//', "kinds.capnp:Kinds.lists: 'x(){}//' is no name"],
    ['an enumerant', 'lightGreen', 'a:1,get b(', "sub/common.capnp:Color: 'a:1,get b(' is no name"],
    ['a type parameter', 'Value', 'V>{}<', "a type parameter: 'V>{}<' is no name"],
  ])('the name of %s', (_, from, to, message) => {
    expect(() => generate(replaced(from, to))).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID', message }));
  });

  // Nodes without a scope are those of a method's parameters, and the ones in a file whose id says nothing.
  test.each([0n, 1n])('the name of an interface in a file with the id %s', (fileId) => {
    const displayName = 'a.capnp:A\nx(); //';
    expect(() => generate(requestWith(fileId, [{ id: 5n, displayName, scopeId: fileId, nested: [] }]))).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', message: `${displayName}: 'A\nx(); //' is no name` }),
    );
  });

  test.each([
    '../acommon.capnp',
    'a/../../b/.capnp',
    '..\\acommon.capnp',
    'C:/acommon.capnp',
    'a\nx();\ncom.capnp',
    'a\u00e2\u0080\u00a8x();//.capnp',
    './/common.capnp/.',
  ])('the path %s', (path) => {
    expect(() => generate(replaced('sub/common.capnp', path.slice(0, 16)))).toThrow(
      expect.objectContaining({
        code: 'OUTPUT',
        message: expect.stringContaining('outside the output folder: run capnp in its folder, or with --src-prefix'),
      }),
    );
  });

  test('the path of an imported file', () => {
    const { text } = generate(replaced('sub/common.capnp', "b/';x();'a.capnp")).find(
      ({ path }) => path === 'kinds.ts',
    )!;
    expect(text).toContain(`import { type Color, Point } from "./b/';x();'a.js";`);
  });

  test('an absolute path stays below the output folder', () => {
    const paths = generate(replaced('sub/common.capnp', '/etc/ommon.capnp')).map(({ path }) => path);
    expect(paths).toContain('etc/ommon.ts');
  });

  test('a comment does not end early', () => {
    const { text } = generate(request).find(({ path }) => path === 'kinds.ts') as { text: string };
    expect(text).toContain('ends a comment *\\/ and goes on.');
  });
});
