// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// Reads a Parquet file in a thread of its own: a file that makes the decoder panic ends this thread and nothing else.
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { DescriptorBlob } from './descriptor-blob.js';
import type { ParquetAnswer, ParquetJob, ParquetRequest } from './messages.js';

// Before the module is there: what it may take, in pages of 64 KiB. A row group is read whole.
setFlagsFromString('--wasm-max-mem-pages=16384');
const { ParquetFile } = await import('parquet-wasm');

interface WasmBatch {
  readonly numRows: number;
  /** Takes the batch. */
  intoIPCStream(): Uint8Array<ArrayBuffer>;
}

const { fd, size } = workerData as ParquetJob;
let file: Awaited<ReturnType<typeof ParquetFile.fromFile>> | undefined;
let batches: AsyncIterator<WasmBatch> | undefined;

parentPort?.on('message', async (request: ParquetRequest) => {
  try {
    send(await answer(request));
  } catch (error) {
    send({ kind: 'error', message: error instanceof Error ? error.message : String(error) });
  }
});

async function answer(request: ParquetRequest): Promise<ParquetAnswer> {
  if (request === 'open') {
    file = await ParquetFile.fromFile(new DescriptorBlob(fd, 0, size) as unknown as Blob);
    const metadata = file.metadata();
    // The roots of the paths of all leaves; without a row group there is nothing to choose from.
    const leaves = metadata.numRowGroups() === 0 ? [] : metadata.rowGroup(0).columns();
    const columns = [...new Set(leaves.map((leaf) => leaf.columnPath()[0] as string))];
    return { kind: 'opened', columns, rows: metadata.fileMetadata().numRows() };
  }
  if (request !== 'next') {
    const { batchRows: batchSize, columns } = request;
    const stream = await file?.stream({ batchSize, ...(columns !== undefined && { columns: [...columns] }) });
    batches = (stream as unknown as AsyncIterable<WasmBatch>)[Symbol.asyncIterator]();
    return { kind: 'reading' };
  }
  const next = await batches?.next();
  return next === undefined || next.done === true
    ? { kind: 'end' }
    : { kind: 'batch', ipc: next.value.intoIPCStream() };
}

function send(message: ParquetAnswer): void {
  parentPort?.postMessage(message, 'ipc' in message ? [message.ipc.buffer as ArrayBuffer] : []);
}
