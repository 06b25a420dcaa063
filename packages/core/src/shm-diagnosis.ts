// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0

/** Figures of a pool. */
export interface ShmPoolStats {
  /** Bytes. */
  readonly size: number;
  /** Bytes. */
  readonly alignment: number;
  /** Bytes that are not in use. */
  readonly available: number;
  /** Bytes of chunks that were allocated and not collected, now and at most. */
  readonly used: number;
  readonly mostUsed: number;
  /** How many such chunks there are. */
  readonly chunks: number;
  /** Since the pool was made: chunks given out, allocations refused, calls of `garbageCollect` and `defragment`. */
  readonly allocations: number;
  readonly failures: number;
  readonly collections: number;
  readonly forcedCollections: number;
  readonly defragmentations: number;
  /** How many `allocAsync` wait for room now. */
  readonly waiting: number;
}

/** Native memory that JavaScript of this thread sees and has not given back. */
export interface ShmViews {
  readonly count: number;
  readonly bytes: number;
}

/** A segment file of zenoh's. */
export interface ShmSegmentFile {
  readonly file: string;
  readonly bytes: number;
  /** This process maps it. */
  readonly own: boolean;
  /** Its owner is the user of this process. */
  readonly sameUser: boolean;
  /** Some process maps it; null when the system does not tell. False is an orphan. */
  readonly inUse: boolean | null;
}

/** What is known, as data. */
export interface ShmFacts {
  /** `linux`, `macos`, `windows` ... Outside Linux, `directory`, `lockLimit` and `segments` are not known. */
  readonly platform: string;
  /** The file system that holds shared memory. */
  readonly directory: { readonly path: string; readonly size: number; readonly free: number } | null;
  /** Bytes the process may lock in memory (`ulimit -l`); null when unlimited, as for root. */
  readonly lockLimit: number | null;
  /** Bytes it has locked. */
  readonly locked: number;
  readonly segments: readonly ShmSegmentFile[];
  /** This process's pools, of all threads. A retired one waits for others to let go of its chunks. */
  readonly pools: readonly (ShmPoolStats & { readonly retired: boolean })[];
  /** By kind of memory: made by `alloc` and `ShmProvider`, received by network, received by shared memory. */
  readonly views: Readonly<Record<'heap' | 'shm' | 'received' | 'receivedShm', ShmViews>>;
  /** Only when a session was asked. */
  readonly session?: {
    /** `transport/shared_memory/enabled` of its config. */
    readonly enabled: boolean;
    /** Bytes of the pool into which zenoh copies large payloads (`transport_optimization`); null when that is off. */
    readonly implicitPool: number | null;
    /** The nodes it is connected to, and whether shared memory was agreed on with each. */
    readonly peers: readonly { readonly zid: string; readonly whatami: string; readonly shm: boolean }[];
  };
}

/**
 * | code | meaning |
 * |---|---|
 * | `DISABLED` | the session's config switches shared memory off: everything goes as bytes |
 * | `PEER_WITHOUT_SHM` | a connected node gets shared memory as bytes: it is on another machine, of another user, or has it off |
 * | `LOCK_LIMIT` | what may still be locked in memory is less than a pool, however small, or the implicit pool needs |
 * | `SEGMENT_NOT_MAPPABLE` | another process's segment exceeds what may be locked: messages in it are lost here |
 * | `LOW_ROOM` | less than a tenth of /dev/shm is free |
 * | `ORPHANS` | files that killed processes left behind |
 * | `ALLOCATIONS_FAILED` | a pool refused allocations |
 * | `PINNED` | received views of shared memory that were not disposed keep their senders' pools from reusing it |
 */
export type ShmProblemCode =
  | 'DISABLED'
  | 'PEER_WITHOUT_SHM'
  | 'LOCK_LIMIT'
  | 'SEGMENT_NOT_MAPPABLE'
  | 'LOW_ROOM'
  | 'ORPHANS'
  | 'ALLOCATIONS_FAILED'
  | 'PINNED';

/** Something that makes shared memory fail, slow or impossible. */
export interface ShmProblem {
  readonly code: ShmProblemCode;
  /** For people: what is wrong, and what to do. */
  readonly text: string;
}

/** The common segment of a process that allocates, and its smallest pool. */
const LEAST_POOL_BYTES = 1_310_720 + 8192;

