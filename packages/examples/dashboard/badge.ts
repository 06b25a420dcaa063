// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { ConnectionEvent, Session } from '@zenoh-segments/core';
import { element } from './element.js';

const badge = element('badge');

function show(state: 'connecting' | 'connected' | 'reconnecting' | 'closed', text: string): void {
  badge.dataset.state = state;
  badge.textContent = text;
}

const milliseconds = (gap: number) => `${Math.round(gap).toLocaleString('en')} ms`;

export function showWaiting(error: Error): void {
  show('connecting', `No connection: ${error.message}`);
}

/** Says what happens to the connection, from now until the session ends. */
export async function watchConnection(session: Session): Promise<void> {
  const tell = (event: ConnectionEvent) => {
    if (event.kind === 'lost') show('reconnecting', 'Connection lost, reconnecting');
    else if (event.kind === 'failed') show('reconnecting', `Reconnecting, attempt ${event.attempt} failed`);
    else if (event.kind === 'restored') show('connected', `Connected, after a gap of ${milliseconds(event.gap)}`);
    else show('closed', `Given up: ${event.error.message}`);
  };
  await session.connectionListener({ handler: tell });
  show('connected', 'Connected');
}
