// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { SessionFacts } from './backend.js';
import { Declared } from './declared.js';
import type { PutStats } from './put-counter.js';
import type { LedgerSnapshot } from './zbytes/ledger.js';

/** Sums over what a session has declared and not undeclared, as `QueueStats` names them. */
export interface ReceivedStats {
  readonly received: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly waiting: number;
  readonly queued: number;
  readonly queuedBytes: number;
}

/** What `Session.stats()` tells. */
export interface SessionStats extends LedgerSnapshot {
  /** What became of puts and deletions, those of publishers included. */
  readonly sent: PutStats & {
    /** Puts and replies made on the calling thread, and those that went by a native one. */
    readonly inline: number;
    readonly offloaded: number;
  };
  /** Messages of any kind that zenoh did not get out to a connected peer, by priority. */
  readonly lost: Readonly<Record<(typeof NAMES)[number], number>>;
  /** Subscribers and queryables. */
  readonly received: ReceivedStats;
  /** Nodes that this one is connected to. */
  readonly connections: number;
  /**
   * Native memory that JavaScript keeps and has not given back, in this whole thread: allocated on the heap and in shared
   * memory, received, and received in shared memory, which keeps room in the sender's pool.
   */
  readonly pinned: SessionFacts['shown'];
}

export function sessionStats(
  { carried, copied, reasons, ...puts }: PutStats & LedgerSnapshot,
  facts: SessionFacts,
  declared: Iterable<unknown>,
): SessionStats {
  const { inline, offloaded, connections, lost, shown } = facts;
  return {
    carried,
    copied,
    reasons,
    sent: { ...puts, inline, offloaded },
    lost: byName(lost),
    received: sum(declared),
    connections,
    pinned: shown,
  };
}

/** By number. `Priority` itself cannot tell: two of its names stand for one number. */
const NAMES = [
  'CONTROL',
  'REAL_TIME',
  'INTERACTIVE_HIGH',
  'INTERACTIVE_LOW',
  'DATA_HIGH',
  'DATA',
  'DATA_LOW',
  'BACKGROUND',
] as const;

function byName(lost: readonly number[]): SessionStats['lost'] {
  return Object.fromEntries(NAMES.map((name, priority) => [name, lost[priority]])) as SessionStats['lost'];
}

function sum(declared: Iterable<unknown>): ReceivedStats {
  const total = { received: 0, delivered: 0, dropped: 0, waiting: 0, queued: 0, queuedBytes: 0 };
  for (const one of declared) {
    if (!(one instanceof Declared)) continue;
    const stats = one.stats();
    const { oldest, newest, deadlock, closed } = stats.dropped;
    total.received += stats.received;
    total.delivered += stats.delivered;
    total.dropped += oldest + newest + deadlock + closed;
    total.waiting += stats.waiting;
    total.queued += stats.queued;
    total.queuedBytes += stats.queuedBytes;
  }
  return total;
}
