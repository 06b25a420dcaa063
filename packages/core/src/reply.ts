// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Encoding } from './encoding.js';
import type { Sample } from './sample.js';
import type { EntityGlobalId } from './source-info.js';
import type { ZBytes } from './zbytes/zbytes.js';

/** A queryable's word that it could not answer. */
export class ReplyError {
  readonly #payload: ZBytes;
  readonly #encoding: string;

  constructor(payload: ZBytes, encoding: Encoding | string) {
    this.#payload = payload;
    this.#encoding = encoding.toString();
  }

  payload(): ZBytes {
    return this.#payload;
  }

  encoding(): Encoding {
    return Encoding.fromString(this.#encoding);
  }
}

/** One answer to a get: a sample, or an error of the queryable. */
export class Reply {
  readonly #result: Sample | ReplyError;

  readonly #replierId: EntityGlobalId | undefined;

  constructor(result: Sample | ReplyError, replierId?: EntityGlobalId) {
    this.#result = result;
    this.#replierId = replierId;
  }

  result(): Sample | ReplyError {
    return this.#result;
  }

  /** Who answered; undefined when zenoh itself did, as at a timeout. */
  replierId(): EntityGlobalId | undefined {
    return this.#replierId;
  }
}
