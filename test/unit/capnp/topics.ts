// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What the tests of topics over real sessions share.
import { structCodec, type TypedPublisherOptions, topic } from '@zenoh-segments/capnp';
import { CongestionControl, type Session } from '@zenoh-segments/core';
import { native } from '../../conformance/native.js';
import { embedded, overWebSocket } from '../../conformance/websocket.js';
import { Telemetry } from '../../golden/capnp/telemetry.js';
import { matched } from '../../support/matched.js';

export const codec = structCodec(Telemetry);
export const robots = topic(codec, { key: 'robots/{robot}/telemetry', congestionControl: CongestionControl.BLOCK });
export const BACKENDS = [
  ['native', native],
  ['websocket', overWebSocket(embedded)],
] as const;

/** Fills in one field. */
export const named = (name: string) => (root: Telemetry) => {
  root.name = name;
};
export const numbered = (sequence: bigint) => (root: { sequence: bigint }) => {
  root.sequence = sequence;
};

export const RELIABLY = { congestionControl: CongestionControl.BLOCK };

/** A publisher that knows of a subscriber. */
export async function publisherTo(
  session: Session,
  params: { robot: string | number },
  options: TypedPublisherOptions = {},
) {
  const publisher = await robots.declarePublisher(session, params, options);
  await matched(session, publisher.publisher.keyExpr().toString());
  return publisher;
}

export async function unmatched(session: Session, key: string): Promise<void> {
  const publisher = await session.declarePublisher(key);
  const deadline = performance.now() + 10_000;
  while ((await publisher.matchingStatus()).matching()) {
    if (performance.now() > deadline) throw new Error(`somebody still subscribes to ${key} after 10 s`);
  }
  await publisher.undeclare();
}
