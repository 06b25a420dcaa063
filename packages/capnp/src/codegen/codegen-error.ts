// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZenohError } from '@zenoh-segments/core';

/**
 * | code | meaning |
 * |---|---|
 * | `USAGE` | arguments that make no sense |
 * | `INPUT` | a request that is not there or can't be read |
 * | `REQUEST_INVALID` | bytes that are no complete CodeGeneratorRequest, or one that asks for too much |
 * | `SCHEMA_UNSUPPORTED` | a part of the schema that no TypeScript is generated for |
 * | `NAME_COLLISION` | two parts of the schema that would get the same name in TypeScript |
 * | `ANNOTATION_INVALID` | an annotation of zenoh.capnp with a value that makes no sense |
 * | `OUTPUT` | a file that can't be written |
 */
export type CodegenErrorCode =
  | 'USAGE'
  | 'INPUT'
  | 'REQUEST_INVALID'
  | 'SCHEMA_UNSUPPORTED'
  | 'NAME_COLLISION'
  | 'ANNOTATION_INVALID'
  | 'OUTPUT';

/** Names and paths of a request can have any length. */
const LONGEST = 600;

/** Why no code was generated; the message names the file and the part of the schema, and says what to do. */
export class CodegenError extends ZenohError<CodegenErrorCode> {
  override readonly name = 'CodegenError';

  constructor(code: CodegenErrorCode, message: string, options?: ErrorOptions) {
    super(code, message.length > LONGEST ? `${message.slice(0, LONGEST)}...` : message, options);
  }
}
