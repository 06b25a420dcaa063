// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Config, LedgerSnapshot, Session, SessionConfig } from '@zenoh-segments/core';

/** A session with its own node of the network. */
export interface Member {
  readonly session: Session;
  /** Closes the session, and its node is gone from the network. */
  leave(): Promise<void>;
}

/** Bytes copied, by reason. */
export type Copies = LedgerSnapshot['reasons'];

/** A backend under test: how its sessions are opened, and what else a case must know of it. */
export interface TestedBackend {
  /** What a program imports. Where the backend's own entry lacks a name of the native one, it is undefined. */
  readonly entry: typeof import('@zenoh-segments/core');
  /** Opens a session whose node has this configuration: the session itself, or its server. */
  join(config: Config): Promise<Member>;
  /** What such a session is opened with, as it is given to `scout`. */
  configOf(member: Member, config: Config): SessionConfig;
  readonly copies: {
    /** What sending `bytes` of JavaScript memory copies. Of native: nothing. */
    sent(bytes: number): Copies;
    /** What receiving payloads copies of which `bytes` are in small ones. */
    received(bytes: number): Copies;
  };
}
