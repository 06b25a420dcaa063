// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// Our peers, over TCP or shared memory.
import { setTimeout } from 'node:timers/promises';
import { Config, CongestionControl, CoreError, Reliability, Session, ShmProvider } from '@zenoh-segments/core';
import { peerArguments, say, serve } from './commands.mjs';
import { sendAll } from './pace.mjs';
import { Tally } from './tally.mjs';

const KEY = 'bench/payload';
const { role, link, size, place } = peerArguments();

/** @param {Session} session */
async function publish(session) {
  const publisher = await session.declarePublisher(KEY, {
    congestionControl: CongestionControl.BLOCK,
    reliability: Reliability.RELIABLE,
  });
  let sent = 0;
  const send = link === 'shm' ? sharedMemory() : heap();
  await serve({
    probe: () => publisher.put('?'),
    send: async (count) => {
      await sendAll(count, (number) => send(publisher, number));
      sent += count;
    },
  });
  say(`total ${JSON.stringify({ count: sent, ledger: publisher.ledger.snapshot() })}`);
}

/** One payload for all messages. @returns {(publisher: import('@zenoh-segments/core').Publisher) => Promise<unknown>} */
function heap() {
  const payload = new Uint8Array(size).fill(7);
  return (publisher) => publisher.put(payload);
}

/** A fresh chunk for each message, written in place. */
function sharedMemory() {
  // The same as in rust/src/publisher.rs.
  const pool = new ShmProvider({ size: Math.max(64 << 20, size * 8) });
  /** @param {import('@zenoh-segments/core').Publisher} publisher @param {number} number */
  return async (publisher, number) => {
    const chunk = await room(pool);
    new DataView(chunk.bytes.buffer).setBigUint64(0, BigInt(number), true);
    await publisher.put(chunk.bytes);
    chunk[Symbol.dispose]();
  };
}

/** What the Rust peer's `BlockOn` policy does: it tries once a millisecond. @param {ShmProvider} pool */
async function room(pool) {
  for (;;) {
    try {
      return pool.alloc(size);
    } catch (error) {
      if (!(error instanceof CoreError) || error.code !== 'SHM_EXHAUSTED') throw error;
      await setTimeout(1);
    }
  }
}

/** @param {Session} session */
async function subscribe(session) {
  const tally = new Tally();
  let touched = 0;
  const subscriber = await session.declareSubscriber(KEY, {
    bounds: { policy: 'block' },
    handler: (sample) => {
      const payload = sample.payload();
      touched += payload.segments()[0]?.[0] ?? 0;
      tally.receive(payload.length, sample.isShm());
      sample[Symbol.dispose]();
    },
  });
  await serve({ expect: (count) => tally.expect(count) });
  tally.total({ touched, ledger: subscriber.ledger.snapshot() });
}

const session = await Session.open(Config.fromJson5(place));
await (role === 'publisher' ? publish(session) : subscribe(session));
await session.close();
