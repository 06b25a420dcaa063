// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { isMainThread } from 'node:worker_threads';

// A signal that kills a process runs nothing at its end, and zenoh's files would stay in /dev/shm. While a session is open,
// or a pool of shared memory lives, the signals that end a program by default end it through `process.exit` instead, unless
// somebody else listens.
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const handlers = Object.entries(SIGNALS).map(([name, code]) => {
  const signal = name as NodeJS.Signals;
  const handler = () => {
    // Others who defer to listeners besides themselves (signal-exit, a second copy of this package) must not see this one.
    process.off(signal, handler);
    if (process.listenerCount(signal) === 0) process.exit(code);
    // Somebody else decides; when the process goes on, so do we.
    setImmediate(() => {
      if (open > 0) process.prependListener(signal, handler);
    });
  };
  return [signal, handler] as const;
});

let open = 0;

/** Also for a pool, which has a file as a session has. */
export function sessionOpened(): void {
  if (!isMainThread || open++ > 0) return;
  for (const [signal, handler] of handlers) process.prependListener(signal, handler);
}

export function sessionClosed(): void {
  if (!isMainThread || --open > 0) return;
  for (const [signal, handler] of handlers) process.off(signal, handler);
}
