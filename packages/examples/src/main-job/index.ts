// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// The main job: real tables go from one process to another on this machine, over shared memory and over TCP. Every value
// that arrives is verified, and every copied byte is told.
import { createServer } from 'node:net';
import { broken } from './expectations.js';
import { dataset, type Job, nameOf, type Path } from './job.js';
import { firstRows, resultTable } from './report.js';
import { type Result, run } from './run.js';

/** The Arrow file is one batch of 1.6 MB: once would measure nothing. Each round of CSV is parsed anew. */
const INPUTS = [
  { file: dataset('flights-200k.arrow'), rounds: 100 },
  { file: dataset('zipcodes.csv'), rounds: 4 },
] as const;
const PATHS: readonly Path[] = ['SHM', 'TCP'];

console.log(
  'Two processes on this machine, one publishes, one subscribes. The data are real: npm package vega-datasets.',
);
let failed = false;
const results: Result[] = [];
for (const { file, rounds } of INPUTS) {
  for (const path of PATHS) {
    const job: Job = { file, rounds, path, port: await freePort() };
    process.stdout.write(`${nameOf(job)}, ${rounds} times, over ${path} ... `);
    try {
      const result = await run(job);
      results.push(result);
      const faults = broken(result);
      console.log(
        `${result.received.valuesCompared.toLocaleString('en-US')} values of the first round equal an independent reading, ` +
          'the other rounds equal the first byte by byte',
      );
      for (const fault of faults) console.error(`  FAILED: ${fault}`);
      if (path === PATHS[0]) console.log(`The first rows as they arrived:\n${firstRows(result)}`);
      failed ||= faults.length > 0;
    } catch (error) {
      console.log();
      console.error(`  FAILED: ${(error as Error).message}`);
      failed = true;
    }
  }
}
console.log(resultTable(results));
console.log(
  'MB/s: from the second round on, reading, sending, receiving and comparing each byte included; for CSV, parsing too, which is what limits it.',
);
console.log(
  failed ? 'FAILED: see above.' : 'Everything arrived as it was read, and nothing was copied but what the table says.',
);
process.exitCode = failed ? 1 : 0;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
