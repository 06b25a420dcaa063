// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { Encoding } from './encoding.js';
import { type CongestionControl, type Priority, Reliability, type SampleKind } from './enums.js';
import { KeyExpr } from './key-expr.js';
import type { SourceInfo } from './source-info.js';
import { Timestamp } from './timestamp.js';
import { TimestampStack } from './timestamp-stack.js';
import type { ZBytes } from './zbytes/zbytes.js';

/** What a backend knows of a sample; texts are parsed when they are asked for. */
export interface SampleFields {
  readonly keyExpr: string;
  readonly encoding: string;
  readonly timestamp: string | undefined;
  readonly kind: SampleKind;
  readonly priority: Priority;
  readonly congestionControl: CongestionControl;
  readonly reliability: Reliability;
  readonly express: boolean;
  readonly isShm: boolean;
  readonly payload: ZBytes;
  readonly attachment: ZBytes | undefined;
  readonly sourceInfo: SourceInfo | undefined;
  readonly timestampStack: string | undefined;
}

/** A received publication. It, and every view of its payload, outlives the callback. */
export class Sample implements Disposable {
  readonly #fields: SampleFields;
  #keyExpr: KeyExpr | undefined;
  #encoding: Encoding | undefined;

  /** @internal What a backend received. */
  constructor(fields: SampleFields);
  /** A sample made by hand, such as one to reply with; as in zenoh-ts. Its reliability is the default. */
  constructor(
    keyexpr: KeyExpr,
    payload: ZBytes,
    kind: SampleKind,
    encoding: Encoding,
    attachment: ZBytes | undefined,
    timestamp: Timestamp | undefined,
    priority: Priority,
    congestionControl: CongestionControl,
    express: boolean,
  );
  constructor(first: SampleFields | KeyExpr, ...others: unknown[]) {
    this.#fields = first instanceof KeyExpr ? fieldsOf(first, ...(others as ByHand)) : first;
  }

  keyexpr(): KeyExpr {
    this.#keyExpr ??= new KeyExpr(this.#fields.keyExpr);
    return this.#keyExpr;
  }

  /** The payload: the same object at every call. Empty for a delete. */
  payload(): ZBytes {
    return this.#fields.payload;
  }

  kind(): SampleKind {
    return this.#fields.kind;
  }

  encoding(): Encoding {
    this.#encoding ??= Encoding.fromString(this.#fields.encoding);
    return this.#encoding;
  }

  timestamp(): Timestamp | undefined {
    const { timestamp } = this.#fields;
    return timestamp === undefined ? undefined : Timestamp.fromString(timestamp);
  }

  congestionControl(): CongestionControl {
    return this.#fields.congestionControl;
  }

  priority(): Priority {
    return this.#fields.priority;
  }

  express(): boolean {
    return this.#fields.express;
  }

  reliability(): Reliability {
    return this.#fields.reliability;
  }

  attachment(): ZBytes | undefined {
    return this.#fields.attachment;
  }

  /** Who sent it, and its number there, if the sender told. */
  sourceInfo(): SourceInfo | undefined {
    return this.#fields.sourceInfo;
  }

  /** The times noted on its way, if the sender asked for that: see `TimestampInstrumentation`. */
  timestampStack(): TimestampStack | undefined {
    const { timestampStack } = this.#fields;
    return timestampStack === undefined ? undefined : new TimestampStack(timestampStack);
  }

  /** Whether any segment of the payload is shared memory that another process wrote. Its views pin the sender's pool. */
  isShm(): boolean {
    return this.#fields.isShm;
  }

  /** Disposes the payload and the attachment. */
  [Symbol.dispose](): void {
    this.#fields.payload[Symbol.dispose]();
    this.#fields.attachment?.[Symbol.dispose]();
  }
}

/** The arguments of the constructor that zenoh-ts has, after the first. */
type ByHand = [
  payload: ZBytes,
  kind: SampleKind,
  encoding: Encoding,
  attachment: ZBytes | undefined,
  timestamp: Timestamp | undefined,
  priority: Priority,
  congestionControl: CongestionControl,
  express: boolean,
];

function fieldsOf(keyExpr: KeyExpr, ...given: ByHand): SampleFields {
  const [payload, kind, encoding, attachment, timestamp, priority, congestionControl, express] = given;
  return {
    keyExpr: keyExpr.toString(),
    payload,
    kind,
    encoding: encoding.toString(),
    attachment,
    timestamp: timestamp?.toString(),
    priority,
    congestionControl,
    express,
    reliability: Reliability.DEFAULT,
    isShm: false,
    sourceInfo: undefined,
    timestampStack: undefined,
  };
}
