// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Payloads from one thread to another by handOver and takeOver. Prints what was seen, as one line of JSON.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { alloc, handOver, ShmProvider, takeOver, ZBytes } from '@zenoh-segments/core';
import { addon } from '../../../packages/core/dist/native/load.js';
import { openSession } from './common.mjs';

const [mode, port] = process.argv.slice(2);
const waiting = () => addon().counters().handedOver;
const start = (task) => new Worker(new URL(import.meta.url), { argv: [mode, port], workerData: task });
const answer = async (worker) => (await once(worker, 'message'))[0];

function refusal(run) {
  try {
    run();
    return 'none';
  } catch ({ code }) {
    return code;
  }
}

const main = {
  /** Native memory goes by reference, both ways. */
  async share() {
    const native = alloc(1_000_000);
    native.bytes.fill(1);
    const payload = ZBytes.fromSegments([native.bytes.subarray(0, 999_000), Uint8Array.of(5, 6)]);
    const worker = start('change');
    worker.postMessage(handOver(payload));
    const { length, copied, back, regions } = await answer(worker);
    const returned = takeOver(back);
    const again = refusal(() => takeOver(back));
    // What the worker wrote is seen here: it is the same memory; the copied segment came back as the worker left it.
    const seen = [native.bytes[0], returned.segments()[0][0], ...returned.segments()[1]];
    returned.assertZeroCopy();
    worker.postMessage('end');
    await once(worker, 'exit');
    // The worker's environment is gone; what it handed over and was taken over lives.
    const after = returned.segments()[0][998_999];
    const sent = payload.ledger.snapshot().reasons;
    return { length, copied, regions, seen, again, sent, after, waiting: waiting() };
  },

  /** A payload from the network: the worker reads it after it was disposed here. */
  async received() {
    const listener = await openSession({ listen: port });
    const sender = await openSession({ connect: port });
    const worker = start('sum');
    let sample;
    await listener.declareSubscriber('demo/**', {
      handler: (first) => {
        sample ??= first;
      },
    });
    const source = new Uint8Array(300_000).fill(2);
    while (sample === undefined) {
      await sender.put('demo/a', source);
      await new Promise(setImmediate);
    }
    const payload = sample.payload();
    const segments = payload.segmentCount;
    const ticket = handOver(payload);
    payload.assertZeroCopy();
    payload[Symbol.dispose]();
    worker.postMessage(ticket);
    const told = await answer(worker);
    await Promise.all([listener.close(), sender.close(), once(worker, 'exit')]);
    return { ...told, sameSegments: told.segments === segments, waiting: waiting() };
  },

  /** Shared memory still goes by descriptor from the worker's session. */
  async shm() {
    const listener = await openSession({ listen: port });
    const samples = [];
    await listener.declareSubscriber('demo/**', { handler: (sample) => samples.push(sample) });
    const pool = new ShmProvider({ size: 2_000_000 });
    const chunk = pool.alloc(1_000_000);
    chunk.bytes.fill(4);
    const worker = start('publish');
    worker.postMessage(handOver(ZBytes.fromSegments([chunk.bytes])));
    while (samples.length === 0) await new Promise(setImmediate);
    worker.postMessage('end');
    await once(worker, 'exit');
    const payload = samples[0].payload();
    await listener.close();
    return { pool: pool.size, isShm: samples[0].isShm(), length: payload.length, byte: payload.segments()[0][999_999] };
  },

  /** A receiver that is terminated before it took over: the payload waits, and the sender takes it back. */
  async receiverGone() {
    const worker = start('deaf');
    await once(worker, 'online');
    const ticket = handOver(new ZBytes('kept'));
    worker.postMessage(ticket);
    await worker.terminate();
    const before = waiting();
    const text = takeOver(ticket).toString();
    return { before, text, waiting: waiting() };
  },

  /** A sender that ends, or is terminated, before anybody took over: its payloads are let go. */
  async senderGone() {
    const results = [];
    for (const how of ['end', 'terminate']) {
      const worker = start('give');
      const ticket = await answer(worker);
      const before = waiting();
      if (how === 'end') {
        worker.postMessage('end');
        await once(worker, 'exit');
      } else await worker.terminate();
      results.push({ before, after: waiting(), refusal: refusal(() => takeOver(ticket)) });
    }
    return { results };
  },
};

const worker = {
  async change() {
    const payload = takeOver(await answer(parentPort));
    const [native, copy] = payload.segments();
    native[0] = 77;
    copy[0] = 78;
    const { regions } = addon().counters();
    parentPort.postMessage({ length: payload.length, copied: payload.ledger.copied, regions, back: handOver(payload) });
    await answer(parentPort);
  },
  async sum() {
    const payload = takeOver(await answer(parentPort));
    const sum = payload.segments().reduce((total, part) => total + part.reduce((a, b) => a + b, 0), 0);
    parentPort.postMessage({ sum, segments: payload.segmentCount, copied: payload.ledger.copied });
  },
  async publish() {
    const payload = takeOver(await answer(parentPort));
    const session = await openSession({ connect: port });
    let ended = false;
    parentPort.once('message', () => {
      ended = true;
    });
    while (!ended) {
      await session.put('demo/chunk', payload);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await session.close();
  },
  deaf: () => new Promise((resolve) => setTimeout(resolve, 600_000)),
  async give() {
    parentPort.postMessage(handOver(new ZBytes(new Uint8Array(100_000))));
    await answer(parentPort);
  },
};

if (isMainThread) console.log(JSON.stringify(await main[mode]()));
else {
  await worker[workerData]();
  parentPort.close();
}
