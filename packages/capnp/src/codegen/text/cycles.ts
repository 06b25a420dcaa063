// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CodegenError } from '../codegen-error.js';
import type { ConstNode, FileNode, SchemaNode, Type } from '../model.js';
import type { Module } from './module.js';
import type { Names } from './names.js';

/**
 * A constant of a file is made when its module loads. Where modules import each other one of them loads first, without
 * the other's classes. (Constants in structs and classes of lists are made when they are asked for.)
 */
export function checkLoading({ type, name, displayName }: ConstNode, module: Module): void {
  const { file, names } = module;
  const id = classIn(type);
  const other = id === undefined ? file : names.fileOf(id);
  if (other === file || !reaches(other, file, names)) return;
  throw new CodegenError(
    'SCHEMA_UNSUPPORTED',
    `${displayName} is of a type of ${other.name}, which imports ${file.name}: put the constant '${name}' into a struct`,
  );
}

function classIn(type: Type): bigint | undefined {
  if (type.kind === 'list') return classIn(type.element);
  return type.kind === 'struct' || type.kind === 'enum' ? type.id : undefined;
}

/** Whether a file imports another, itself or by what it imports. */
function reaches(from: FileNode, to: FileNode, names: Names): boolean {
  const seen = new Set<FileNode>([from]);
  // A set that grows while it is walked.
  for (const file of seen) {
    for (const node of names.inFile(file)) {
      for (const type of typesIn(node)) {
        const id = classIn(type);
        if (id !== undefined) seen.add(names.fileOf(id));
      }
    }
  }
  return seen.has(to);
}

function typesIn(node: SchemaNode): Type[] {
  if (node.kind === 'const') return [node.type];
  return node.kind === 'struct' ? node.fields.flatMap((field) => (field.kind === 'slot' ? [field.type] : [])) : [];
}
