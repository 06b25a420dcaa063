// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { readFileSync } from 'node:fs';

/** Clock ticks per second in which Linux counts processor time, on every platform that Node runs on. */
const TICKS = 100;

/**
 * Processor time that a process has used so far, user and system, all threads, in seconds; undefined where there is no /proc.
 *
 * @param {number | undefined} pid
 */
export function cpuSeconds(pid) {
  const fields = read(pid, 'stat')?.split(') ').at(-1)?.split(' ');
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The most memory that a process had at a time, in bytes, shared memory that it mapped included. @param {number | undefined} pid */
export function peakBytes(pid) {
  const text = /^VmHWM:\s+(\d+) kB$/m.exec(read(pid, 'status') ?? '')?.[1];
  return text === undefined ? undefined : Number(text) * 1024;
}

/** @param {number | undefined} pid @param {string} file */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // No Linux, or the process has ended: there is no figure.
    return undefined;
  }
}
