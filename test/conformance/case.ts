// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Config, Sample, Session, SubscriberOptions } from '@zenoh-segments/core';
import type { Member, TestedBackend } from './backend.js';
import type { Coverage } from './features.js';

/** Two connected sessions of the backend under test. */
export interface Pair {
  readonly backend: TestedBackend;
  readonly sender: Session;
  readonly receiver: Session;
  /** A subscriber of `receiver` that the sender already knows of: what is put from now on arrives. */
  reach(keyExpr: string, options?: SubscriberOptions): Promise<Inbox>;
  /** One more session, which leaves with the pair at the latest; connected to the sender's node unless `config` says otherwise. */
  join(config?: Config): Promise<Member>;
  /** Closes the receiver, and its node is gone. */
  dismissReceiver(): Promise<void>;
}

/** What a subscriber received so far. */
export interface Inbox {
  readonly samples: Sample[];
  /** The sample at `index`, as soon as it is there. */
  at(index: number): Promise<Sample>;
}

/** One requirement that every backend meets; a name says it in words. */
export interface Case {
  readonly name: string;
  /** The features that the case judges: docs/api-parity.md is made from this. */
  readonly covers?: readonly Coverage[];
  readonly run: (pair: Pair) => Promise<void>;
}