/** A report on shared memory: the facts, what is wrong with them, and both in words. */
export class ShmDiagnosis {
  readonly facts: ShmFacts;
  /** Empty when nothing is wrong. */
  readonly problems: readonly ShmProblem[];

  constructor(facts: ShmFacts) {
    this.facts = facts;
    this.problems = problemsOf(facts);
  }

  /** Several lines for people. */
  toString(): string {
    return [...describe(this.facts), ...this.problems.map(({ code, text }) => `${code}: ${text}`)].join('\n');
  }
}

function problemsOf({ directory, lockLimit, locked, segments, pools, views, session }: ShmFacts): ShmProblem[] {
  const problems: ShmProblem[] = [];
  const found = (code: ShmProblemCode, text: string) => void problems.push({ code, text });
  if (session?.enabled === false) {
    found('DISABLED', 'transport/shared_memory/enabled is false: this session sends and receives bytes only');
  }
  for (const { zid } of session?.peers.filter((peer) => session.enabled && !peer.shm) ?? []) {
    found('PEER_WITHOUT_SHM', `${zid} is on another machine, of another user, or has shared memory off: it gets bytes`);
  }
  const lockable = lockLimit === null ? Number.POSITIVE_INFINITY : Math.max(0, lockLimit - locked);
  const needed = Math.max(LEAST_POOL_BYTES, session?.implicitPool ?? 0);
  if (lockable < needed && !(pools.length > 0 && session?.implicitPool == null)) {
    found('LOCK_LIMIT', `${lockable} bytes may be locked in memory, and a pool needs ${needed}: raise \`ulimit -l\``);
  }
  for (const { file, bytes } of segments.filter(({ own, sameUser, inUse }) => !own && sameUser && inUse)) {
    if (bytes > lockable) {
      found(
        'SEGMENT_NOT_MAPPABLE',
        `${file} has ${bytes} bytes, and ${lockable} may be locked: messages in it are lost here; raise \`ulimit -l\``,
      );
    }
  }
  if (directory !== null && directory.free < directory.size / 10) {
    found('LOW_ROOM', `${directory.free} of ${directory.size} bytes of ${directory.path} are free`);
  }
  const orphans = segments.filter(({ own, inUse }) => !own && inUse === false);
  if (orphans.length > 0) {
    const bytes = orphans.reduce((sum, orphan) => sum + orphan.bytes, 0);
    found('ORPHANS', `${orphans.length} files with ${bytes} bytes: cleanupOrphanedShmSegments() removes them`);
  }
  for (const { size, used, failures } of pools.filter((pool) => pool.failures > 0)) {
    found('ALLOCATIONS_FAILED', `a pool of ${size} bytes refused ${failures} allocations; ${used} bytes are in use`);
  }
  if (views.receivedShm.count > 0) {
    const { count, bytes } = views.receivedShm;
    found('PINNED', `${count} received views keep ${bytes} bytes of their senders' pools: dispose their payloads`);
  }
  return problems;
}

function describe({ directory, lockLimit, locked, segments, pools, views, session }: ShmFacts): string[] {
  const lines = [`shared memory is compiled in; may lock ${lockLimit ?? 'unlimited'} bytes, has locked ${locked}`];
  if (directory !== null) lines.push(`${directory.path}: ${directory.free} of ${directory.size} bytes free`);
  const sum = (files: readonly ShmSegmentFile[]) => files.reduce((total, file) => total + file.bytes, 0);
  const own = segments.filter((file) => file.own);
  lines.push(`${segments.length} segment files with ${sum(segments)} bytes; ours: ${own.length} with ${sum(own)}`);
  for (const { size, used, chunks, retired } of pools) {
    lines.push(`pool of ${size} bytes: ${used} in use in ${chunks} chunks${retired ? '; no longer allocates' : ''}`);
  }
  for (const [kind, { count, bytes }] of Object.entries(views)) {
    if (count > 0) lines.push(`views of ${kind} memory: ${count} with ${bytes} bytes`);
  }
  if (session !== undefined) {
    lines.push(`session: shared memory ${session.enabled ? 'on' : 'off'}, copying large payloads into it is \
${session.implicitPool === null ? 'off' : `on, pool of ${session.implicitPool} bytes`}`);
    for (const { zid, whatami, shm } of session.peers)
      lines.push(`${whatami} ${zid}: ${shm ? 'shared memory' : 'bytes'}`);
  }
  return lines;
}
