// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendQuery, Done, MessageFields } from '../backend.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { QueryHandle } from './addon.js';
import { addon } from './load.js';
import { type Puts, REPLIES, type Sending } from './puts.js';

export class NativeQuery implements BackendQuery {
  readonly #handle: QueryHandle;
  readonly #puts: Puts;
  /** Replies that have not gone out. */
  readonly #pending = new Set<Promise<unknown>>();

  constructor(handle: QueryHandle, puts: Puts) {
    this.#handle = handle;
    this.#puts = puts;
  }

  reply(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields): Done {
    const { attachment, encoding, timestamp, sourceInfo } = fields;
    const send = () => {
      const [body, extra] = [payload.segments(), attachment?.segments()];
      return addon().queryReply(this.#handle, keyExpr, body, extra, encoding, qos, timestamp, sourceInfo);
    };
    return this.#reply({ payload, attachment, send });
  }

  replyDel(keyExpr: string, qos: number, { attachment, timestamp, sourceInfo }: MessageFields): Done {
    const send = () =>
      addon().queryReplyDel(this.#handle, keyExpr, attachment?.segments(), undefined, qos, timestamp, sourceInfo);
    return this.#reply({ attachment, send });
  }

  replyErr(payload: ZBytes, encoding: string | undefined): Done {
    const send = () => addon().queryReplyErr(this.#handle, payload.segments(), encoding);
    return this.#reply({ payload, send });
  }

  /** After the replies that are on their way: the asker takes it for the end. */
  finalize(): Promise<void> | undefined {
    if (this.#pending.size === 0) {
      addon().queryFinalize(this.#handle);
      return undefined;
    }
    return Promise.allSettled(this.#pending).then(() => addon().queryFinalize(this.#handle));
  }

  #reply(sending: Sending): Done {
    const done = this.#puts.put(REPLIES, sending);
    if (typeof done === 'string') return done;
    this.#pending.add(done);
    return done.finally(() => this.#pending.delete(done));
  }
}
