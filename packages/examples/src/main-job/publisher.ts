// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The publishing process of a job: reads the input again for every round, and sends it batch by batch.
import { createReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ARROW_STREAM_MEDIA_TYPE, layoutBatch, writeBatch } from '@zenoh-segments/arrow';
import { readCsv } from '@zenoh-segments/arrow/csv';
import { openArrowFile } from '@zenoh-segments/arrow/file';
import { alloc, CongestionControl, type NativeBuffer, Session, ShmProvider, ZBytes } from '@zenoh-segments/core';
import { configOf, isCsv, type Job, jobOfThisProcess, KEY, tell } from './job.js';
import { mappedShmFiles } from './shm-files.js';

/** Small enough for the usual limit of 8 MiB of locked memory (`ulimit -l`), zenoh's own segments included. */
const POOL_BYTES = 6 * 2 ** 20;
const LARGEST_BATCH = 2 * 2 ** 20;

const job = jobOfThisProcess();
const pool = job.path === 'SHM' ? new ShmProvider({ size: POOL_BYTES }) : undefined;
const session = await Session.open(configOf(job, 'connect'));
const publisher = await session.declarePublisher(KEY, {
  encoding: ARROW_STREAM_MEDIA_TYPE,
  congestionControl: CongestionControl.BLOCK,
});

// A subscription takes a moment to be known here: before, batches would go nowhere.
while (!(await publisher.matchingStatus()).matching()) await delay(10);

let batches = 0;
for (let round = 0; round < job.rounds; round++) {
  for await (const payload of isCsv(job) ? csvPayloads(job) : arrowPayloads(job)) {
    await publisher.put(payload);
    batches++;
  }
}
if (pool !== undefined) await room(pool, POOL_BYTES - 2 ** 16);
const shmFiles = mappedShmFiles();
// Flushes what is still on its way.
await session.close();
tell({ kind: 'published', batches, ledger: publisher.ledger.snapshot(), shmFiles });

/** The system reads each batch straight into the memory it is sent from: a shared chunk, or a block of native heap. */
async function* arrowPayloads({ file }: Job): AsyncGenerator<ZBytes> {
  using source = openArrowFile(file);
  for (let index = 0; index < source.batchCount; index++) {
    if (pool !== undefined) await room(pool, LARGEST_BATCH);
    const buffers: NativeBuffer[] = [];
    const segments = source.readBatchInto(index, (size) => {
      const buffer = pool?.alloc(size) ?? alloc(size);
      buffers.push(buffer);
      return buffer.bytes;
    });
    yield ZBytes.fromSegments(segments);
    for (const buffer of buffers) buffer[Symbol.dispose]();
  }
}

/** Parsed values are written once into native memory, a shared chunk or heap, and counted. */
async function* csvPayloads({ file }: Job): AsyncGenerator<ZBytes> {
  for await (const batch of readCsv(createReadStream(file))) {
    const layout = layoutBatch(batch);
    if (pool !== undefined) await room(pool, LARGEST_BATCH);
    using chunk = pool?.alloc(layout.byteLength) ?? alloc(layout.byteLength);
    writeBatch(chunk.bytes, layout, publisher.ledger);
    yield ZBytes.fromSegments([chunk.bytes]);
  }
}

/** Waits until the subscriber gave enough of the pool back. */
async function room(provider: ShmProvider, bytes: number): Promise<void> {
  for (;;) {
    try {
      provider.alloc(bytes)[Symbol.dispose]();
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'SHM_EXHAUSTED') throw error;
      await delay(1);
    }
  }
}
