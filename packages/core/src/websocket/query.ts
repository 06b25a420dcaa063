// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesDeserializer } from '@eclipse-zenoh/zenoh-ts/ext';
import type { BackendInbox, BackendQuery, Done, InboxPlan, MessageFields } from '../backend.js';
import { CongestionControl, Priority, ReplyKeyExpr } from '../enums.js';
import { CoreError } from '../errors.js';
import { intersects } from '../key-expr/intersects.js';
import { Query, type QueryFields } from '../query.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { Connection } from './connection.js';
import { Entity } from './entity.js';
import { RemoteInbox } from './inbox.js';
import { withoutPayload, withPayload } from './message.js';
import { Received } from './received.js';
import { Frame } from './wire/frame.js';
import { Ask } from './wire/message-id.js';
import { readBytes, readEncoding, readOptional } from './wire/read.js';
import { type Fill, head, writeEncoding } from './wire/write.js';

const KIND = { declare: Ask.DECLARE_QUERYABLE, undeclare: Ask.UNDECLARE_QUERYABLE };

/** Who drops a query ends it for its asker, as in Rust. */
const dropped = new FinalizationRegistry<QueryEnd>((end) => end.send());

/** Declares a queryable. */
export async function answerQueries(connection: Connection, how: Fill, plan: InboxPlan): Promise<BackendInbox<Query>> {
  const inbox = new RemoteInbox<Query>(plan, {
    undeclare: () => entity.undeclare(),
    // Nobody will answer it.
    discard: (query) => void query.finalize(),
  });
  const entity = await Entity.declare(connection, KIND, how, {
    onEvent: (from, frame) => {
      const id = from.deserializeNumberUint32();
      const { fields: told, size } = readQuery(from, new Received(frame, plan.ledger));
      connection.keys.check(told.keyExpr);
      inbox.push(new Query(new RemoteQuery(connection, id, told), told), size, frame.byteLength);
    },
    onGone: (error) => inbox.fail(error),
  });
  return inbox;
}

function readQuery(from: ZBytesDeserializer, memory: Received): { fields: QueryFields; size: number } {
  const keyExpr = from.deserializeString();
  const parameters = from.deserializeString();
  const payload = readOptional(from, readBytes);
  const encoding = readOptional(from, readEncoding);
  const attachment = readOptional(from, readBytes);
  const accepts = from.deserializeNumberUint8();
  const told: QueryFields = {
    keyExpr,
    parameters,
    payload: payload === undefined ? undefined : memory.payload(payload),
    encoding: encoding?.(),
    attachment: attachment === undefined ? undefined : memory.payload(attachment),
    acceptsReplies: accepts === ReplyKeyExpr.ANY ? ReplyKeyExpr.ANY : ReplyKeyExpr.MATCHING_QUERY,
    // What the protocol does not carry: zenoh's defaults.
    priority: Priority.DEFAULT,
    congestionControl: CongestionControl.DEFAULT_REQUEST,
    express: false,
    sourceInfo: undefined,
    timestampStack: undefined,
  };
  return { fields: told, size: (payload?.byteLength ?? 0) + (attachment?.byteLength ?? 0) };
}

/** The end of a query, sent once. The server forgets its queries with the connection. */
class QueryEnd {
  readonly #connection: Connection;
  readonly #id: number;
  readonly #epoch: number;
  #sent = false;

  constructor(connection: Connection, id: number) {
    this.#connection = connection;
    this.#id = id;
    this.#epoch = connection.epoch;
  }

  get isStale(): boolean {
    return this.#connection.epoch !== this.#epoch;
  }

  send(): void {
    if (this.#sent || this.isStale || this.#connection.state !== 'connected') return;
    this.#sent = true;
    const frame = new Frame(head(Ask.QUERY_FINAL, (to) => to.serializeNumberUint32(this.#id)));
    // What fails is lost with the connection, as the query is.
    void (async () => this.#connection.postNow(frame))().catch(() => {});
  }
}

class RemoteQuery implements BackendQuery {
  readonly #connection: Connection;
  readonly #id: number;
  readonly #asked: Pick<QueryFields, 'keyExpr' | 'acceptsReplies'>;
  readonly #end: QueryEnd;

  constructor(connection: Connection, id: number, asked: Pick<QueryFields, 'keyExpr' | 'acceptsReplies'>) {
    this.#connection = connection;
    this.#id = id;
    this.#asked = asked;
    this.#end = new QueryEnd(connection, id);
    dropped.register(this, this.#end, this);
  }

  reply(keyExpr: string, payload: ZBytes, qos: number, message: MessageFields): Done {
    const start = this.#frame(Ask.REPLY_OK, (to) => to.serializeString(keyExpr));
    const frame = withPayload(start, payload, qos, message);
    // After the payload, whose own faults are told first, as by native sessions; before anything is gathered.
    this.#checkKey(keyExpr);
    return this.#connection.postHere(frame);
  }

  replyDel(keyExpr: string, qos: number, message: MessageFields): Done {
    const start = this.#frame(Ask.REPLY_DEL, (to) => to.serializeString(keyExpr));
    const frame = withoutPayload(start, qos, message);
    this.#checkKey(keyExpr);
    return this.#connection.postHere(frame);
  }

  replyErr(payload: ZBytes, encoding: string | undefined): Done {
    const frame = this.#frame(Ask.REPLY_ERR).bytes(payload);
    return this.#connection.postHere(frame.fields((to) => writeEncoding(to, encoding)));
  }

  finalize(): undefined {
    dropped.unregister(this);
    this.#end.send();
  }

  /** As zenoh does, whose refusal the server has no way to tell. @throws {CoreError} `NETWORK` */
  #checkKey(keyExpr: string): void {
    const { keyExpr: asked, acceptsReplies } = this.#asked;
    if (acceptsReplies === ReplyKeyExpr.ANY || intersects(asked, keyExpr)) return;
    const only = 'despite query only allowing replies on matching key expressions';
    const text = `Attempted to reply on \`${keyExpr}\`, which does not intersect with query \`${asked}\`, ${only}`;
    throw new CoreError('NETWORK', text);
  }

  /** @throws {CoreError} `DISCONNECTED` when the query went with its connection */
  #frame(ask: Ask, more: Fill = () => {}): Frame {
    if (this.#end.isStale) throw new CoreError('DISCONNECTED', 'the connection that this query came by was lost');
    return new Frame(
      head(ask, (to) => {
        to.serializeNumberUint32(this.#id);
        more(to);
      }),
    );
  }
}
