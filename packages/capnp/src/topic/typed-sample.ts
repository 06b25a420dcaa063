// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Reply, type Sample, SampleKind } from '@zenoh-segments/core';
import type { Struct } from 'capnp-es';
import { CapnpPayloadError } from '../errors.js';
import type { CapnpLimits } from '../limits.js';
import type { ReceivedMessage } from '../reading/received-message.js';
import type { KeyTemplate, ReceivedParams } from './key-template.js';
import type { Decoded, StructCodec } from './struct-codec.js';

/** What is done with what comes, besides giving it to the reader. */
export interface ReceivingOptions<Params, Source> {
  /** Bounds on what each message may cost. */
  limits?: CapnpLimits | undefined;
  /**
   * Takes what can't be opened, and the error that says why; it does not come to the reader then, so that no peer can end
   * his loop. Each message is opened when it is taken out of the queue, unlike without this. Pointers are checked when
   * they are followed: a field may still throw `CAPNP_INVALID` later.
   */
  onInvalid?: ((error: CapnpPayloadError, source: Source) => void) | undefined;
  /** Takes deletions of keys, which have no message and do not come to the reader; they are passed over unless given. */
  onDelete?: ((params: ReceivedParams<Params>, sample: Sample) => void) | undefined;
}

/** How samples of a topic are opened. */
export interface Opening<T extends Struct, Params> {
  readonly codec: StructCodec<T>;
  readonly template: KeyTemplate<Params>;
  readonly limits?: CapnpLimits | undefined;
}

/**
 * A received message of a topic. It is read where it lies (unless it is packed): the message, and every list and view
 * taken out of it, keeps the memory of its payload until it is collected. `using`, or `dispose`, gives the memory back at once, which matters for
 * shared memory: it is the sender's pool.
 */
export class TypedSample<T extends Struct, Params> implements Disposable {
  readonly sample: Sample;
  readonly #opening: Opening<T, Params>;
  #decoded: Decoded<T> | undefined;
  #params: ReceivedParams<Params> | undefined;

  /** @internal */
  constructor(sample: Sample, opening: Opening<T, Params>) {
    this.sample = sample;
    this.#opening = opening;
  }

  /**
   * The message's root, opened when it is asked for first: the same object at every call. It is read-only.
   *
   * @throws {CapnpPayloadError} `CAPNP_TYPE` when the sender says that this is something else; `CAPNP_TRUNCATED`,
   * `CAPNP_INVALID`, `CAPNP_LIMIT`
   * @throws {CoreError} `PAYLOAD_DISPOSED`
   */
  get message(): T {
    return this.#opened.root;
  }

  /** The message as a whole: its `copy()` may be written, and kept without the payload. @throws as {@link message} */
  get received(): ReceivedMessage {
    return this.#opened.message;
  }

  /** The parameters in the key; `*` where the sender put to a key expression that leaves one open. */
  get params(): ReceivedParams<Params> {
    this.#params ??= this.#opening.template.parse(this.sample.keyexpr());
    return this.#params;
  }

  /** Gives received memory back at once: what was read of the message is gone then. Idempotent. */
  dispose(): void {
    // Of a packed payload it has memory of its own.
    this.#decoded?.message.dispose();
    this.#decoded = undefined;
    this.sample[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get #opened(): Decoded<T> {
    const { codec, limits } = this.#opening;
    this.#decoded ??= codec.decode(this.sample.payload(), this.sample.encoding(), limits);
    return this.#decoded;
  }
}

/** A message that answers a get. */
export class TypedReply<T extends Struct, Params> extends TypedSample<T, Params> {
  readonly reply: Reply;

  /** @internal */
  constructor(reply: Reply, sample: Sample, opening: Opening<T, Params>) {
    super(sample, opening);
    this.reply = reply;
  }
}

/** What the reader is to have of what came: the item itself, or nothing. */
export function sifted<Item extends TypedSample<Struct, Params>, Params, Source>(
  item: Item,
  source: Source,
  { onInvalid, onDelete }: ReceivingOptions<Params, Source>,
): Item | undefined {
  const { sample } = item;
  if (sample.kind() === SampleKind.DELETE) {
    onDelete?.(item.params, sample);
    return undefined;
  }
  if (onInvalid === undefined) return item;
  try {
    // Opens it.
    void item.message;
    return item;
  } catch (error) {
    if (!(error instanceof CapnpPayloadError)) throw error;
    onInvalid(error, source);
    return undefined;
  }
}
