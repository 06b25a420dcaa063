// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { fromZBytes } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { Hostile } from '../../golden/capnp/hostile.js';
import { Draft, KIND, list, tag, type Word } from '../../support/capnp/draft.js';

/** The budget of a traversal charges small things more than their bytes: an honest message of many is read once all the same. */

const COUNT = 100_000;
const NOTHING: readonly Word[] = Array.from({ length: COUNT }, (): Word => [0, 0]);
const LETTER: readonly Word[] = Array.from({ length: COUNT }, (): Word => [0x61, 0]);

/** `COUNT` pointers, each to a word of its own. */
function pointers(draft: Draft, at: number, kind: number, count: number): void {
  const content = draft.appendTo(0, LETTER);
  for (let i = 0; i < COUNT; i++) draft.pointer(at + i, 'list', content + i, list(kind, count));
}

function counted(values: Iterable<unknown>, read: (value: never) => unknown = () => 0): number {
  let count = 0;
  for (const value of values) {
    read(value as never);
    count++;
  }
  return count;
}

test.each<[string, number, (draft: Draft) => unknown, (root: Hostile) => number]>([
  [
    'structs of a word',
    COUNT,
    (draft) => {
      const at = draft.append(tag(COUNT, 1, 0));
      draft.appendTo(0, NOTHING);
      draft.field('structs', 'list', at, list(KIND.composite, COUNT));
    },
    (root) => counted(root.structs, (each: Hostile) => [each.number, each.text, each.data.length]),
  ],
  [
    'structs of a short text',
    COUNT,
    (draft) => {
      const at = draft.append(tag(COUNT, 0, 1));
      draft.appendTo(0, NOTHING);
      draft.field('structs', 'list', at, list(KIND.composite, COUNT));
      pointers(draft, at + 1, KIND.byte, 2);
    },
    (root) => counted(root.structs, (each: Hostile) => expectLetter(each.text)),
  ],
  [
    'short texts',
    COUNT,
    (draft) => {
      const at = draft.appendTo(0, NOTHING);
      draft.field('texts', 'list', at, list(KIND.pointer, COUNT));
      pointers(draft, at, KIND.byte, 2);
    },
    (root) => counted(root.texts, expectLetter),
  ],
  [
    'lists of a bit',
    COUNT,
    (draft) => {
      const at = draft.appendTo(0, NOTHING);
      draft.field('manyBools', 'list', at, list(KIND.pointer, COUNT));
      pointers(draft, at, KIND.bit, 1);
    },
    (root) => counted(root.manyBools, (bools: Iterable<boolean>) => counted(bools)),
  ],
  [
    'bits',
    COUNT * 64,
    (draft) => draft.field('bools', 'list', draft.appendTo(0, NOTHING), list(KIND.bit, COUNT * 64)),
    (root) => counted(root.bools),
  ],
  [
    'bytes',
    COUNT * 8,
    (draft) => draft.field('bytes', 'list', draft.appendTo(0, NOTHING), list(KIND.byte, COUNT * 8)),
    (root) => counted(root.bytes),
  ],
  [
    'bytes of an older sender, structs since',
    COUNT * 8,
    (draft) => draft.field('structs', 'list', draft.appendTo(0, NOTHING), list(KIND.byte, COUNT * 8)),
    (root) => counted(root.structs, (each: Hostile) => each.number),
  ],
])('a message of many %s is read whole within the default limits', (_, count, make, read) => {
  const draft = new Draft();
  make(draft);
  expect(read(fromZBytes(new ZBytes(draft.bytes())).getRoot(Hostile))).toBe(count);
});

function expectLetter(text: string): void {
  if (text !== 'a') throw new Error(`another text: ${text}`);
}
