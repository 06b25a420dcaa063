// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesDeserializer, ZBytesSerializer } from '@eclipse-zenoh/zenoh-ts/ext';
import type { Asking, BackendInbox, InboxPlan, QuestionFields } from '../backend.js';
import { ReplyKeyExpr } from '../enums.js';
import { CoreError } from '../errors.js';
import { Reply, ReplyError } from '../reply.js';
import { Sample } from '../sample.js';
import { LONGEST_TIMER } from '../timer.js';
import type { Connection, Standing } from './connection.js';
import { RemoteInbox } from './inbox.js';
import { Received } from './received.js';
import { RemoteSample } from './sample.js';
import { qosByte, refuseUncarried } from './unsupported.js';
import { Frame } from './wire/frame.js';
import { type Ask, Tell } from './wire/message-id.js';
import { readBytes, readEncoding } from './wire/read.js';
import { type Fill, head, writeOptionalEncoding } from './wire/write.js';

/** What a get is made of, for each time that it is asked. */
export interface Question {
  readonly ask: Ask;
  /** Fields after the number of the get. */
  readonly first: Fill;
  readonly question?: QuestionFields | undefined;
  /** Fields at the end; `left` of the timeout, in ms. */
  readonly last: (to: ZBytesSerializer, left: number) => void;
  /** Milliseconds. */
  readonly timeout: number;
}

/** How a query asks, as its declaration or its get says it. */
export function writeAsking(to: ZBytesSerializer, { qos, target, consolidation, acceptAny }: Asking): void {
  to.serializeNumberUint8(qosByte(qos));
  const accepts = acceptAny ? ReplyKeyExpr.ANY : ReplyKeyExpr.MATCHING_QUERY;
  to.serializeNumberUint8(target | (consolidation << 2) | (accepts << 4));
}

/**
 * Asks, and gathers the replies. The server ends it, at the latest after its timeout; a server that does not is not
 * waited for longer than for any answer.
 */
export function ask(connection: Connection, asked: Question, plan: InboxPlan): BackendInbox<Reply> {
  const get = new Get(connection, asked, plan);
  get.start();
  return get.inbox;
}

class Get implements Standing {
  readonly inbox: RemoteInbox<Reply>;
  readonly #connection: Connection;
  readonly #asked: Question;
  readonly #id: number;
  readonly #deadline: number;
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(connection: Connection, asked: Question, plan: InboxPlan) {
    if (asked.question !== undefined) refuseUncarried(asked.question);
    this.#connection = connection;
    this.#asked = asked;
    this.#id = connection.routes.newId();
    this.#deadline = performance.now() + asked.timeout;
    this.inbox = new RemoteInbox<Reply>(plan, { undeclare: async () => this.#end() });
    connection.routes.on(this.#id, (from, frame, tell) => {
      if (tell === Tell.REPLY) this.#push(from, new Received(frame, plan.ledger), frame.byteLength);
      else this.#finish();
    });
    const { responseTimeout } = connection.settings;
    this.#timer = setTimeout(
      () => {
        this.#end();
        this.inbox.fail(
          new CoreError('NETWORK', `the server did not end the get within ${responseTimeout} ms of its timeout`),
        );
      },
      Math.min(asked.timeout + responseTimeout, LONGEST_TIMER),
    );
  }

  /** @throws {CoreError} `DISCONNECTED`, `SESSION_CLOSED`, `MESSAGE_TOO_LARGE`, `BUFFER_DETACHED` */
  start(): void {
    const { state, settings } = this.#connection;
    try {
      if (state === 'connected' || settings.getsWhileDown === 'reject') this.inbox.asked = this.#send();
      else this.#connection.checkOpen();
    } catch (error) {
      this.#end();
      throw error;
    }
    this.#connection.asked.add(this);
  }

  /** Asks again, on a new connection. */
  async declare(): Promise<void> {
    try {
      await this.#send();
    } catch (error) {
      this.#end();
      this.inbox.fail(error as CoreError);
    }
  }

  onLost(error: CoreError, retry: boolean): void {
    if (retry && this.#connection.settings.getsWhileDown === 'retry') return;
    this.#end();
    if (error.code === 'SESSION_CLOSED') this.inbox.finish();
    else this.inbox.fail(error);
  }

  #send(): Promise<void> {
    const { ask: kind, first, question, last } = this.#asked;
    const frame = new Frame(
      head(kind, (to) => {
        to.serializeNumberUint32(this.#id);
        first(to);
      }),
    );
    if (question !== undefined) {
      frame
        .optionalBytes(question.payload)
        .fields((to) => writeOptionalEncoding(to, question.encoding))
        .optionalBytes(question.attachment);
    }
    const left = Math.max(1, Math.ceil(this.#deadline - performance.now()));
    return this.#connection.postNow(frame.fields((to) => last(to, left)));
  }

  #push(from: ZBytesDeserializer, memory: Received, message: number): void {
    // The protocol does not tell who replied.
    if (from.deserializeBoolean()) {
      const sample = new RemoteSample(from, memory);
      this.#connection.keys.check(sample.keyExpr);
      this.inbox.push(new Reply(new Sample(sample), undefined), sample.size, message);
    } else {
      const payload = readBytes(from);
      const error = new ReplyError(memory.payload(payload), readEncoding(from)());
      this.inbox.push(new Reply(error, undefined), payload.byteLength, message);
    }
  }

  #finish(): void {
    this.#end();
    this.inbox.finish();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#connection.routes.off(this.#id);
    this.#connection.asked.delete(this);
  }
}
