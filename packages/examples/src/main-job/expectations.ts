// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { CopyReason, LedgerSnapshot } from '@zenoh-segments/core';
import { isCsv } from './job.js';
import type { Result } from './run.js';

/** What is promised of a result and does not hold, in words; values were verified where they arrived. */
export function broken(result: Result): string[] {
  const { job, published, received } = result;
  const faults: string[] = [];
  const expect = (holds: boolean, text: string) => {
    if (!holds) faults.push(text);
  };
  expect(received.batches === published.batches, `${published.batches} batches were sent, ${received.batches} came`);
  expect(received.valuesCompared > 0, 'no value was compared');
  expect(result.leftOver.length === 0, `left in /dev/shm: ${result.leftOver.join(', ')}`);

  const sender = published.ledger;
  if (!isCsv(job)) expect(sender.copied === 0, `the sender copied ${told(sender)}; Arrow data needs no copy`);
  else {
    expect(
      only(sender, ['convert']),
      `the sender copied ${told(sender)}; CSV is written into native memory and no more`,
    );
    expect(sender.copied <= received.bytes, `the sender copied ${told(sender)}, more than once each byte`);
  }

  const { ledger } = received;
  if (job.path === 'SHM') {
    expect(ledger.copied === 0, `the receiver copied ${told(ledger)}; shared memory is read in place`);
    expect(received.inOnePiece === received.batches, `${received.inOnePiece} batches only came by shared memory`);
  } else {
    const reasons: CopyReason[] = ['gather', 'small', 'misaligned'];
    expect(only(ledger, reasons), `the receiver copied ${told(ledger)}; over TCP only ${reasons.join(', ')} are due`);
    expect(ledger.copied <= received.bytes, `the receiver copied ${told(ledger)}, more than once each byte`);
  }
  return faults;
}

function only(ledger: LedgerSnapshot, reasons: readonly string[]): boolean {
  return Object.keys(ledger.reasons).every((reason) => reasons.includes(reason));
}

function told(ledger: LedgerSnapshot): string {
  return `${ledger.copied} bytes (${Object.keys(ledger.reasons).join(', ')})`;
}
