// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '@zenoh-segments/core';
import type { RecordBatch } from 'apache-arrow';
import { batchToSegments } from '../../encode/encode.js';
import { OneSchema } from './one-schema.js';
import type { Output } from './output.js';
import type { Sink } from './sink.js';

const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/**
 * One Arrow IPC stream of all samples: the schema once, then for each batch its dictionaries, which replace the earlier ones
 * as the format allows, and the batch. Written from where it was received.
 */
export class ArrowOutput implements Output {
  readonly #sink: Sink;
  readonly #ledger: Ledger;
  readonly #schema = new OneSchema('stream');
  #started = false;

  constructor(sink: Sink, ledger: Ledger) {
    this.#sink = sink;
    this.#ledger = ledger;
  }

  async sample(key: string, batches: readonly RecordBatch[]): Promise<void> {
    for (const batch of batches) {
      const [head, ...rest] = batchToSegments(batch, { ledger: this.#ledger }) as [Uint8Array, ...Uint8Array[]];
      await this.#sink.write(this.#schema.admit(key, head) ? [head, ...rest] : rest);
      this.#started = true;
    }
  }

  /** Without a sample there is no schema, and so no stream. */
  async end(): Promise<void> {
    if (this.#started) await this.#sink.write([END_OF_STREAM]);
  }
}
