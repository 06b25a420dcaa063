// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createHash } from 'node:crypto';
import type { Schema } from 'apache-arrow';
import { fieldText, typeText } from './type-text.js';

/** One column, for machines. */
export interface ColumnFacts {
  readonly name: string;
  /** In Arrow's notation, nested ones whole. */
  readonly type: string;
  readonly nullable: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What is told of a schema. Every text in it may come from a stranger. */
export interface SchemaFacts {
  /**
   * 32 hexadecimal digits, the start of the SHA-256 of names, types, nullability and metadata: the same for the same
   * columns, whoever wrote them and whatever their dictionaries hold.
   */
  readonly fingerprint: string;
  readonly columns: readonly ColumnFacts[];
  readonly metadata?: Readonly<Record<string, string>>;
}

const known = new WeakMap<Schema, SchemaFacts>();

export function factsOf(schema: Schema): SchemaFacts {
  let facts = known.get(schema);
  if (facts === undefined) {
    const columns = schema.fields.map(({ name, type, nullable, metadata }) => ({
      name,
      type: typeText(type),
      nullable,
      ...metadataOf(metadata),
    }));
    const told = { columns, ...metadataOf(schema.metadata) };
    const fingerprint = createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 32);
    facts = { fingerprint, ...told };
    known.set(schema, facts);
  }
  return facts;
}

function metadataOf(metadata: ReadonlyMap<string, string>): { readonly metadata?: Record<string, string> } {
  return metadata.size === 0 ? {} : { metadata: Object.fromEntries(metadata) };
}

/** As pyarrow prints a schema: a line for each column, then its metadata. Not safe for a terminal yet. */
export function schemaLines(schema: Schema): string[] {
  const pairs = (metadata: ReadonlyMap<string, string>) => [...metadata].map(([key, value]) => `  ${key}: ${value}`);
  const lines = schema.fields.flatMap((field) => {
    const own = pairs(field.metadata);
    return own.length === 0 ? [fieldText(field)] : [fieldText(field), '  -- field metadata --', ...own];
  });
  const own = pairs(schema.metadata);
  return own.length === 0 ? lines : [...lines, '-- schema metadata --', ...own];
}
