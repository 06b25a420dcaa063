// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Data, List, type ListCtor, ListElementSize } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import { toBuild } from './build-segment.js';
import { initListAt } from './pointer-fields.js';

/**
 * Makes element `index` of a list of lists, or of a list of data, a list of `length` elements (bytes), in a message being
 * built. What the element was is erased. capnp-es itself can only copy such an element from elsewhere.
 *
 * ```ts
 * const rows = root._initRows(2);
 * initElement(rows, 0, 3).set(2, 0.5);
 * ```
 *
 * @throws {CapnpPayloadError} `CAPNP_RANGE` for an index outside the list, `CAPNP_INVALID` for a list of something else or
 * of another kind of message, and for a length that is no whole number; `CAPNP_LIMIT` as building does.
 */
export function initElement<T extends List<unknown>>(list: List<T>, index: number, length: number): T {
  const segment = toBuild(list);
  const element: unknown = segment === undefined ? undefined : list.get(index);
  if (segment === undefined || !(element instanceof List)) {
    throw new CapnpPayloadError('CAPNP_INVALID', 'initElement is for lists of lists or data in a MessageBuilder');
  }
  const { size, compositeSize } = (element.constructor as unknown as ListCtor<unknown>)._capnp;
  const kind = element instanceof Data ? ListElementSize.BYTE : size;
  initListAt(toBuild(element) ?? segment, element.byteOffset, kind, length, compositeSize);
  return element as T;
}
