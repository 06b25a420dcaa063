// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ZBytesDeserializer } from '@eclipse-zenoh/zenoh-ts/ext';
import { Encoding } from '../encoding.js';
import { CongestionControl, Priority, Reliability, SampleKind } from '../enums.js';
import type { SampleFields } from '../sample.js';
import type { ZBytes } from '../zbytes/zbytes.js';
import type { Received } from './received.js';
import { readBytes, readOptional, readTimestamp } from './wire/read.js';

/** A sample as its message tells it; payload and attachment are views of the message. */
export class RemoteSample implements SampleFields {
  readonly keyExpr: string;
  readonly payload: ZBytes;
  readonly attachment: ZBytes | undefined;
  readonly kind: SampleKind;
  /** Bytes of payload and attachment. */
  readonly size: number;
  readonly #encoding: number;
  readonly #schema: string;
  readonly #timestamp: (() => string) | undefined;
  readonly #qos: number;
  // What the protocol does not carry.
  readonly isShm = false;
  readonly sourceInfo = undefined;
  readonly timestampStack = undefined;

  constructor(from: ZBytesDeserializer, memory: Received) {
    this.keyExpr = from.deserializeString();
    const payload = readBytes(from);
    this.kind = from.deserializeNumberUint8() === SampleKind.DELETE ? SampleKind.DELETE : SampleKind.PUT;
    this.#encoding = from.deserializeNumberUint16();
    this.#schema = from.deserializeString();
    const attachment = readOptional(from, readBytes);
    this.#timestamp = readOptional(from, readTimestamp);
    this.#qos = from.deserializeNumberUint8();
    this.payload = memory.payload(payload);
    this.attachment = attachment === undefined ? undefined : memory.payload(attachment);
    this.size = payload.byteLength + (attachment?.byteLength ?? 0);
  }

  get encoding(): string {
    return new Encoding(this.#encoding, this.#schema).toString();
  }

  get timestamp(): string | undefined {
    return this.#timestamp?.();
  }

  get priority(): Priority {
    const priority = this.#qos & 7;
    return priority === 0 ? Priority.DEFAULT : (priority as Priority);
  }

  get congestionControl(): CongestionControl {
    return this.#qos & 8 ? CongestionControl.BLOCK : CongestionControl.DROP;
  }

  get express(): boolean {
    return (this.#qos & 16) !== 0;
  }

  get reliability(): Reliability {
    return this.#qos & 32 ? Reliability.RELIABLE : Reliability.BEST_EFFORT;
  }
}
