// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Ledger } from '@zenoh-segments/core';
import { element } from './element.js';

const bytes = (count: number) => `${count.toLocaleString('en')} B`;

/** Shows what was carried and copied by all of a session, and by one subscriber of it. */
export function showBytes(session: Ledger, subscriber: Ledger): void {
  element('received').textContent = bytes(subscriber.carried);
  element('copied-in').textContent = bytes(subscriber.copied);
  element('carried').textContent = bytes(session.carried);
  element('copied').textContent = bytes(session.copied);
  const reasons = Object.entries(session.snapshot().reasons).map(([reason, count]) => `${reason} ${bytes(count)}`);
  element('reasons').textContent = reasons.join(', ');
}
