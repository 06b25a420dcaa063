// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from './errors.js';
import { ZenohId } from './zenoh-id.js';

/**
 * The id of something declared on a session (a publisher, a subscriber, ...), or of the session itself, unique in the
 * whole network: the session's id, and a number within it.
 */
export class EntityGlobalId {
  readonly #zid: ZenohId;
  readonly #eid: number;

  /** @throws {CoreError} `INVALID_ARGUMENT` when `eid` is not an unsigned 32-bit number */
  constructor(zid: ZenohId, eid: number) {
    this.#zid = zid;
    this.#eid = word(eid, 'an entity id');
  }

  /** The id of the session. */
  zid(): ZenohId {
    return this.#zid;
  }

  /** The number within the session. */
  eid(): number {
    return this.#eid;
  }

  /** Whether both are the same entity. */
  equals(other: EntityGlobalId): boolean {
    return this.toString() === other.toString();
  }

  /** `<zid>/<eid>`. */
  toString(): string {
    return `${this.#zid}/${this.#eid}`;
  }

  /**
   * Reads what {@link toString} writes.
   *
   * @throws {CoreError} `INVALID_ARGUMENT` for anything else
   */
  static fromString(text: string): EntityGlobalId {
    const [, zid, eid] = /^([^/]*)\/(\d{1,10})$/.exec(text) ?? [];
    if (zid === undefined) throw new CoreError('INVALID_ARGUMENT', `\`${text}\` is not an entity id: \`<zid>/<eid>\``);
    return new EntityGlobalId(ZenohId.fromString(zid), Number(eid));
  }
}

/**
 * Who sent a message, and its number there. zenoh only carries it: whoever puts, asks or replies gives it, with an id such
 * as `publisher.id()` and numbers of its own making.
 */
export class SourceInfo {
  readonly #sourceId: EntityGlobalId;
  readonly #sourceSn: number;

  /** @throws {CoreError} `INVALID_ARGUMENT` when `sourceSn` is not an unsigned 32-bit number */
  constructor(sourceId: EntityGlobalId, sourceSn: number) {
    this.#sourceId = sourceId;
    this.#sourceSn = word(sourceSn, 'a sequence number');
  }

  /** Who sent the message. */
  sourceId(): EntityGlobalId {
    return this.#sourceId;
  }

  /** The number that the sender gave it, from 0 to 2^32 - 1. */
  sourceSn(): number {
    return this.#sourceSn;
  }

  /** `<zid>/<eid>/<sn>`. */
  toString(): string {
    return `${this.#sourceId}/${this.#sourceSn}`;
  }
}

function word(value: number, what: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff) return value;
  throw new CoreError('INVALID_ARGUMENT', `${what} is an unsigned 32-bit number, not ${value}`);
}
