// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ZBytesDeserializer } from '@eclipse-zenoh/zenoh-ts/ext';
import type { Done, PutResult } from '../backend.js';
import type { ConnectionState } from '../connection.js';
import { CoreError, LimitError } from '../errors.js';
import { backoff, pause } from './backoff.js';
import type { Settings } from './config.js';
import { ConnectionEvents } from './connection-events.js';
import { type Greeting, readPong, readSessionInfo } from './greeting.js';
import { Heartbeat, leaving } from './heartbeat.js';
import { KnownKeys } from './known-keys.js';
import { Link, type LinkUser } from './link.js';
import { Outbox } from './outbox.js';
import { Requests } from './requests.js';
import { Routes } from './routes.js';
import type { Frame } from './wire/frame.js';
import { Ask, NUMBERED, Tell } from './wire/message-id.js';
import { type Fill, request } from './wire/write.js';
import { within } from './within.js';

/** The frame limit of zenoh-plugin-remote-api 1.10. */
const PLUGIN_LIMIT = 16 * 1024 * 1024;
const FLUSH_LIMIT_MS = 3000;
/** How long a connection must have lasted for its loss to be a new one. */
const STEADY_MS = 1000;
/** Requests and their like that wait to be sent; a server that takes nothing is given up. */
const MOST_WAITING = 65_536;

/** What stands on the server, and must be made again on a new connection. */
export interface Standing {
  /** Makes it; called at its declaration, and after each reconnection. */
  declare(): Promise<void>;
  /** The connection is lost; `retry` when it will be made again. */
  onLost?(error: CoreError, retry: boolean): void;
}

/** The connection of a session to its server, through all its links. */
export class Connection implements LinkUser {
  readonly settings: Settings;
  readonly routes = new Routes();
  readonly keys = new KnownKeys();
  readonly events = new ConnectionEvents();
  readonly outbox: Outbox;
  /** In the order of their declaration, which is that of their dependence. */
  readonly standing = new Set<Standing>();
  /** Gets that wait for replies: asked again, if they want to be, after everything stands. */
  readonly asked = new Set<Standing>();
  readonly #requests: Requests;
  readonly #heartbeat: Heartbeat;
  readonly #ended = new AbortController();
  /** Grows with each link: what belongs to an earlier one is lost. */
  epoch = 0;
  #closing = false;
  /** Since the connection was last steady. */
  #attempts = 0;
  #restoredAt = 0;
  #link: Link | undefined;
  #state: ConnectionState = 'reconnecting';
  #greeting: Greeting | undefined;

  private constructor(settings: Settings) {
    this.settings = settings;
    this.outbox = new Outbox(settings.backlog);
    this.#requests = new Requests(settings.responseTimeout);
    this.#heartbeat = new Heartbeat(settings, () => this.#request(Ask.PING, Tell.PONG, readPong));
  }

