// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import * as capnp from 'capnp-es/capnp/schema';
import { CodegenError } from '../codegen-error.js';
import type { Annotation, Field, NodeBase, SchemaNode, StructNode } from '../model.js';
import { type Parameters, readType, readValue } from './read-type.js';
import type { Reader } from './reader.js';

const NO_TAG = 0xffff;

/** Reads the nodes of one request. */
export class NodeReader {
  readonly #reader: Reader;
  readonly #sources: ReadonlyMap<bigint, capnp.Node_SourceInfo>;
  readonly #parameters: Parameters;
  readonly #memberLists = new Map<capnp.Node_SourceInfo, readonly capnp.Node_SourceInfo_Member[]>();

  constructor(reader: Reader, sources: ReadonlyMap<bigint, capnp.Node_SourceInfo>, parameters: Parameters) {
    this.#reader = reader;
    this.#sources = sources;
    this.#parameters = parameters;
  }

  read(node: capnp.Node): SchemaNode {
    const base = this.#base(node);
    switch (node.which()) {
      case capnp.Node.FILE:
        return { ...base, kind: 'file' };
      case capnp.Node.STRUCT:
        return this.#struct(base, node.struct);
      case capnp.Node.ENUM: {
        const enumerants = this.#reader.structs(node.enum, 3, capnp.Node_Enum._Enumerants);
        const inOrder = enumerants.map(({ name, codeOrder }, value) => ({
          codeOrder,
          name: this.#reader.identifier(name, base.displayName),
          value,
          doc: this.#doc(node.id, value),
        }));
        return { ...base, kind: 'enum', enumerants: byOrder(inOrder) };
      }
      case capnp.Node.CONST: {
        const { type, value } = node.const;
        return {
          ...base,
          kind: 'const',
          type: readType(type, this.#parameters, this.#reader),
          value: readValue(value, this.#reader),
        };
      }
      case capnp.Node.INTERFACE:
        return { ...base, kind: 'interface' };
      case capnp.Node.ANNOTATION:
        return { ...base, kind: 'annotation' };
      default:
        throw new CodegenError(
          'SCHEMA_UNSUPPORTED',
          `${base.displayName} is a node of kind ${node.which()}, which this version does not know`,
        );
    }
  }

  #base(node: capnp.Node): NodeBase {
    const displayName = node.displayName;
    const isFile = node._isFile;
    const name = isFile ? displayName : displayName.slice(node.displayNamePrefixLength);
    return {
      id: node.id,
      // A file's name is a path, which is checked where it becomes one.
      name: isFile ? name : this.#reader.identifier(name, displayName, node.scopeId === 0n),
      displayName,
      scopeId: node.scopeId,
      parameters: this.#parameters.get(node.id) ?? [],
      nested: this.#reader.structs(node, 1, capnp.Node._NestedNodes).map(({ id }) => id),
      annotations: this.#reader.structs(node, 2, capnp.Node._Annotations).map(readAnnotation),
      doc: this.#doc(node.id),
    };
  }

  #struct(base: NodeBase, struct: capnp.Node_Struct): StructNode {
    const fields = this.#reader
      .structs(struct, 3, capnp.Node_Struct._Fields)
      .map((field, index) => ({ codeOrder: field.codeOrder, ...this.#field(base, field, index) }));
    return {
      ...base,
      kind: 'struct',
      isGroup: struct.isGroup,
      dataBytes: 8 * struct.dataWordCount,
      pointers: struct.pointerCount,
      tagOffset: struct.discriminantCount === 0 ? undefined : 2 * struct.discriminantOffset,
      fields: byOrder(fields),
    };
  }

  #field(owner: NodeBase, field: capnp.Field, index: number): Field {
    const { discriminantValue } = field;
    const base = {
      name: this.#reader.identifier(field.name, owner.displayName),
      doc: this.#doc(owner.id, index),
      tag: discriminantValue === NO_TAG ? undefined : discriminantValue,
    };
    if (field._isGroup) return { ...base, kind: 'group', id: field.group.typeId };
    const { offset, type, defaultValue, hadExplicitDefault } = field.slot;
    return {
      ...base,
      kind: 'slot',
      offset,
      type: readType(type, this.#parameters, this.#reader),
      defaultValue: hadExplicitDefault ? readValue(defaultValue, this.#reader) : undefined,
    };
  }

  /** The comment of a node, or of one of its members. */
  #doc(id: bigint, member?: number): string {
    const source = this.#sources.get(id);
    if (source === undefined) return '';
    return (member === undefined ? source : this.#members(source)[member])?.docComment ?? '';
  }

  #members(source: capnp.Node_SourceInfo): readonly capnp.Node_SourceInfo_Member[] {
    const known = this.#memberLists.get(source);
    if (known !== undefined) return known;
    const members = this.#reader.structs(source, 1, capnp.Node_SourceInfo._Members);
    this.#memberLists.set(source, members);
    return members;
  }
}

function readAnnotation(annotation: capnp.Annotation): Annotation {
  const { id, value } = annotation;
  if (value._isText) return { id, value: value.text };
  if (value._isBool) return { id, value: value.bool };
  if (value._isEnum) return { id, value: value.enum };
  return { id, value: undefined };
}

function byOrder<T extends { readonly codeOrder: number }>(members: readonly T[]): T[] {
  return [...members].sort((a, b) => a.codeOrder - b.codeOrder);
}
