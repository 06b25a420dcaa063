// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { ShmDiagnosis, type ShmFacts } from '../shm-diagnosis.js';
import type { SessionHandle } from './addon.js';
import { eventLoop } from './event-loop.js';
import { addon } from './load.js';

export async function shmFacts(session?: SessionHandle): Promise<ShmFacts> {
  return JSON.parse(await eventLoop().operation<string>(() => addon().shmDiagnose(session))) as ShmFacts;
}

/**
 * The state of shared memory on this machine and in this process, in figures and in words; `Session.diagnoseShm` adds what
 * one session knows.
 */
export async function diagnoseShm(): Promise<ShmDiagnosis> {
  return new ShmDiagnosis(await shmFacts());
}

/** A file that `cleanupOrphanedShmSegments` removed. */
export interface RemovedSegment {
  /** Below /dev/shm. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * Linux: removes the segment files in /dev/shm that killed processes left behind. Nothing elsewhere.
 *
 * Not needed in general: every process removes its own files at its end, also by SIGINT or SIGTERM while a session is open
 * or a pool lives, and zenoh removes orphans when a process first uses shared memory. No file that somebody uses is removed.
 * Files of processes in another container, whose locks cannot be seen, are probed: who maps one at that very moment misses a
 * message.
 */
export async function cleanupOrphanedShmSegments(): Promise<RemovedSegment[]> {
  return JSON.parse(await eventLoop().operation<string>(() => addon().shmCleanup())) as RemovedSegment[];
}
