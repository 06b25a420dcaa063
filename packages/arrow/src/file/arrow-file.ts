// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { closeSync, fstatSync, openSync } from 'node:fs';
import { MessageHeader, type Schema } from 'apache-arrow';
import { readBatchHead } from '../decode/batch-head.js';
import { type MessageHead, readMessage, readPrefix } from '../decode/message.js';
import { checkTarget } from '../encode/layout.js';
import { schemaHead } from '../encode/message.js';
import { ArrowPayloadError, invalid, truncated } from '../errors.js';
import { type ArrowLimits, limitsOf } from '../limits.js';
import { PREFIX_BYTES, padded, writePrefix } from '../wire.js';
import { type Block, type Footer, readFooter } from './footer.js';
import { type Alloc, io, readAt } from './source.js';

/** Options of {@link openArrowFile}. */
export interface ArrowFileOptions {
  /** What the file may claim. */
  readonly limits?: Partial<ArrowLimits>;
}

/**
 * Opens an Arrow IPC file (Columnar.rst "IPC File Format", also known as Feather V2) and reads its footer.
 *
 * @param source a path, or a descriptor, which stays the caller's to close.
 * @throws {ArrowPayloadError} `ARROW_IO`, `ARROW_TRUNCATED`, `ARROW_INVALID`, `ARROW_LIMIT`, `ARROW_UNSUPPORTED_TYPE`,
 * `ARROW_UNSUPPORTED_FEATURE`.
 */
export function openArrowFile(source: string | number, options: ArrowFileOptions = {}): ArrowFile {
  const fd = typeof source === 'number' ? source : io(() => openSync(source, 'r'));
  const close = typeof source === 'number' ? () => {} : () => io(() => closeSync(fd));
  try {
    const limits = limitsOf(options.limits);
    return new ArrowFile(fd, readFooter(fd, io(() => fstatSync(fd)).size, limits), limits, close);
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * An Arrow IPC file, read batch by batch straight into the caller's memory: the system writes each byte where it is sent
 * from, nothing of ours copies it. Reads are synchronous. The file must not change while it is open.
 */
export class ArrowFile implements Disposable {
  readonly #fd: number;
  readonly #footer: Footer;
  readonly #limits: ArrowLimits;
  #close: (() => void) | undefined;

  /** @internal Use {@link openArrowFile}. */
  constructor(fd: number, footer: Footer, limits: ArrowLimits, close: () => void) {
    this.#fd = fd;
    this.#footer = footer;
    this.#limits = limits;
    this.#close = close;
  }

  get schema(): Schema {
    return this.#footer.plan.schema;
  }

  get batchCount(): number {
    return this.#footer.batches.length;
  }

  /** Dictionary messages, deltas included. */
  get dictionaryCount(): number {
    return this.#footer.dictionaries.length;
  }

  /**
   * The rows of one batch, of which only the metadata is read.
   *
   * @throws {ArrowPayloadError} `ARROW_INVALID` also for an index outside `[0, batchCount)`.
   */
  rowsIn(index: number): number {
    const { head } = this.#readMetadata(this.#batch(index), MessageHeader.RecordBatch, (size) => new Uint8Array(size));
    return readBatchHead(head.header, this.#limits).rows;
  }

  /**
   * Reads all dictionaries of the file, one chunk of memory for each message.
   *
   * @param alloc owned by the caller, who may send the result with several batches and frees it after the last.
   */
  readDictionariesInto(alloc: Alloc): Uint8Array[] {
    return this.#footer.dictionaries.map((block) => this.#readInto(block, MessageHeader.DictionaryBatch, alloc));
  }

  /**
   * Reads one batch into memory of the caller's, and gives the segments of a payload that stands for itself: the schema
   * message, the dictionaries, and one chunk with the batch's message and body.
   *
   * In each chunk the metadata is lengthened by padding so that the body starts 64 bytes aligned; where the file's
   * writer aligned the buffers, receivers of the chunk read in place. Prefix, kind, body length and compression are
   * checked here, buffers by whoever decodes.
   *
   * @param alloc called once for each message, with its exact size. The caller owns the memory and frees it once the
   * payload is released.
   * @param dictionaries what {@link readDictionariesInto} gave; unless given they are read, with `alloc`, every time.
   * @throws {ArrowPayloadError} `ARROW_TARGET` when the memory given does not fit; `ARROW_IO`, `ARROW_TRUNCATED`,
   * `ARROW_INVALID`, `ARROW_LIMIT`, `ARROW_UNSUPPORTED_FEATURE` for what the file holds.
   */
  readBatchInto(
    index: number,
    alloc: Alloc,
    dictionaries: readonly Uint8Array[] = this.readDictionariesInto(alloc),
  ): Uint8Array[] {
    const chunk = this.#readInto(this.#batch(index), MessageHeader.RecordBatch, alloc);
    return [schemaHead(this.schema), ...dictionaries, chunk];
  }

  /** Closes the file when {@link openArrowFile} opened it. Idempotent. */
  [Symbol.dispose](): void {
    this.#close?.();
    this.#close = undefined;
  }

  #batch(index: number): Block {
    const block = this.#footer.batches[index];
    if (block === undefined) throw invalid(`the file has ${this.batchCount} batches, none with index ${index}`);
    return block;
  }

  #readInto(block: Block, kind: MessageHeader, alloc: Alloc): Uint8Array {
    const { head, chunk, messageBytes } = this.#readMetadata(block, kind, (size) => alloc(size + block.bodyBytes));
    if (head.bodyBytes !== block.bodyBytes) throw invalid('the footer and a message differ about a body length');
    const body = head.kind === MessageHeader.RecordBatch ? head.header : head.header.table(1);
    if (body !== undefined) readBatchHead(body, this.#limits);
    this.#fill(chunk.subarray(messageBytes, messageBytes + block.bodyBytes), block.offset + block.metadataBytes);
    return chunk.subarray(0, messageBytes + block.bodyBytes);
  }

  /** Reads the metadata into a chunk, behind a prefix for a message that is padded to 64. */
  #readMetadata(block: Block, kind: MessageHeader, alloc: Alloc): Chunk {
    const start = new Uint8Array(PREFIX_BYTES);
    this.#fill(start, block.offset);
    const prefix = readPrefix(start, this.#limits);
    if (prefix === undefined || prefix.bytes + prefix.metadataBytes > block.metadataBytes) {
      throw invalid('the footer and a message differ about a metadata length');
    }
    const end = PREFIX_BYTES + prefix.metadataBytes;
    const messageBytes = padded(end);
    const chunk = alloc(messageBytes);
    checkTarget(chunk, messageBytes);
    this.#fill(chunk.subarray(PREFIX_BYTES, end), block.offset + prefix.bytes);
    writePrefix(chunk, messageBytes);
    chunk.fill(0, end, messageBytes);
    const head = readMessage(chunk.subarray(PREFIX_BYTES, end));
    if (head.kind !== kind)
      throw invalid(`the footer says ${MessageHeader[kind]}, the message ${MessageHeader[head.kind]}`);
    return { head, chunk, messageBytes };
  }

  #fill(target: Uint8Array, position: number): void {
    if (this.#close === undefined) throw new ArrowPayloadError('ARROW_IO', 'the file is closed');
    const filled = readAt(this.#fd, target, position);
    if (filled < target.byteLength) throw truncated('the file', target.byteLength, filled);
  }
}

interface Chunk {
  readonly head: MessageHead;
  readonly chunk: Uint8Array;
  /** Prefix, metadata and padding. */
  readonly messageBytes: number;
}
