// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { SchemaClasses } from './classes.js';
import { Seed } from './mutate.js';
import { readRequest } from './schema.js';

/** What a fuzzing process starts from, as a file: a request of the compiler, and well-formed messages of its schemas. */
export interface CorpusFile {
  /** Base64. */
  readonly request: string;
  readonly messages: readonly {
    /** The schema's file name. */
    readonly schema: string;
    readonly root: string;
    /** Base64. */
    readonly bytes: string;
    /** The packed form, in base64. */
    readonly packed?: string;
  }[];
}

export interface CorpusMessage {
  readonly classes: SchemaClasses;
  readonly schema: string;
  readonly root: string;
  readonly seed: Seed;
  readonly packed: Uint8Array | undefined;
}

export function writeCorpus(path: string, corpus: CorpusFile): void {
  writeFileSync(path, JSON.stringify(corpus));
}

/** The messages of each schema, small ones first. */
export function readCorpus(path: string): CorpusMessage[][] {
  const corpus = JSON.parse(readFileSync(path, 'utf8')) as CorpusFile;
  const schemas = new Map(
    readRequest(Buffer.from(corpus.request, 'base64')).map((model) => [model.name, new SchemaClasses(model)]),
  );
  const messages = new Map<string, CorpusMessage[]>();
  for (const { schema, root, bytes, packed } of corpus.messages) {
    const same = messages.get(schema) ?? [];
    const classes = schemas.get(schema)!;
    messages.set(schema, same);
    same.push({
      classes,
      schema,
      root,
      seed: new Seed(Uint8Array.from(Buffer.from(bytes, 'base64'))),
      packed: packed === undefined ? undefined : Uint8Array.from(Buffer.from(packed, 'base64')),
    });
  }
  const all = [...messages.values()];
  for (const same of all) same.sort((a, b) => a.seed.bytes.length - b.seed.bytes.length);
  return all;
}
