// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Schema, TypeMap } from 'apache-arrow';
import type { TableSample } from '../../topic/index.js';
import { factsOf } from '../schema-facts.js';
import { fieldText } from '../type-text.js';
import { peek } from '../watch/peek.js';
import { Sources } from '../watch/sources.js';

/** What a stranger can make up is kept up to these numbers: of each key, and of each schema. */
const MOST_SCHEMAS = 8;
const MOST_ENCODINGS = 8;
const MOST_COLUMNS = 100;
const MOST_CHARACTERS = 300;

/** A schema seen on a key. */
export interface SeenSchema {
  readonly fingerprint: string;
  readonly columnCount: number;
  /** As text, the first ones, and none longer than is good to read. */
  readonly columns: readonly string[];
  samples: number;
}

/** Counts by a text, for so many texts at most. */
type Counts = Map<string, number>;

/** What was seen on one key. */
export class KeyFacts {
  readonly key: string;
  readonly sources = new Sources();
  readonly encodings: Counts = new Map();
  /** Samples that are no Arrow data, by error code. */
  readonly skipped: Counts = new Map();
  readonly schemas = new Map<string, SeenSchema>();
  samples = 0;
  rows = 0;
  bytes = 0;
  shm = 0;
  deletions = 0;
  /** Samples with yet other schemas. */
  otherSchemas = 0;

  constructor(key: string) {
    this.key = key;
  }

  addDeletion(): void {
    this.deletions++;
  }

  add(table: TableSample<TypeMap>): void {
    const { sample } = table;
    this.samples++;
    this.sources.see(sample.sourceInfo());
    if (sample.isShm()) this.shm++;
    count(this.encodings, sample.encoding().toString());
    const { schema, rows, error } = peek(table);
    // What waited too long for its head was disposed.
    if (error?.code !== 'ARROW_OVERFLOW') this.bytes += sample.payload().length;
    if (error !== undefined) {
      count(this.skipped, error.code);
    } else {
      this.rows += rows;
      this.#saw(schema);
    }
  }

  #saw(schema: Schema): void {
    const { fingerprint } = factsOf(schema);
    const seen = this.schemas.get(fingerprint);
    if (seen !== undefined) {
      seen.samples++;
    } else if (this.schemas.size >= MOST_SCHEMAS) {
      this.otherSchemas++;
    } else {
      this.schemas.set(fingerprint, seenSchema(fingerprint, schema));
    }
  }
}

function seenSchema(fingerprint: string, { fields }: Schema): SeenSchema {
  const columns = fields.slice(0, MOST_COLUMNS).map((field) => shortened(fieldText(field)));
  return { fingerprint, columnCount: fields.length, columns, samples: 1 };
}

function count(counts: Counts, text: string): void {
  const known = shortened(text);
  if (counts.has(known) || counts.size < MOST_ENCODINGS) counts.set(known, (counts.get(known) ?? 0) + 1);
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
