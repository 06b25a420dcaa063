// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { freePort } from '../support/sessions.js';
import { HANG_MS, until } from '../support/until.js';
import { Cli, connect } from './cli.js';
import { withFolder } from './data.js';
import { copyReasons } from './published.js';

const MB = 1e6;

/** Writes CSV of about so many bytes; returns its rows. */
function writeCsv(path: string, bytes: number): number {
  const fd = openSync(path, 'w');
  const text = 'some text that makes the line longer, '.replaceAll(',', ';').repeat(3);
  let rows = 0;
  writeSync(fd, 'id,value,note\n');
  for (let written = 0; written < bytes; ) {
    const lines = Array.from({ length: 4096 }, () => `${++rows},${rows / 8},${text}${rows % 97}`);
    written += writeSync(fd, `${lines.join('\n')}\n`);
  }
  closeSync(fd);
  return rows;
}

/** The most memory that the process had so far, as Linux tells; 0 once it is gone. */
function peakOf(pid: number): number {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}

// Its rows alone, parsed, are 300 MB; a file of 2 GB takes no more than this one does.
test('a CSV file of 60 MB goes through in less memory than it would take', () =>
  withFolder(async (folder) => {
    const path = `${folder}/big.csv`;
    const rows = writeCsv(path, 60 * MB);
    const args = ['pub', '-k', 'a', '--json', ...connect(await freePort()), path];
    await Cli.with(args, async (pub) => {
      let peak = 0;
      const gone = () => {
        peak = Math.max(peak, peakOf(pub.child.pid as number));
        return pub.child.exitCode !== null;
      };
      await until('it ends', gone, HANG_MS);
      const ended = await pub.ended();
      expect(ended).toMatchObject({ code: 0, summary: { rows } });
      expect(copyReasons(ended)).toEqual([]);
      expect(peak).toBeGreaterThan(0);
      expect(peak).toBeLessThan(300 * MB);
    });
  }));
