// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { alloc, type KeyExpr, type Locality, type Query, type Session, ZBytes } from '@zenoh-segments/core';
import type { ArrowHead } from '../encode/head.js';
import { ARROW_STREAM_MEDIA_TYPE } from '../wire.js';
import { headKey } from './bare-form.js';

/** How many heads a publisher keeps for receivers that ask late. The latest is always kept. */
export interface KeptHeads {
  /** 32 unless given. */
  readonly maxHeads?: number | undefined;
  /** 64 MiB unless given. */
  readonly maxBytes?: number | undefined;
}

interface Kept {
  readonly key: KeyExpr;
  readonly payload: ZBytes;
}

const MAX_HEADS = 32;
const MAX_BYTES = 64 * 2 ** 20;

/** Answers those who ask for the heads of what a publisher put: the last ones, each under the key that has its fingerprint. */
export class HeadServer {
  readonly #key: KeyExpr;
  readonly #maxHeads: number;
  readonly #maxBytes: number;
  /** Least recently used first. */
  readonly #heads = new Map<string, Kept>();
  #bytes = 0;
  #undeclare: () => Promise<void> = async () => {};

  private constructor(key: KeyExpr, { maxHeads, maxBytes }: KeptHeads) {
    this.#key = key;
    this.#maxHeads = maxHeads ?? MAX_HEADS;
    this.#maxBytes = maxBytes ?? MAX_BYTES;
  }

  /**
   * Declares the queryable.
   *
   * @throws {CoreError} as `Session.declareQueryable`; `KEY_EXPR_INVALID` when the key is too long for a suffix
   */
  static async declare(
    session: Session,
    key: KeyExpr,
    allowedOrigin: Locality | undefined,
    bounds: KeptHeads,
  ): Promise<HeadServer> {
    const server = new HeadServer(key, bounds);
    const handler = (query: Query) => server.#answer(query);
    const queryable = await session.declareQueryable(headKey(key, '*'), { allowedOrigin, handler });
    server.#undeclare = () => queryable.undeclare();
    return server;
  }

  /**
   * Keeps a head from now on, before the first batch that needs it is put. It is copied once: dictionaries may lie in memory that
   * the caller uses again, or in a pool of shared memory.
   *
   * @returns the bytes copied
   */
  keep({ fingerprint, byteLength, segments }: ArrowHead): number {
    const known = this.#heads.get(fingerprint);
    if (known !== undefined) {
      this.#heads.delete(fingerprint);
      this.#heads.set(fingerprint, known);
      return 0;
    }
    const memory = alloc(byteLength).bytes;
    let at = 0;
    for (const segment of segments) {
      memory.set(segment, at);
      at += segment.byteLength;
    }
    this.#heads.set(fingerprint, { key: headKey(this.#key, fingerprint), payload: new ZBytes(memory) });
    this.#bytes += byteLength;
    for (const [oldest, { payload }] of this.#heads) {
      if (this.#heads.size === 1 || (this.#heads.size <= this.#maxHeads && this.#bytes <= this.#maxBytes)) break;
      this.#heads.delete(oldest);
      this.#bytes -= payload.length;
    }
    return byteLength;
  }

  undeclare(): Promise<void> {
    return this.#undeclare();
  }

  /** Every head that the query's key matches: one by its fingerprint, all with a wildcard, none for an unknown one. */
  async #answer(query: Query): Promise<void> {
    const asked = query.keyExpr();
    const matching = [...this.#heads.values()].filter(({ key }) => asked.intersects(key));
    try {
      for (const { key, payload } of matching) {
        await query.reply(key, payload, { encoding: ARROW_STREAM_MEDIA_TYPE });
      }
    } catch {
      // The asker is gone, or the session: there is nobody to tell.
    } finally {
      await query.finalize();
    }
  }
}
