// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SchemaClasses } from './classes.js';
import { readRequest, type SchemaModel } from './schema.js';
import { randomSchema } from './schema-text.js';

/** A schema as both sides have it: the judge by its file, we by its classes. */
export interface JudgedSchema {
  /** The file's name, as in the compiler's request. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly classes: SchemaClasses;
  readonly model: SchemaModel;
}

/** Random schemas in files of their own, compiled by one run of the `capnp` tool, and given to `run`. */
export async function withSchemas<T>(
  seed: number,
  count: number,
  run: (schemas: readonly JudgedSchema[], request: Uint8Array) => Promise<T>,
  options?: Parameters<typeof randomSchema>[1],
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'zenoh-segments-schemas-'));
  try {
    const texts = new Map(Array.from({ length: count }, (_, i) => [`s${i}.capnp`, randomSchema(seed + i, options)]));
    for (const [name, text] of texts) writeFileSync(join(folder, name), text);
    const request = execFileSync('capnp', ['compile', '-o-', ...texts.keys()], { cwd: folder, maxBuffer: 2 ** 30 });
    const schemas = readRequest(request).map((model) => ({
      name: model.name,
      path: join(folder, model.name),
      text: texts.get(model.name) ?? '',
      classes: new SchemaClasses(model),
      model,
    }));
    return await run(schemas, request);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
