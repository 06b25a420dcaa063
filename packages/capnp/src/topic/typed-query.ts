// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  KeFormatError,
  type KeyExpr,
  type Query,
  type QueryableOptions,
  type ReplyDelOptions,
  type ReplyOptions,
} from '@zenoh-segments/core';
import type { Message, Struct } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import type { CapnpLimits } from '../limits.js';
import { toZBytes } from '../to-segments.js';
import { isOpen, type ReceivedParams, type SomeParams } from './key-template.js';
import { quoted } from './quoted.js';
import type { Build, BuildOptions, FormOptions, StructCodec } from './struct-codec.js';
import type { Opening } from './typed-sample.js';

/** Options of `Topic.declareQueryable`. */
export interface TypedQueryableOptions<T extends Struct, Params, Request extends Struct>
  extends Omit<QueryableOptions, 'handler'>,
    FormOptions {
  /**
   * Answers a query, which is finalized when the handler is done: when it returns, or when its promise ends. It returns or
   * awaits its replies. If it throws, the asker gets an error reply. A `CapnpPayloadError` (a message that can't be read, a
   * key that leaves a parameter open: what a query can provoke) carries its text to the asker, and goes to `onInvalid`. Any
   * other error is the handler's own: it is thrown on as well, as that of any callback of core, and ends the process unless
   * the handler catches it.
   */
  handler: (query: TypedQuery<T, Params, Request>) => unknown;
  /** The type of the queries' payloads. The handler gets no query then whose payload is not of it. */
  request?: StructCodec<Request> | undefined;
  /** Bounds on what a query's message may cost. */
  limits?: CapnpLimits | undefined;
  /**
   * Takes queries that can't be read (`CAPNP_TYPE` and the like) or answered (`CAPNP_KEY`): the asker was answered with the
   * same error. They are passed over unless given.
   */
  onInvalid?: ((error: CapnpPayloadError, query: Query) => void) | undefined;
}

/** Options of {@link TypedQuery.reply}. */
export interface TypedReplyOptions<Params> extends TypedReplyMessageOptions<Params>, BuildOptions {}

/** Options of {@link TypedQuery.replyMessage}. */
export interface TypedReplyMessageOptions<Params> extends Omit<ReplyOptions, 'encoding'> {
  /** Parameters of the reply's key; those of the queryable, then those that the query names, unless given. */
  params?: SomeParams<Params> | undefined;
}

/** Options of {@link TypedQuery.replyDel}. */
export type TypedReplyDelOptions<Params> = ReplyDelOptions & Pick<TypedReplyMessageOptions<Params>, 'params'>;

/** What a queryable of a topic answers with. */
export interface Answering<T extends Struct, Params, Request extends Struct> extends Opening<T, Params> {
  /** Those the queryable was declared with. */
  readonly own: SomeParams<Params>;
  readonly packed: boolean;
  readonly request: StructCodec<Request> | undefined;
}

/** A query to a topic, answered with messages of its type. */
export class TypedQuery<T extends Struct, Params, Request extends Struct> {
  /** The query of core: its selector, attachment and the like. */
  readonly query: Query;
  readonly #answering: Answering<T, Params, Request>;
  #message: Request | undefined;
  #params: ReceivedParams<Params> | undefined;

  /** @internal */
  constructor(query: Query, answering: Answering<T, Params, Request>) {
    this.query = query;
    this.#answering = answering;
  }

  /** The parameters in the key that is asked for; `*` where it leaves one open. */
  get params(): ReceivedParams<Params> {
    this.#params ??= this.#answering.template.parse(this.query.keyExpr());
    return this.#params;
  }

  /**
   * The root of the query's payload, of the type that the queryable names as `request`; read in place.
   *
   * @throws {CapnpPayloadError} `CAPNP_TYPE` when there is no such type, no payload, or one of another type
   */
  get message(): Request {
    this.#message ??= this.#open();
    return this.#message;
  }

