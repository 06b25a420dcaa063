// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { isMainThread } from 'node:worker_threads';

// A signal that kills a process runs nothing at its end, and zenoh's files would stay in /dev/shm. While a session is
// open, the signals that end a program by default end it through `process.exit` instead.
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const handlers = Object.entries(SIGNALS).map(([signal, code]) => {
  const handler = () => {
    // Whoever else listens decides what the signal means.
    if (process.listenerCount(signal) === 1) process.exit(code);
  };
  return [signal as NodeJS.Signals, handler] as const;
});

let open = 0;

export function sessionOpened(): void {
  if (!isMainThread || open++ > 0) return;
  for (const [signal, handler] of handlers) process.on(signal, handler);
}

export function sessionClosed(): void {
  if (!isMainThread || --open > 0) return;
  for (const [signal, handler] of handlers) process.off(signal, handler);
}
