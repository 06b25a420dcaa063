// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { alloc as allocNative, type Ledger } from '@zenoh-segments/core';
import { MessageHeader, type Schema } from 'apache-arrow';
import { readBatchHead, readDictionaryHead } from '../decode/batch-head.js';
import { type MessageHead, readMessage, readPrefix } from '../decode/message.js';
import { readSchema, type SchemaPlan } from '../decode/schema.js';
import { checkTarget } from '../encode/layout.js';
import { ArrowPayloadError, beyond, invalid, truncated } from '../errors.js';
import { type ArrowLimits, limitsOf } from '../limits.js';
import { PREFIX_BYTES, padded, writePrefix } from '../wire.js';
import { KeptDictionaries } from './kept-dictionaries.js';
import { type Alloc, type ByteSource, ChunkSource, DescriptorSource } from './source.js';

/** Options of {@link readArrowStream}. */
export interface ArrowStreamOptions {
  /** What the stream may claim; `maxBodyBytes` bounds what is asked of `alloc` at once. */
  readonly limits?: Partial<ArrowLimits>;
  /** Where copied bytes are counted, as `convert`: all of them for chunks, none for a descriptor. */
  readonly ledger?: Ledger;
}

/** One batch of a stream, as the segments of a payload that stands for itself. */
export interface StreamBatch {
  /** Schema message, dictionaries, the batch's message, and its body, which is the memory that `alloc` gave. */
  readonly segments: readonly Uint8Array[];
  readonly rows: number;
  readonly schema: Schema;
}

/**
 * Reads an Arrow IPC stream (Columnar.rst "IPC Streaming Format") batch by batch into memory of the caller's.
 *
 * From a descriptor the system writes each body where it is sent from, nothing is copied, and the event loop waits
 * meanwhile; from chunks each byte is copied once. `alloc` is called once for each batch that has a body, with its size; the
 * caller owns that memory. Messages and dictionaries are in native memory of ours (`alloc`): they are sent again with every batch,
 * as the same views, so write to none of them and transfer none.
 *
 * It ends at the end-of-stream marker, or where the source ends between two messages.
 *
 * @param source a descriptor, which stays the caller's to close, or chunks such as a Node or web stream.
 * @throws {ArrowPayloadError} `ARROW_NO_SCHEMA`, `ARROW_TRUNCATED`, `ARROW_INVALID`, `ARROW_LIMIT`, `ARROW_IO`,
 * `ARROW_TARGET`, `ARROW_UNSUPPORTED_TYPE`, `ARROW_UNSUPPORTED_FEATURE`.
 */
export async function* readArrowStream(
  source: number | AsyncIterable<Uint8Array>,
  alloc: Alloc,
  options: ArrowStreamOptions = {},
): AsyncGenerator<StreamBatch, void, undefined> {
  const limits = limitsOf(options.limits);
  if (typeof source === 'number') return yield* new StreamReader(new DescriptorSource(source), alloc, limits).batches();
  const chunks = new ChunkSource(source, options.ledger);
  try {
    yield* new StreamReader(chunks, alloc, limits).batches();
  } finally {
    await chunks.close();
  }
}

/**
 * The schema that an Arrow IPC stream starts with. What follows is not read, but chunks that came with it are lost.
 *
 * @throws {ArrowPayloadError} `ARROW_NO_SCHEMA`, `ARROW_TRUNCATED`, `ARROW_INVALID`, `ARROW_LIMIT`, `ARROW_IO`,
 * `ARROW_UNSUPPORTED_TYPE`, `ARROW_UNSUPPORTED_FEATURE`.
 */
export async function readArrowSchema(
  source: AsyncIterable<Uint8Array>,
  options: ArrowStreamOptions = {},
): Promise<Schema> {
  const chunks = new ChunkSource(source, options.ledger);
  try {
    return await new StreamReader(chunks, NO_BODY, limitsOf(options.limits)).schema();
  } finally {
    await chunks.close();
  }
}

/** No body is read. */
const NO_BODY: Alloc = (size) => new Uint8Array(size);

interface StreamMessage {
  readonly head: MessageHead;
  /** Prefix, metadata and padding to 64 bytes. */
  readonly bytes: Uint8Array;
}

