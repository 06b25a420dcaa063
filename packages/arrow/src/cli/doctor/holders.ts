// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '../cli-error.js';

/** A process that has a file mapped. */
export interface Holder {
  readonly pid: number;
  /** How it was started, cut short. */
  readonly command: string;
}

const MOST_CHARACTERS = 80;
const MAPPED = /\/dev\/shm\/(\S+\.zenoh)/g;

/** Linux: who maps zenoh's segment files, by the file's name. */
export interface Holders {
  readonly byFile: ReadonlyMap<string, readonly Holder[]>;
  /** Processes that the system lets nobody look into, as those of other users. */
  readonly hidden: number;
}

export function shmHolders(): Holders {
  const byFile = new Map<string, Holder[]>();
  let hidden = 0;
  for (const entry of processes()) {
    const maps = read(`/proc/${entry}/maps`, () => hidden++);
    const files = new Set([...maps.matchAll(MAPPED)].map(([, file]) => file as string));
    if (files.size === 0) continue;
    const holder = { pid: Number(entry), command: commandOf(entry) };
    for (const file of files) byFile.set(file, [...(byFile.get(file) ?? []), holder]);
  }
  return { byFile, hidden };
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
}

function commandOf(pid: string): string {
  const command = read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
  return command.length <= MOST_CHARACTERS ? command : `${command.slice(0, MOST_CHARACTERS)}…`;
}

/** Empty when the process is gone, or not for us to see. */
function read(path: string, onRefused: () => void = () => {}): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['EACCES', 'EPERM'].includes(codeOf(error) ?? '')) onRefused();
    return '';
  }
}
