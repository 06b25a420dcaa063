// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  CancellationToken,
  type GetOptions,
  type IntoParameters,
  type KeyExpr,
  type Reply,
  ReplyError,
  Selector,
  type Session,
} from '@zenoh-segments/core';
import type { Struct } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import type { Build, FormOptions, StructCodec } from './struct-codec.js';
import { type Opening, type ReceivingOptions, sifted, TypedReply } from './typed-sample.js';

/** Bytes of an error reply that its message shows. */
const LONGEST_TEXT = 500;

/** A typed payload of a get. */
export interface Request<R extends Struct> extends FormOptions {
  readonly codec: StructCodec<R>;
  readonly build: Build<R>;
}

/** Options of `Topic.get`. */
export interface TypedGetOptions<Params, R extends Struct>
  extends Omit<GetOptions, 'handler' | 'payload' | 'encoding' | 'cancellationToken'>,
    ReceivingOptions<Params, Reply> {
  /** What stands behind the `?` of the selector. */
  parameters?: IntoParameters | undefined;
  /** What the queryables are told; nothing unless given. */
  request?: Request<R> | undefined;
}

/** Asks when the loop begins; leaving the loop cancels. */
export async function* replies<T extends Struct, Params, R extends Struct>(
  session: Session,
  keyExpr: KeyExpr,
  opening: Opening<T, Params>,
  options: TypedGetOptions<Params, R>,
): AsyncGenerator<TypedReply<T, Params>, void> {
  const token = new CancellationToken();
  const { parameters, request } = options;
  const receiver = await session.get(new Selector(keyExpr, parameters), {
    ...options,
    ...(request && payloadOf(request)),
    cancellationToken: token,
  });
  try {
    for await (const reply of receiver ?? []) {
      const item = typed(reply, opening, options);
      if (item !== undefined) yield item;
    }
  } finally {
    token.cancel();
  }
}

function payloadOf<R extends Struct>({ codec, build, packed }: Request<R>) {
  return { payload: codec.encode(build, { packed }), encoding: packed ? codec.packedEncoding : codec.encoding };
}

function typed<T extends Struct, Params>(
  reply: Reply,
  opening: Opening<T, Params>,
  options: ReceivingOptions<Params, Reply>,
): TypedReply<T, Params> | undefined {
  const result = reply.result();
  if (!(result instanceof ReplyError)) return sifted(new TypedReply(reply, result, opening), reply, options);
  const error = new CapnpPayloadError('CAPNP_REPLY', `the queryable answered with an error: ${textOf(result)}`, {
    cause: result,
  });
  if (options.onInvalid === undefined) throw error;
  options.onInvalid(error, reply);
  return undefined;
}

/** What an error says, which is most often a text; its whole payload is the error's `cause`. */
function textOf(error: ReplyError): string {
  const payload = error.payload();
  const text = new TextDecoder().decode(payload.range(0, Math.min(payload.length, LONGEST_TEXT)));
  return payload.length <= LONGEST_TEXT ? `\`${text}\`` : `\`${text}...\` (${payload.length} bytes)`;
}
