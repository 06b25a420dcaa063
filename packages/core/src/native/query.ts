// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { BackendQuery, MessageFields } from '../backend.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { QueryHandle } from './addon.js';
import { addon, call } from './load.js';
import { settle } from './settle.js';

export class NativeQuery implements BackendQuery {
  readonly #handle: QueryHandle;

  constructor(handle: QueryHandle) {
    this.#handle = handle;
  }

  reply(keyExpr: string, payload: ZBytes, qos: number, fields: MessageFields): undefined {
    const { attachment, encoding, timestamp, sourceInfo } = fields;
    const [body, extra] = [payload.segments(), attachment?.segments()];
    const outcome = call((native) =>
      native.queryReply(this.#handle, keyExpr, body, extra, encoding, qos, timestamp, sourceInfo),
    );
    return settle(outcome, payload, attachment);
  }

  replyDel(keyExpr: string, qos: number, { attachment, timestamp, sourceInfo }: MessageFields): undefined {
    const segments = attachment?.segments();
    const outcome = call((native) =>
      native.queryReplyDel(this.#handle, keyExpr, segments, undefined, qos, timestamp, sourceInfo),
    );
    return settle(outcome, undefined, attachment);
  }

  replyErr(payload: ZBytes, encoding: string | undefined): undefined {
    const outcome = call((native) => native.queryReplyErr(this.#handle, payload.segments(), encoding));
    return settle(outcome, payload, undefined);
  }

  finalize(): undefined {
    addon().queryFinalize(this.#handle);
  }
}
