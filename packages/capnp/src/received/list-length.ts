// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Data, type List, type ListCtor, ListElementSize, type Pointer, PointerType, Text, utils } from 'capnp-es';
import { asInvalid, CapnpPayloadError } from '../errors.js';

/**
 * The number of elements of a received list, given only when all of them lie inside its segment: everything that walks
 * a list, or makes an array of its length, asks for it first.
 *
 * Follows https://capnproto.org/encoding.html#lists
 */
export function listLength(list: List<unknown>): number {
  if (utils.isNull(list)) return 0;
  try {
    return checkedLength(list);
  } catch (cause) {
    throw asInvalid('a list pointer does not lead to a list', cause);
  }
}

function checkedLength(list: List<unknown>): number {
  if (utils.getTargetPointerType(list) !== PointerType.LIST)
    throw invalid('a list field holds another kind of pointer');
  const pointer = utils.followFars(list);
  const kind: ListElementSize = utils.getListElementSize(pointer);
  if (!fits(kind, declaredKind(list))) {
    throw invalid(`a list of element kind ${kind} can't be read as one of kind ${declaredKind(list)}`);
  }
  const content = utils.getContent(list);
  const announced = utils.getListLength(pointer);
  if (kind !== ListElementSize.COMPOSITE) {
    return bounded(list, content, announced, byteLength(kind, announced));
  }
  // The pointer counts words, the tag before the first struct counts structs.
  const tag = utils.getTargetCompositeListTag(list);
  const count = utils.getOffsetWords(tag);
  const words = count * (utils.getStructDataWords(tag) + utils.getStructPointerLength(tag));
  if (count < 0 || words > announced) throw invalid(`${count} structs do not fit into a list of ${announced} words`);
  return bounded(list, content, count, words * 8);
}

function bounded(list: List<unknown>, content: Pointer, count: number, bytes: number): number {
  const { segment, byteOffset } = content;
  if (byteOffset + bytes > segment.byteLength) {
    throw invalid(`a list of ${bytes} bytes at ${byteOffset} leaves its segment of ${segment.byteLength} bytes`);
  }
  // Elements without size cost the sender nothing: as many as the reader may still traverse, a word each, as in C++.
  if (bytes === 0 && count * 8 > list.segment.message._capnp.traversalLimit) {
    throw new CapnpPayloadError('CAPNP_LIMIT', `a list of ${count} elements without size`);
  }
  return count;
}

function byteLength(kind: ListElementSize, count: number): number {
  return kind === ListElementSize.BIT ? (count + 7) >>> 3 : count * utils.getListElementByteLength(kind);
}

function declaredKind(list: List<unknown>): ListElementSize {
  if (list instanceof Data || list instanceof Text) return ListElementSize.BYTE;
  return (list.constructor as ListCtor<unknown>)._capnp.size;
}

/** A plain `List` declares VOID and gives no elements; capnp-es reads List(Void) as a list of pointers. */
function fits(kind: ListElementSize, declared: ListElementSize): boolean {
  if (kind === declared || declared === ListElementSize.VOID) return true;
  return kind === ListElementSize.VOID && declared === ListElementSize.POINTER;
}

function invalid(what: string): CapnpPayloadError {
  return new CapnpPayloadError('CAPNP_INVALID', what);
}
