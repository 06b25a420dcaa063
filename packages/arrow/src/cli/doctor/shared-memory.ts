// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import {
  cleanupOrphanedShmSegments,
  type Session,
  type ShmDiagnosis,
  type ShmProblem,
  type ShmProblemCode,
} from '@zenoh-segments/core';
import { amount, plural } from '../units.js';
import type { Finding, Status } from './finding.js';
import { type Holders, shmHolders } from './holders.js';

/** What each problem is to a user of the command, and what to do. */
const PROBLEMS: Readonly<Partial<Record<ShmProblemCode, readonly [status: Status, advice: string]>>> = {
  DISABLED: ['warning', 'leave transport/shared_memory/enabled out of the configuration, or set it to true'],
  LOCK_LIMIT: ['warning', 'raise `ulimit -l` (LimitMEMLOCK= in a systemd unit, --ulimit memlock=-1 for docker run)'],
  SEGMENT_NOT_MAPPABLE: ['fault', 'raise `ulimit -l`, or let the publisher use a smaller pool'],
  LOW_ROOM: ['warning', 'free room in /dev/shm, or make it larger (mount -o remount,size=..., docker run --shm-size)'],
  ORPHANS: ['warning', 'zenoh-arrow doctor --clean removes them'],
};

/** Files of zenoh's that are smaller keep books, and hold no messages. */
const LEAST_POOL_BYTES = 65_536;

export async function checkShm(session: Session, clean: boolean): Promise<Finding[]> {
  const removed = clean ? await cleanupOrphanedShmSegments() : [];
  const diagnosis = await session.diagnoseShm();
  const { directory, segments } = diagnosis.facts;
  const found = (...codes: ShmProblemCode[]) => diagnosis.problems.filter(({ code }) => codes.includes(code));
  const findings = [memoryOf(diagnosis, found('DISABLED', 'LOCK_LIMIT', 'SEGMENT_NOT_MAPPABLE'))];
  if (directory !== null) {
    const bytes = segments.reduce((sum, file) => sum + file.bytes, 0);
    const gone = clean ? `; removed ${plural(removed.length, 'file')} that nobody used` : '';
    const text =
      `${amount(directory.free)} of ${amount(directory.size)} free, ` +
      `${plural(segments.length, 'file')} of zenoh's with ${amount(bytes)}${gone}`;
    const facts = { directory, files: segments.length, bytes, removed };
    findings.push(summed({ check: directory.path, status: 'ok', text, facts }, found('LOW_ROOM', 'ORPHANS')));
  }
  if (diagnosis.facts.platform === 'linux') findings.push(poolsOf(diagnosis, shmHolders()));
  return findings;
}

function memoryOf({ facts: { platform, lockLimit, locked, session } }: ShmDiagnosis, problems: ShmProblem[]): Finding {
  const limit = lockLimit === null ? 'any amount' : amount(lockLimit);
  const text = `${session?.enabled === false ? 'off' : 'on'}; ${limit} may be locked in memory`;
  return summed(
    { check: 'shared memory', status: 'ok', text, facts: { platform, lockLimit, locked, session } },
    problems,
  );
}

/** The worst of the problems decides. */
function summed(finding: Finding, problems: readonly ShmProblem[]): Finding {
  if (problems.length === 0) return finding;
  const known = problems.map(({ code }) => PROBLEMS[code] ?? (['warning', ''] as const));
  const status = known.some(([each]) => each === 'fault') ? 'fault' : 'warning';
  const advice = [...new Set(known.map(([, each]) => each))].join('; ');
  const texts = problems.map(({ code, text }) => `${code}: ${text}`);
  return {
    ...finding,
    status,
    text: [finding.text, ...texts].join('\n'),
    advice,
    facts: { ...finding.facts, problems },
  };
}

/** Who holds which pool: a pool is full as long as somebody keeps what came in it. */
function poolsOf({ facts }: ShmDiagnosis, { byFile, hidden }: Holders): Finding {
  const pools = facts.segments
    .filter(({ bytes, own, inUse }) => bytes >= LEAST_POOL_BYTES && !own && inUse !== false)
    .map(({ file, bytes, sameUser }) => ({ file, bytes, sameUser, holders: byFile.get(file) ?? [] }));
  const lines = pools.map(({ file, bytes, holders }) => {
    const list = holders.map(({ pid, command }) => `${pid} (${command})`).join(', ');
    return `${file}, ${amount(bytes)}: ${list === '' ? 'mapped by a process of another user or container' : list}`;
  });
  const unseen = hidden === 0 ? '' : `; ${plural(hidden, 'process', 'processes')} of others could not be looked into`;
  const text = [`${plural(pools.length, 'pool')} in use${unseen}`, ...lines].join('\n');
  return { check: 'pools', status: 'ok', text, facts: { pools, hidden } };
}
