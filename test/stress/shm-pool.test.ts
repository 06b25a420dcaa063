// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// What becomes of shared-memory chunks when things go wrong: the facts behind ARCHITECTURE.md's decisions.
import { expect, test } from '@jest/globals';
import { CongestionControl, type NativeBuffer, Session, ShmProvider, ZBytes } from '@zenoh-segments/core';
import { matched } from '../support/matched.js';
import { type Program, program } from '../support/program.js';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';

const CHUNK = 64;
/** The reader stands still for most of the time, so that puts drop their messages. */
const STOPPED_MS = 1000;
const RUNNING_MS = 200;

async function withReader<T>(mode: string, run: (session: Session, reader: Program) => Promise<T>): Promise<T> {
  const port = await freePort();
  const config = listening(port);
  // The system's buffers would take most of the messages of a stop.
  config.insertJson5('transport/link/tcp/so_sndbuf', '65536');
  // A stopped reader must not be given up: what is on its way then is lost, whatever it holds.
  config.insertJson5('transport/link/tx/lease', '300000');
  const session = await Session.open(config);
  try {
    const reader = program(import.meta.url, 'shm-reader', [String(port), mode]);
    await reader.says('reading');
    await matched(session, 'stress/shm');
    return await run(session, reader);
  } finally {
    await session.close();
  }
}

async function receivedBy(reader: Program): Promise<number> {
  reader.stdout = '';
  reader.child.kill('SIGUSR2');
  await reader.says(' end');
  return Number(/received (\d+) end/.exec(reader.stdout)?.[1]);
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

interface Load {
  readonly puts: number;
  /** Of each message. */
  readonly chunks: number;
  /** Bytes: one descriptor alone would hardly fill the network. */
  readonly attachment: number;
}

/** Puts messages at a reader that mostly stands still; tells how many arrived. */
async function congest(pool: ShmProvider, { puts, chunks, attachment }: Load): Promise<number> {
  return withReader('drain', async (session, reader) => {
    const publisher = await session.declarePublisher('stress/shm', { congestionControl: CongestionControl.DROP });
    const options = attachment === 0 ? {} : { attachment: new Uint8Array(attachment) };
    let [stopped, since] = [false, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < puts; i++) {
      if (performance.now() - since > (stopped ? STOPPED_MS : RUNNING_MS)) {
        reader.child.kill(stopped ? 'SIGCONT' : 'SIGSTOP');
        [stopped, since] = [!stopped, performance.now()];
      }
      const memory: NativeBuffer[] = [];
      for (let part = 0; part < chunks; part++) memory.push(pool.alloc(CHUNK));
      await publisher.put(ZBytes.fromSegments(memory.map(({ bytes }) => bytes)), options);
      for (const chunk of memory) chunk[Symbol.dispose]();
      if (i % 200 === 0) await turn();
    }
    reader.child.kill('SIGCONT');
    let received = -1;
    let used = -1;
    await settled(async () => {
      const before = [received, used].join();
      received = await receivedBy(reader);
      pool.garbageCollect();
      used = pool.stats().used;
      return before === [received, used].join();
    });
    // One that cannot be dropped comes after all that were not.
    const last = pool.alloc(CHUNK);
    await session.put('stress/shm', last.bytes, { congestionControl: CongestionControl.BLOCK });
    last[Symbol.dispose]();
    await counts(reader, received + 1);
    pool.garbageCollect();
    return received;
  });
}

async function counts(reader: Program, count: number): Promise<void> {
  while ((await receivedBy(reader)) < count) await turn();
}

/** Waits until a look at the world gives the same ten times in a row. */
async function settled(same: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (let times = 0; times < 10; ) {
    times = (await same()) ? times + 1 : 0;
    if (performance.now() > deadline) throw new Error('the receiver did not come to rest in 20 s');
    await turn();
  }
}

test('one chunk for each message: a pool is whole again after 100,000 congested puts', async () => {
  const pool = new ShmProvider({ size: 64 * 2 ** 20 });
  const received = await congest(pool, { puts: 100_000, chunks: 1, attachment: 400 });
  expect(received).toBeGreaterThan(1000);
  // Without losses this would prove nothing.
  expect(received).toBeLessThan(100_000);
  // zenoh's thread in the reader may let go of the last one a moment after JavaScript has read it.
  await until('every chunk is back', () => {
    pool.garbageCollect();
    return pool.stats().chunks === 0;
  });
  expect(pool.stats()).toMatchObject({ allocations: 100_001, available: pool.size, forcedCollections: 0 });
});

// zenoh counts a reference for each chunk while it writes a message, and takes the bytes of a message that does not fit
// back without the references: some chunks of a few messages are never free again. How many is chance, so it is only told.
test('many chunks for each message: what congestion leaks comes back by force', async () => {
  const pool = new ShmProvider({ size: 128 * 2 ** 20 });
  const received = await congest(pool, { puts: 50_000, chunks: 16, attachment: 0 });
  expect(received).toBeGreaterThan(1000);
  expect(received).toBeLessThan(50_000);
  process.stderr.write(`${pool.stats().chunks} of ${pool.stats().allocations} chunks leaked\n`);
  await until('every chunk is back', () => {
    pool.garbageCollect({ force: true });
    return pool.stats().used === 0;
  });
});

test('what a killed subscriber held stays lost until it is taken by force', async () => {
  const pool = new ShmProvider({ size: 2 ** 20 });
  await withReader('hold', async (session, reader) => {
    for (let i = 0; i < 10; i++) {
      using chunk = pool.alloc(50_000);
      await session.put('stress/shm', chunk.bytes, { congestionControl: CongestionControl.BLOCK });
    }
    await counts(reader, 10);
    pool.garbageCollect();
    expect(pool.stats().chunks).toBe(10);
    // The living reader says that it lives: force takes nothing from it, however often.
    const patient = performance.now() + 500;
    while (performance.now() < patient) {
      expect(pool.garbageCollect({ force: true })).toBe(0);
      await turn();
    }
    reader.child.kill('SIGKILL');
    await new Promise((resolve) => reader.child.once('close', resolve));
    await expect(pool.allocAsync(900_000, { timeout: 500 })).rejects.toMatchObject({ code: 'SHM_EXHAUSTED' });
    expect(pool.stats().chunks).toBe(10);
    await until('the dead reader is noticed', () => pool.garbageCollect({ force: true }) > 0);
    expect(pool.stats()).toMatchObject({ chunks: 0, available: pool.size });
    expect((await pool.allocAsync(900_000, { timeout: 500 })).size).toBe(900_000);
  });
});
