// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CodegenError } from './codegen-error.js';
import { readRequest } from './request/read-request.js';
import { modulePath } from './text/module.js';
import { Names } from './text/names.js';
import { type Written, writeModule } from './text/write-module.js';

/** A module to write. */
export interface GeneratedFile extends Written {
  /** Below the output folder, with slashes. */
  readonly path: string;
}

/** Characters that modules may have: a request's names are written many times, those of its scopes for each part again. */
function mostCharacters(request: number): number {
  return 8 * 1024 * 1024 + 4 * request;
}

/**
 * The TypeScript modules of the files that a CodeGeneratorRequest asks for. The same request gives the same text.
 *
 * @throws {CodegenError} `REQUEST_INVALID`, `SCHEMA_UNSUPPORTED`, `NAME_COLLISION`, `ANNOTATION_INVALID`, and `OUTPUT` for a
 * file whose module would lie outside the output folder
 */
export function generate(request: Uint8Array): GeneratedFile[] {
  const schema = readRequest(request);
  if (schema.files.length === 0) throw new CodegenError('REQUEST_INVALID', 'the request names no file to generate');
  const names = new Names(schema);
  let left = mostCharacters(request.length);
  const charge = (characters: number) => {
    left -= characters;
    if (left < 0) throw new CodegenError('REQUEST_INVALID', 'the modules would be far longer than the request');
  };
  return schema.files.map((file) => ({ path: modulePath(file), ...writeModule(file, names, charge) }));
}