class StreamReader {
  readonly #source: ByteSource;
  readonly #alloc: Alloc;
  readonly #limits: ArrowLimits;
  readonly #dictionaries: KeptDictionaries;

  constructor(source: ByteSource, alloc: Alloc, limits: ArrowLimits) {
    this.#source = source;
    this.#alloc = alloc;
    this.#limits = limits;
    this.#dictionaries = new KeptDictionaries(limits);
  }

  async *batches(): AsyncGenerator<StreamBatch, void, undefined> {
    const { plan, bytes: schemaBytes } = await this.#schema();
    for (let message = await this.#message(); message !== undefined; message = await this.#message()) {
      const { head, bytes } = message;
      if (head.kind === MessageHeader.DictionaryBatch) {
        await this.#dictionary(plan, message);
      } else if (head.kind === MessageHeader.RecordBatch) {
        const batch = readBatchHead(head.header, this.#limits);
        const body = await this.#body(head.bodyBytes, this.#alloc);
        const segments = [schemaBytes, ...this.#dictionaries.segments(), bytes, ...(body === undefined ? [] : [body])];
        yield { segments, rows: batch.rows, schema: plan.schema };
      } else {
        throw invalid('a second schema in one stream');
      }
    }
  }

  async schema(): Promise<Schema> {
    return (await this.#schema()).plan.schema;
  }

  async #schema(): Promise<{ readonly plan: SchemaPlan; readonly bytes: Uint8Array }> {
    const message = await this.#message();
    if (message === undefined) throw new ArrowPayloadError('ARROW_NO_SCHEMA', 'the stream is empty');
    const { kind, version, header, bodyBytes } = message.head;
    if (kind !== MessageHeader.Schema) {
      throw new ArrowPayloadError('ARROW_NO_SCHEMA', `the stream starts with a ${MessageHeader[kind]}, not a schema`);
    }
    if (bodyBytes !== 0) throw invalid('a schema message with a body');
    return { plan: readSchema(header, version, this.#limits), bytes: message.bytes };
  }

  async #dictionary(plan: SchemaPlan, { head, bytes }: StreamMessage): Promise<void> {
    const { id, isDelta } = readDictionaryHead(head.header, this.#limits);
    if (!plan.schema.dictionaries.has(id)) throw invalid(`the schema has no dictionary ${id}`);
    const segments = this.#dictionaries.admit(id, isDelta, bytes.byteLength + head.bodyBytes);
    const body = await this.#body(head.bodyBytes, (size) => allocNative(size).bytes);
    segments.push(bytes, ...(body === undefined ? [] : [body]));
  }

  async #message(): Promise<StreamMessage | undefined> {
    const start = new Uint8Array(PREFIX_BYTES);
    // Four bytes first: metadata before format 0.15 follows them at once.
    const got = await this.#source.fill(start.subarray(0, 4));
    if (got === 0) return undefined;
    const legacy = got === 4 && new DataView(start.buffer).getInt32(0, true) !== -1;
    const more = legacy || got < 4 ? 0 : await this.#source.fill(start.subarray(4));
    const prefix = readPrefix(start.subarray(0, got + more), this.#limits);
    if (prefix === undefined) return undefined;
    const end = PREFIX_BYTES + prefix.metadataBytes;
    const { bytes } = allocNative(padded(end));
    const metadata = bytes.subarray(PREFIX_BYTES, end);
    await this.#fill('message metadata', metadata);
    writePrefix(bytes, bytes.byteLength);
    return { head: readMessage(metadata), bytes };
  }

  async #body(size: number, alloc: Alloc): Promise<Uint8Array | undefined> {
    if (size > this.#limits.maxBodyBytes) throw beyond('maxBodyBytes', size, this.#limits.maxBodyBytes);
    if (size === 0) return undefined;
    const memory = alloc(size);
    checkTarget(memory, size);
    const body = memory.subarray(0, size);
    await this.#fill('a message body', body);
    return body;
  }

  async #fill(what: string, target: Uint8Array): Promise<void> {
    const filled = await this.#source.fill(target);
    if (filled < target.byteLength) throw truncated(what, target.byteLength, filled);
  }
}
