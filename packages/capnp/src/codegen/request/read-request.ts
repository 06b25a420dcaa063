// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import * as capnp from 'capnp-es/capnp/schema';
import { CodegenError } from '../codegen-error.js';
import type { FileNode, Schema, SchemaNode } from '../model.js';
import { NodeReader } from './read-node.js';
import { Reader } from './reader.js';
import { openRequest } from './request-message.js';

/**
 * Reads a CodeGeneratorRequest, as `capnp compile` gives it to its plugins, in bounded time and memory whatever the bytes.
 *
 * Follows https://github.com/capnproto/capnproto/blob/v1.0.0/c%2B%2B/src/capnp/schema.capnp
 *
 * @throws {CodegenError} `REQUEST_INVALID`, `SCHEMA_UNSUPPORTED`
 */
export function readRequest(bytes: Uint8Array): Schema {
  const message = openRequest(bytes);
  try {
    return schemaOf(message.getRoot(capnp.CodeGeneratorRequest), new Reader(message));
  } catch (cause) {
    if (cause instanceof CodegenError) throw cause;
    // What capnp-es throws where a pointer leads nowhere, or ever on.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CodegenError('REQUEST_INVALID', `the bytes are no CodeGeneratorRequest: ${why.slice(0, 200)}`, { cause });
  }
}

function schemaOf(request: capnp.CodeGeneratorRequest, reader: Reader): Schema {
  const { CodeGeneratorRequest, Node } = capnp;
  const all = reader.structs(request, 0, CodeGeneratorRequest._Nodes);
  const sources = reader.structs(request, 3, CodeGeneratorRequest._SourceInfo);
  const files = reader.structs(request, 1, CodeGeneratorRequest._RequestedFiles);
  const named = (node: capnp.Node) =>
    reader.structs(node, 5, Node._Parameters).map(({ name }) => reader.identifier(name, 'a type parameter'));
  const parameters = new Map(all.map((node) => [node.id, named(node)]));
  const nodeReader = new NodeReader(reader, new Map(sources.map((source) => [source.id, source])), parameters);
  const nodes = new Map<bigint, SchemaNode>();
  for (const node of all) nodes.set(node.id, nodeReader.read(node));
  const ids = new Set(files.map(({ id }) => id));
  return { nodes, files: [...ids].map((id) => requested(nodes.get(id), id)) };
}

function requested(node: SchemaNode | undefined, id: bigint): FileNode {
  if (node?.kind === 'file') return node;
  throw new CodegenError('REQUEST_INVALID', `the requested file @0x${id.toString(16)} is not in the request`);
}