  /** @throws {CoreError} `OPEN_FAILED`, `NOT_REMOTE_API` */
  static async open(settings: Settings): Promise<Connection> {
    const connection = new Connection(settings);
    await connection.#connect();
    connection.#restored();
    return connection;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Of the server's zenoh session; the last one known. */
  get zid(): string {
    return (this.#greeting as Greeting).zid;
  }

  /** The largest message the server takes, in bytes. */
  get maxMessage(): number {
    return this.settings.maxMessage ?? this.#greeting?.maxMessage ?? PLUGIN_LIMIT;
  }

  /** @throws {CoreError} `DISCONNECTED`, `SESSION_CLOSED`, `NETWORK` when the server refuses or does not answer */
  async request<T>(ask: Ask, expected: Tell, read: (from: ZBytesDeserializer) => T, fill?: Fill): Promise<T> {
    this.check();
    return this.#request(ask, expected, read, fill);
  }

  /** As `request`, for what is answered with nothing but that it was done; also while the declarations are made again. */
  async command(ask: Ask, fill: Fill): Promise<void> {
    await this.#request(ask, Tell.OK, () => undefined, fill);
  }

  /** Sends a put, gathered now. @throws {CoreError} what `check` and `Outbox.post` throw */
  post(frame: Frame): Done {
    if (this.settings.putsWhileDown === 'reject') this.check();
    else {
      this.checkOpen();
      this.#notice();
    }
    return this.outbox.post(this.#gathered(frame), true);
  }

  /** As `post`, of what means something to this very connection alone: replies. */
  postHere(frame: Frame): Done {
    this.check();
    return this.outbox.post(this.#gathered(frame), false);
  }

  /** As `post`, or not at all: what finds no room now is refused. @throws {CoreError} also `BACKLOG_FULL` */
  postSync(frame: Frame): PutResult {
    this.check();
    return this.outbox.postSync(this.#gathered(frame));
  }

  /** As `post`, never waiting for a connection and never refused for the backlog: gets, and the ends of queries. */
  postNow(frame: Frame): Promise<void> {
    if (this.#link === undefined) this.check();
    if (this.outbox.waiting > MOST_WAITING) {
      this.#link?.fail(new CoreError('DISCONNECTED', `the server takes nothing: ${MOST_WAITING} messages wait for it`));
      this.check();
    }
    return this.outbox.request(this.#gathered(frame));
  }

  /** @throws {CoreError} `DISCONNECTED`, `SESSION_CLOSED` */
  check(): void {
    this.checkOpen();
    this.#notice();
    if (this.#state === 'reconnecting') {
      throw new CoreError('DISCONNECTED', `there is no connection to ${this.settings.url} now`);
    }
  }

  /** A server that says goodbye is lost now: its end may come much later. */
  #notice(): void {
    if (this.#state === 'connected' && this.#link?.isOpen === false) this.#link.fail(leaving());
  }

  /** @throws {CoreError} `SESSION_CLOSED` */
  checkOpen(): void {
    if (this.#state === 'closed') throw closed();
  }

  /** Makes something stand, on this connection and those that follow. */
  async add(standing: Standing): Promise<void> {
    this.check();
    this.standing.add(standing);
    try {
      await standing.declare();
    } catch (error) {
      this.standing.delete(standing);
      throw error;
    }
  }

  /** Ends what stands; what is lost with its connection has ended already. */
  async remove(standing: Standing, ask: Ask, id: number): Promise<void> {
    this.routes.off(id);
    if (!this.standing.delete(standing) || this.#link === undefined || this.#closing) return;
    const settled = this.#state === 'connected';
    try {
      await this.command(ask, (to) => to.serializeNumberUint32(id));
    } catch (error) {
      const { code } = error as CoreError;
      // On a connection that is being made it may not stand yet.
      if (settled && code !== 'DISCONNECTED' && code !== 'SESSION_CLOSED') throw error;
    }
  }

  /** From now on nothing is undeclared one by one: all ends with the connection. */
  beginClose(): void {
    this.#closing = true;
  }

  /** @throws {CoreError} `CLOSE_TIMEOUT` when what was put could not be sent in time */
  async close(): Promise<void> {
    // Also one on which everything is just being declared again.
    const link = this.#link;
    const flushed = this.#state !== 'connected' || (await within(FLUSH_LIMIT_MS, this.outbox.drained()));
    this.#finish(closed());
    await link?.close();
    if (!flushed)
      throw new CoreError('CLOSE_TIMEOUT', `the server did not take what was put within ${FLUSH_LIMIT_MS} ms`);
  }

  onFrame(frame: ArrayBuffer): void {
    try {
      const from = new ZBytesDeserializer(new Uint8Array(frame));
      const first = from.deserializeNumberUint8();
      if (first & NUMBERED) this.#requests.onAnswer(from.deserializeNumberUint32(), first & ~NUMBERED, from);
      else this.routes.onEvent(first, from, frame);
    } catch (cause) {
      const text = `${this.settings.url} sent a message that is none of the remote-api protocol`;
      this.#link?.fail(new CoreError('NOT_REMOTE_API', text, { cause }));
    }
  }

  onClose(error: CoreError): void {
    const link = this.#link;
    this.#link = undefined;
    this.#heartbeat.stop();
    this.outbox.attach(undefined);
    this.#requests.fail(error);
    // Another link of the same attempts, or the end, which has told everybody.
    if (this.#state !== 'connected') return;
    this.#state = 'reconnecting';
    const retry = this.settings.reconnect.attempts > 0;
    this.outbox.fail(error, retry && this.settings.putsWhileDown === 'queue');
    for (const each of [...this.standing, ...this.asked]) each.onLost?.(error, retry);
    this.events.tell({ kind: 'lost', error, unsent: (link?.buffered ?? 0) + this.outbox.bytes });
    void this.#reconnect(error);
  }

  async #reconnect(error: CoreError): Promise<void> {
    const since = performance.now();
    const { signal } = this.#ended;
    let last = error;
    // A server that greets and goes at once is no better than one that is not there.
    if (since - this.#restoredAt > STEADY_MS) this.#attempts = 0;
    let retryIn = backoff(this.settings.reconnect, this.#attempts);
    while (retryIn !== undefined) {
      const attempt = ++this.#attempts;
      await pause(retryIn, signal);
      if (signal.aborted) return;
      try {
        await this.#connect();
        const refused = await this.#declareAll();
        if (signal.aborted) return;
        this.#restored();
        const declared = this.standing.size;
        this.events.tell({ kind: 'restored', gap: performance.now() - since, attempts: attempt, declared, refused });
        return;
      } catch (failure) {
        if (signal.aborted) return;
        last = failure as CoreError;
        this.#link?.fail(last);
        retryIn = backoff(this.settings.reconnect, attempt);
        this.events.tell({ kind: 'failed', attempt, error: last, retryIn });
      }
    }
    this.#finish(new CoreError('DISCONNECTED', 'the connection was lost and is not made again', { cause: last }));
    this.events.tell({ kind: 'given up', error: last });
  }

  /** A link to what is a remote-api server. */
  async #connect(): Promise<void> {
    const link = await Link.connect(this.settings, this, this.#ended.signal);
    this.#link = link;
    this.epoch++;
    try {
      const maxMessage = await this.#greet(link, Ask.PING, Tell.PONG, readPong);
      const { zid } = await this.#greet(link, Ask.SESSION_INFO, Tell.SESSION_INFO, readSessionInfo);
      this.#greeting = { zid, maxMessage };
    } catch (cause) {
      const text = `${this.settings.url} does not answer as a remote-api server does; zenoh's own \`ws/\` listeners are none`;
      const error = new CoreError('NOT_REMOTE_API', text, { cause });
      link.fail(error);
      throw error;
    }
  }

  #greet<T>(link: Link, ask: Ask, expected: Tell, read: (from: ZBytesDeserializer) => T): Promise<T> {
    const { frame, answer } = this.#requests.make((sequence) => request(ask, sequence), expected, read);
    link.send(frame);
    return answer;
  }

  /** Makes everything stand again; the answers tell what the server refuses now. */
  async #declareAll(): Promise<CoreError[]> {
    this.outbox.attach(undefined);
    const link = this.#link as Link;
    const refused: CoreError[] = [];
    const declare = async (each: Standing) => {
      try {
        await each.declare();
      } catch (error) {
        if (!link.isOpen) throw error;
        this.standing.delete(each);
        each.onLost?.(error as CoreError, false);
        refused.push(error as CoreError);
      }
    };
    await Promise.all([...this.standing].map(declare));
    return refused;
  }

  #restored(): void {
    this.#state = 'connected';
    this.#restoredAt = performance.now();
    this.outbox.attach(this.#link);
    this.#heartbeat.watch(this.#link as Link);
    for (const each of [...this.asked]) void each.declare();
  }

  async #request<T>(ask: Ask, expected: Tell, read: (from: ZBytesDeserializer) => T, fill?: Fill): Promise<T> {
    const link = this.#link;
    // While everything is made to stand again there is a link, although nobody else may use it.
    if (link === undefined) this.check();
    const { frame, answer } = this.#requests.make((sequence) => request(ask, sequence, fill), expected, read);
    if (this.#state === 'connected') await Promise.all([this.outbox.request(frame), answer]);
    else link?.send(frame);
    return answer;
  }

  #gathered(frame: Frame): Uint8Array<ArrayBuffer> {
    const { maxMessage } = this;
    if (frame.size > maxMessage) {
      const text = `a message of ${frame.size} bytes is more than the ${maxMessage} that the server takes: see \`maxMessage\``;
      throw new LimitError('MESSAGE_TOO_LARGE', text, frame.size, maxMessage);
    }
    return frame.gather();
  }

  #finish(error: CoreError): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#ended.abort();
    this.#heartbeat.stop();
    this.outbox.attach(undefined);
    this.outbox.fail(error);
    this.#requests.fail(error);
    for (const each of [...this.standing, ...this.asked]) each.onLost?.(error, false);
    this.standing.clear();
    this.asked.clear();
  }
}

function closed(): CoreError {
  return new CoreError('SESSION_CLOSED', 'this session is closed');
}
