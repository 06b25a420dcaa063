// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type Config, type Sample, Session } from '@zenoh-segments/core';
import { connecting, freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';

/** Two sessions whose configurations the case changes first, closed in the end. */
export async function configured(
  change: (listener: Config, connector: Config) => void,
  run: (listener: Session, connector: Session) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const configs = [listening(port), connecting(port)] as const;
  change(...configs);
  const listener = await Session.open(configs[0]);
  try {
    const connector = await Session.open(configs[1]);
    try {
      await run(listener, connector);
    } finally {
      await connector.close();
    }
  } finally {
    await listener.close();
  }
}

/** Puts until one sample came that is as wanted; what came before it goes by. */
export async function putUntil(
  from: Session,
  to: Session,
  key: string,
  payload: Uint8Array,
  wanted: (sample: Sample) => boolean,
): Promise<void> {
  let seen = false;
  const subscriber = await to.declareSubscriber(key, {
    handler: (sample) => {
      seen ||= wanted(sample);
    },
  });
  let puts: Promise<unknown> = Promise.resolve();
  await until(`a sample on ${key} is as wanted`, () => {
    if (!seen) puts = puts.then(() => from.put(key, payload));
    return seen;
  });
  await puts;
  await subscriber.undeclare();
}

/** The setting that makes zenoh copy large payloads into shared memory, and gives a session its pool. */
export const OPTIMIZATION = 'transport/shared_memory/transport_optimization/enabled';