  /**
   * Answers with a new message that `build` fills in.
   *
   * @throws {CapnpPayloadError} `CAPNP_KEY` when the query leaves a parameter of the key open that neither the queryable nor
   * `params` names (its `cause` is a `KeFormatError` with the parameter's name as `field`); as `StructCodec.encode`
   * @throws {KeFormatError} for `params` themselves: `KEY_FORMAT_MISMATCH` for a value that is not one chunk of a key,
   * `INVALID_ARGUMENT` for a name that the key does not have
   * @throws {CoreError} as `Query.reply` of core
   */
  async reply(build: Build<T>, options: TypedReplyOptions<Params> = {}): Promise<void> {
    const { codec, packed } = this.#answering;
    const key = this.#key(options);
    const payload = codec.encode(build, { packed, allocator: options.allocator });
    await this.query.reply(key, payload, { ...options, encoding: this.#encoding });
  }

  /** Answers with a message whose root is of the topic's type; it is retained. @throws as {@link reply} */
  async replyMessage(message: Message, options: TypedReplyMessageOptions<Params> = {}): Promise<void> {
    const { packed } = this.#answering;
    const key = this.#key(options);
    const payload = toZBytes(message, { packed });
    await this.query.reply(key, payload, { ...options, encoding: this.#encoding });
  }

  /** Answers that a key was deleted. @throws as {@link reply} */
  async replyDel(options: TypedReplyDelOptions<Params> = {}): Promise<void> {
    await this.query.replyDel(this.#key(options), options);
  }

  /** Answers with an error, which the asker gets as `CAPNP_REPLY` with this text. @throws {CoreError} as `Query.replyErr` */
  replyErr(text: string): Promise<void> {
    return this.query.replyErr(text, { encoding: 'text/plain' });
  }

  #open(): Request {
    const { request, limits } = this.#answering;
    if (request === undefined) throw new CapnpPayloadError('CAPNP_TYPE', 'this queryable names no type of requests');
    const payload = this.query.payload();
    if (payload === undefined) {
      throw new CapnpPayloadError(
        'CAPNP_TYPE',
        `a query without a payload; one of \`${request.encoding}\` is expected`,
      );
    }
    return request.decode(payload, this.query.encoding(), limits).root;
  }

  get #encoding(): string {
    const { codec, packed } = this.#answering;
    return packed ? codec.packedEncoding : codec.encoding;
  }

  #key({ params }: Pick<TypedReplyMessageOptions<Params>, 'params'>): KeyExpr {
    const { template, own } = this.#answering;
    const asked = Object.entries<string>(this.params).filter(([, value]) => !isOpen(value));
    const named = { ...Object.fromEntries(asked), ...defined(own), ...defined(params ?? {}) };
    // First what is wrong with `params`: that is not the asker's fault.
    const key = template.key(named, '*');
    const open = template.names().find((name) => !Object.hasOwn(named, name));
    if (open === undefined) return key;
    throw leftOpen(this.query.keyExpr(), template.text, open);
  }
}

/** The asker left it to the queryable to name a parameter, and it does not. */
function leftOpen(asked: KeyExpr, key: string, name: string): CapnpPayloadError {
  const why = `leaves \`${name}\` of ${quoted(key)} open: the queryable has no key to reply on`;
  const message = `${quoted(asked.toString())} ${why}`;
  return new CapnpPayloadError('CAPNP_KEY', message, { cause: new KeFormatError('INVALID_ARGUMENT', message, name) });
}

/** Without the fields that are there but undefined: they must not hide others. */
export function defined<O extends object>(options: O): O {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as O;
}

/** Answers one query from its arrival to its end. */
export async function answer<T extends Struct, Params, Request extends Struct>(
  query: Query,
  answering: Answering<T, Params, Request>,
  { handler, onInvalid }: TypedQueryableOptions<T, Params, Request>,
): Promise<void> {
  const typed = new TypedQuery(query, answering);
  try {
    // Opened before anybody is called: what can't be read is the asker's fault, and he is told.
    if (answering.request !== undefined) void typed.message;
    await handler(typed);
  } catch (error) {
    const invalid = error instanceof CapnpPayloadError;
    const text = invalid ? `${error.code}: ${error.message}` : 'the queryable failed';
    // When the asker can't be told, there is nobody else to tell.
    await typed.replyErr(text).catch(() => {});
    if (!invalid) throw error;
    onInvalid?.(error, query);
  } finally {
    await query.finalize();
  }
}
