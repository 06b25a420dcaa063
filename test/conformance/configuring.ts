// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Config, Sample, Session } from '@zenoh-segments/core';
import { connecting, freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import type { Pair } from './case.js';

/** Two more sessions, whose configurations the case changes first. */
export async function configured(
  { join }: Pair,
  change: (listener: Config, connector: Config) => void,
  run: (listener: Session, connector: Session) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const configs = [listening(port), connecting(port)] as const;
  change(...configs);
  const listener = await join(configs[0]);
  const connector = await join(configs[1]);
  await run(listener.session, connector.session);
  await connector.leave();
  await listener.leave();
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
