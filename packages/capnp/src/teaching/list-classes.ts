// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { List, type ListCtor, ListElementSize, type Pointer, type Struct, utils } from 'capnp-es';
import type { Elements } from '../building/list-elements.js';
import { elementAt, pointerElementAt, segmentOfElements } from '../building/place.js';
import { growElements } from '../building/pointer-fields.js';
import { readOnly } from '../errors.js';
import { checkArray } from '../reading/arrays.js';
import { depthBelow } from '../reading/depth.js';
import { READ_ELEMENTS, type ReadElement } from '../reading/elements.js';
import { listPlace } from '../reading/list-place.js';
import type { ListPlace } from '../reading/places.js';
import { placed } from '../reading/struct-place.js';
import { teachMethod } from './dispatch.js';
import { teachListConstructor } from './pointers.js';

type AnyList = List<unknown>;

/** How the elements of a class of lists are read in received messages, and read and written in those being built. */
export interface ElementStandIns {
  readonly reading: ReadElement;
  readonly building: Elements<unknown>;
}

const taught = new WeakSet<object>();

/** Makes the methods of a class of lists that deal with elements do what fits the message. */
export function teachElements({ prototype }: { prototype: AnyList }, { reading, building }: ElementStandIns): void {
  taught.add(prototype);
  // capnp-es asks for element NaN when any property is read that lists do not have, like `then`.
  teachMethod(prototype, 'get', {
    reading(this: AnyList, index: number) {
      return Number.isNaN(index) ? undefined : reading(listPlace(this), index, this);
    },
    building(this: AnyList, index: number) {
      return Number.isNaN(index) ? undefined : building.get(this, index);
    },
  });
  teachMethod(prototype, 'set', {
    reading() {
      throw readOnly();
    },
    building(this: AnyList, index: number, value: unknown) {
      building.set(this, index, value);
    },
  });
  teachMethod(prototype, 'toArray', {
    reading(this: AnyList) {
      const place = listPlace(this);
      checkArray(this);
      const elements = new Array<unknown>(place.length);
      for (let i = 0; i < elements.length; i++) elements[i] = reading(place, i, this);
      return elements;
    },
  });
  teachMethod(prototype, 'values', {
    reading(this: AnyList) {
      return each(listPlace(this), reading, this);
    },
  });
}

/** One element at a time: capnp-es makes an array of them all, and a list may have far more elements than bytes. */
function* each(place: ListPlace, element: ReadElement, list: AnyList): Generator<unknown> {
  for (let i = 0; i < place.length; i++) yield element(place, i, list);
}

/**
 * Teaches a class that `CompositeList` or `PointerList` made, of which every generated class has its own, when it is
 * first used on a message of ours. Others are known.
 */
export function teachListClass(Class: unknown): void {
  const Lists = Class as ListCtor<unknown> & { readonly prototype: AnyList };
  const { prototype } = Lists;
  if (taught.has(prototype) || prototype === List.prototype) return;
  teachListConstructor(Lists);
  const make = prototype.get;
  const { reading, building } = Lists._capnp.size === ListElementSize.COMPOSITE ? structs(make) : pointers(make);
  teachElements(Lists, { reading: READ_ELEMENTS.get(Class) ?? reading, building });
}

function pointers(make: AnyList['get']): ElementStandIns {
  return {
    reading(place, index, list) {
      const at = place.pointerAt(index);
      depthBelow(list);
      const made = make.call(list, 0) as Pointer;
      made.segment = place.segment;
      made.byteOffset = at;
      if (made instanceof List) teachListClass(made.constructor);
      return made;
    },
    building: {
      get(list, index) {
        const at = pointerElementAt(list, index);
        const made = make.call(list, 0) as Pointer;
        made.segment = segmentOfElements();
        made.byteOffset = at;
        if (made instanceof List) {
          teachListClass(made.constructor);
          growElements(made, made.constructor as unknown as ListCtor<unknown>);
        }
        return made;
      },
      set: copyIn,
    },
  };
}

function structs(make: AnyList['get']): ElementStandIns {
  return {
    reading(place, index, list) {
      const element = place.element(index);
      depthBelow(list);
      return placed(make.call(list, index) as Struct, element);
    },
    building: {
      get(list, index) {
        elementAt(list, index, 0);
        return make.call(list, index);
      },
      set: copyIn,
    },
  };
}

function copyIn(list: AnyList, index: number, value: unknown): void {
  utils.copyFrom(value as Pointer, list.get(index) as Pointer);
}
