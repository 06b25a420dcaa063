// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ListCtor, ListElementSize, Message, type Pointer, PointerType, type Struct, utils } from 'capnp-es';
import { CodegenError } from '../codegen-error.js';
import { copyTree } from './copy-tree.js';

/** Types and brands may nest this deep in a request. */
const DEPTH = 32;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,255}$/;
/** The structs of a method's parameters and results, which are declared nowhere. */
const METHOD_NAME = /^[A-Za-z][A-Za-z0-9_]{0,255}\$(?:Params|Results)$/;

/** What the functions that read a request share. Its pointers were walked before, so what they read is bounded. */
export class Reader {
  readonly #message: Message;
  #depth = 0;

  constructor(message: Message) {
    this.#message = message;
  }

  /** Checks a name that becomes part of an identifier. `isUndeclared` is for a node without a scope. */
  identifier(text: string, where: string, isUndeclared = false): string {
    if (NAME.test(text) || (isUndeclared && METHOD_NAME.test(text))) return text;
    throw new CodegenError('REQUEST_INVALID', `${where}: '${text.slice(0, 80)}' is no name`);
  }

  /**
   * The structs in a struct's list; none if it is absent. capnp-es takes any pointer for a list, and what its bits happen
   * to say for the length.
   *
   * @param index the list's place among the struct's pointers
   */
  structs<T>(owner: Struct, index: number, List: ListCtor<T>): T[] {
    const pointer = utils.getPointer(index, owner);
    if (utils.isNull(pointer)) return [];
    utils.validate(PointerType.LIST, pointer, ListElementSize.COMPOSITE);
    const list = utils.getList(index, List, owner);
    const { length } = list;
    const structs: T[] = [];
    for (let i = 0; i < length; i++) structs.push(list.get(i));
    return structs;
  }

  /** Runs `read` one level deeper. */
  deeper<T>(read: () => T): T {
    if (this.#depth >= DEPTH) throw new CodegenError('REQUEST_INVALID', `types nest deeper than ${DEPTH} levels`);
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  /** A deep copy of what a pointer leads to, as a packed message. */
  packed({ segment, byteOffset }: Pointer): Uint8Array {
    const segments = this.#message._capnp.segments.map(({ buffer }) => new DataView(buffer));
    const place = { segment: segments[segment.id] as DataView, at: byteOffset };
    const copy: Message['_capnp']['arena'] = { kind: 1, buffers: [copyTree(segments, place)] };
    return new Uint8Array(new Message(copy).toPackedArrayBuffer());
  }
}
