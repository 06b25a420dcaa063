// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Publisher } from '@zenoh-segments/core';

/** Resolves when somebody subscribes to what the publisher publishes, or the signal is aborted. */
export async function matched(publisher: Publisher, signal: AbortSignal): Promise<void> {
  const listener = await publisher.matchingListener();
  const stop = () => void listener.undeclare();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    for await (const status of listener) if (status.matching()) return;
  } finally {
    signal.removeEventListener('abort', stop);
    await listener.undeclare();
  }
}
