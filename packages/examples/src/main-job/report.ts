// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { LedgerSnapshot } from '@zenoh-segments/core';
import Table from 'cli-table3';
import { nameOf } from './job.js';
import type { Result } from './run.js';

const PLAIN = { head: [], border: [], compact: true };

/** Why a reason shows up, in words. */
const WHY: Readonly<Record<string, string>> = {
  convert: 'parsed values written into native memory',
  gather: 'pieces of 64 KiB joined',
  misaligned: 'moved to an aligned place',
  small: 'small payload taken out of its receive buffer',
};

export function firstRows({ received }: Result): string {
  const table = new Table({ head: [...received.names], style: PLAIN });
  table.push(...received.firstRows.map((row) => [...row]));
  return table.toString();
}

export function resultTable(results: readonly Result[]): string {
  const right = 'right' as const;
  const table = new Table({
    head: ['input', 'path', 'batches', 'rows', 'MB', 'MB/s', 'copied by sender', 'copied by receiver'],
    colAligns: ['left', 'left', right, right, right, right, 'left', 'left'],
    style: PLAIN,
  });
  for (const { job, published, received } of results) {
    table.push([
      nameOf(job),
      job.path,
      received.batches.toLocaleString('en-US'),
      received.rows.toLocaleString('en-US'),
      (received.bytes / 1e6).toFixed(1),
      (received.timedBytes / 1e6 / received.seconds).toFixed(0),
      copies(published.ledger),
      copies(received.ledger),
    ]);
  }
  return table.toString();
}

function copies({ copied, reasons }: LedgerSnapshot): string {
  if (copied === 0) return '0 bytes';
  return Object.entries(reasons)
    .map(([reason, bytes]) => `${bytes.toLocaleString('en-US')} bytes, ${reason}:\n${WHY[reason] ?? 'unexpected'}`)
    .join('\n');
}
