// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { AnyPointerList, DataList, InterfaceList, List, Message, Pointer, VoidList } from 'capnp-es';
import { BuildSegment, bytesAt } from '../building/build-segment.js';
import { listLengthOf, VALUE_LISTS } from '../building/list-elements.js';
import { checkArray } from '../reading/arrays.js';
import { checkedCopy } from '../reading/checked-copy.js';
import { READ_ELEMENTS } from '../reading/elements.js';
import { listPlace } from '../reading/list-place.js';
import { readSegment } from '../reading/read-segment.js';
import { Segment } from '../stock.js';
import { teachData, teachText } from './blobs.js';
import { teachGetter, teachMethod } from './dispatch.js';
import { teachFunctions } from './functions.js';
import { teachElements, teachListClass } from './list-classes.js';
import { teachPointers } from './pointers.js';

/**
 * Teaches capnp-es to read received messages in place, within their bounds and without a write, and to build messages in
 * any memory, where its own code would be wrong: it zeroes too much, counts from the buffer's start, forgets bits of
 * defaults and reaches beyond lists. The message that a pointer is in decides: all others are left to what was there.
 *
 * Once, when this package is imported.
 *
 * @throws {TypeError} when something to be replaced is not there
 */
export function teach(): void {
  teachFunctions();
  teachPointers();
  teachLists();
  teachText();
  teachData();
  teachPrinting();
  teachCopies();
}

function teachLists(): void {
  teachGetter(List.prototype, 'length', {
    reading(this: List<unknown>) {
      return listPlace(this).length;
    },
    building(this: List<unknown>) {
      return listLengthOf(this);
    },
  });
  for (const name of ['map', 'concat', 'slice', 'keys'] as const) {
    const stock = List.prototype[name] as (...values: unknown[]) => unknown;
    teachMethod(List.prototype, name, {
      reading(this: List<unknown>, ...values: unknown[]) {
        checkArray(this);
        return stock.apply(this, values);
      },
    });
  }
  for (const [Class, building] of VALUE_LISTS) {
    const reading = READ_ELEMENTS.get(Class);
    if (reading === undefined) throw new TypeError('a list is written that is not read');
    teachElements(Class as { prototype: List<unknown> }, { reading, building });
  }
  for (const Class of [VoidList, AnyPointerList, DataList, InterfaceList]) teachListClass(Class);
}

/** Errors of capnp-es print the pointer's word, by way of its segment's whole `buffer`. */
function teachPrinting(): void {
  const print = function (this: Pointer): string {
    const { id } = this.segment;
    const bytes = bytesAt(this.segment, this.byteOffset, 8);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return `->${id}@0x${this.byteOffset.toString(16).padStart(8, '0')}[${hex}]`;
  };
  teachMethod(Pointer.prototype, 'toString', { reading: print, building: print });
}

/** What goes into messages of capnp-es's own, which do not ask `utils`. */
function teachCopies(): void {
  const { setRoot } = Message.prototype;
  Message.prototype.setRoot = function (this: Message, from: Pointer): void {
    setRoot.call(this, readSegment(from.segment) === undefined ? from : checkedCopy(from));
  };
  const { copyWords } = Segment.prototype as Segment;
  Segment.prototype.copyWords = function (
    this: Segment,
    to: number,
    source: Segment,
    from: number,
    words: number,
  ): void {
    const built: unknown = source;
    if (!(built instanceof BuildSegment)) copyWords.call(this, to, source, from, words);
    else new Uint8Array(this.buffer, to, words * 8).set(built.words(from, words * 8));
  };
}
