// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendQuery } from './backend.js';
import { Encoding, type IntoEncoding } from './encoding.js';
import { type CongestionControl, type Priority, type ReplyKeyExpr, SampleKind } from './enums.js';
import { CoreError } from './errors.js';
import { type IntoKeyExpr, KeyExpr } from './key-expr.js';
import { encodingText, type MessageOptions, messageFields, payloadOf } from './message.js';
import { Parameters } from './parameters.js';
import { packQos, type QosOptions } from './qos.js';
import type { Sample } from './sample.js';
import { Selector } from './selector.js';
import type { SourceInfo } from './source-info.js';
import { TimestampStack } from './timestamp-stack.js';
import { paced } from './turn.js';
import type { Segment } from './zbytes/segment-list.js';
import { type FromSegmentsOptions, type IntoZBytes, ZBytes } from './zbytes/zbytes.js';

/** Options of `Query.reply`. On its way a reply gets the priority, congestion control and `express` of its query. */
export interface ReplyOptions
  extends Omit<MessageOptions, 'timestampInstrumentation'>,
    Pick<QosOptions, 'congestionControl' | 'express' | 'priority'> {}
/** Options of `Query.replyDel`. */
export type ReplyDelOptions = Omit<ReplyOptions, 'encoding'>;
/** Options of `Query.replyErr`. */
export interface ReplyErrOptions {
  encoding?: IntoEncoding | undefined;
}

/** What a backend knows of a query; texts are parsed when they are asked for. */
export interface QueryFields {
  readonly keyExpr: string;
  readonly parameters: string;
  readonly encoding: string | undefined;
  readonly acceptsReplies: ReplyKeyExpr;
  readonly payload: ZBytes | undefined;
  readonly attachment: ZBytes | undefined;
  readonly priority: Priority;
  readonly congestionControl: CongestionControl;
  readonly express: boolean;
  readonly sourceInfo: SourceInfo | undefined;
  readonly timestampStack: string | undefined;
}

/**
 * A received query. Reply any number of times, then `finalize`, or let `await using` do it: until then, or until the query
 * is collected, the asker waits for more.
 */
export class Query implements AsyncDisposable {
  readonly #backend: BackendQuery;
  readonly #fields: QueryFields;
  #finalized = false;

  constructor(backend: BackendQuery, fields: QueryFields) {
    this.#backend = backend;
    this.#fields = fields;
  }

  selector(): Selector {
    return new Selector(this.keyExpr(), this.parameters());
  }

  keyExpr(): KeyExpr {
    return new KeyExpr(this.#fields.keyExpr);
  }

  parameters(): Parameters {
    return new Parameters(this.#fields.parameters);
  }

  payload(): ZBytes | undefined {
    return this.#fields.payload;
  }

  encoding(): Encoding | undefined {
    const { encoding } = this.#fields;
    return encoding === undefined ? undefined : Encoding.fromString(encoding);
  }

  attachment(): ZBytes | undefined {
    return this.#fields.attachment;
  }

  priority(): Priority {
    return this.#fields.priority;
  }

  congestionControl(): CongestionControl {
    return this.#fields.congestionControl;
  }

  express(): boolean {
    return this.#fields.express;
  }

  /** Who asks, and the number of the query there, if the asker told. */
  sourceInfo(): SourceInfo | undefined {
    return this.#fields.sourceInfo;
  }

  /** The times noted on its way, if the asker wanted that; replies then note theirs too. */
  timestampStack(): TimestampStack | undefined {
    const { timestampStack } = this.#fields;
    return timestampStack === undefined ? undefined : new TimestampStack(timestampStack);
  }

  /** Whether replies on keys that do not match the query are accepted. */
  acceptsReplies(): ReplyKeyExpr {
    return this.#fields.acceptsReplies;
  }

  /**
   * Answers with a sample, whose payload may have many segments.
   *
   * @throws {CoreError} `QUERY_FINALIZED`, `KEY_EXPR_INVALID`, `NETWORK` when the key does not match the query
   */
  async reply(intoKeyExpr: IntoKeyExpr, payload: IntoZBytes, options: ReplyOptions = {}): Promise<void> {
    this.#check();
    const keyExpr = new KeyExpr(intoKeyExpr).toString();
    await paced(this.#backend.reply(keyExpr, payloadOf(payload), packQos(options), messageFields(options)));
  }

  /** Shortcut for `reply(keyExpr, ZBytes.fromSegments(segments, options), options)`. */
  replySegments(
    keyExpr: IntoKeyExpr,
    segments: Iterable<Segment>,
    options: ReplyOptions & FromSegmentsOptions = {},
  ): Promise<void> {
    return this.reply(keyExpr, ZBytes.fromSegments(segments, options), options);
  }

  /**
   * Answers with a sample as it is, such as one that a subscriber stored: key, kind, payload, encoding, attachment,
   * timestamp and source. Its priority, congestion control and `express` become the query's, as those of any reply.
   * Received memory is sent by reference.
   *
   * @throws {CoreError} as `reply`, and `PAYLOAD_DISPOSED`
   */
  async replySample(sample: Sample): Promise<void> {
    this.#check();
    const keyExpr = sample.keyexpr().toString();
    const qos = packQos({ express: sample.express() });
    const fields = messageFields({
      encoding: sample.encoding(),
      attachment: sample.attachment(),
      timestamp: sample.timestamp(),
      sourceInfo: sample.sourceInfo(),
    });
    if (sample.kind() === SampleKind.DELETE) await paced(this.#backend.replyDel(keyExpr, qos, fields));
    else await paced(this.#backend.reply(keyExpr, sample.payload(), qos, fields));
  }

  /** Answers with an error. @throws {CoreError} `QUERY_FINALIZED`, `NETWORK` */
  async replyErr(payload: IntoZBytes, options: ReplyErrOptions = {}): Promise<void> {
    this.#check();
    const encoding = options.encoding === undefined ? undefined : encodingText(options.encoding);
    await paced(this.#backend.replyErr(payloadOf(payload), encoding));
  }

  /** Answers that a key was deleted. @throws {CoreError} as `reply` */
  async replyDel(intoKeyExpr: IntoKeyExpr, options: ReplyDelOptions = {}): Promise<void> {
    this.#check();
    await paced(this.#backend.replyDel(new KeyExpr(intoKeyExpr).toString(), packQos(options), messageFields(options)));
  }

  /** Tells the asker that no more replies come from here. Idempotent. */
  async finalize(): Promise<void> {
    if (this.#finalized) return;
    this.#finalized = true;
    await this.#backend.finalize();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.finalize();
  }

  toString(): string {
    return this.selector().toString();
  }

  #check(): void {
    if (this.#finalized) throw new CoreError('QUERY_FINALIZED', 'this query was finalized');
  }
}
