// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { type ChannelReceiver, type Query, type Reply, Sample, type Session } from '@zenoh-segments/core';

/** Every reply of a get. */
export async function all(receiver: ChannelReceiver<Reply> | undefined): Promise<Reply[]> {
  const replies: Reply[] = [];
  for await (const reply of receiver ?? []) replies.push(reply);
  return replies;
}

export function sampleOf(reply: Reply | undefined): Sample {
  const result = reply?.result();
  if (result instanceof Sample) return result;
  throw new Error(`not a sample: ${result?.payload().toString()}`);
}

/** Asks until the queryable is known: its declaration takes a moment to get to the asker. */
export async function known(session: Session, keyExpr: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while ((await all(await session.get(keyExpr, { timeout: 1000 }))).length === 0) {
    if (performance.now() > deadline) throw new Error(`nobody answered on ${keyExpr} within 10 s`);
  }
}

export async function answering(
  session: Session,
  keyExpr: string,
  answer: (query: Query) => Promise<void>,
): Promise<void> {
  await session.declareQueryable(keyExpr, {
    handler: async (query) => {
      await answer(query);
      await query.finalize();
    },
  });
}
