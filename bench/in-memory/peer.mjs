// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { createInterface } from 'node:readline';
import { measure } from 'mitata';

/**
 * What is timed (`run`), and how its last result is read afterwards: to the sum of the row.
 *
 * @typedef {{ run: () => unknown, sum: () => number }} Job
 */

const WARM_RUNS = 20_000;
const WARM_SECONDS = 1.5;

/**
 * Answers each line `measure {"row", "size", "seconds"}` of stdin with `measured {"us", "sum"}` or `measured {"failure"}`,
 * until `quit`.
 *
 * @param {Record<string, (size: number) => Job>} jobs by the ids of the rows
 */
export async function serveJobs(jobs) {
  /** The job of the last request, and which it was: those of 16 MiB are not kept. @type {{ job: Job, of: string } | undefined} */
  let current;
  /** @param {{ row: string, size: number, seconds: number }} request */
  const answer = async ({ row, size, seconds }) => {
    const of = `${row} ${size}`;
    if (current?.of !== of) {
      current = { job: /** @type {NonNullable<typeof jobs[string]>} */ (jobs[row])(size), of };
      // Until its code was compiled for good, a job takes several times as long.
      warm(current.job);
    }
    const us = await timed(current.job, seconds);
    return { us, sum: current.job.sum() };
  };
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'quit') break;
    const request = JSON.parse(line.slice('measure '.length));
    const said = await answer(request).catch((error) => ({ failure: String(error.message) }));
    console.log(`measured ${JSON.stringify(said)}`);
  }
}

/** A job that keeps its last result. @template T @param {() => T} run @param {(result: T) => number} sum @returns {Job} */
export function kept(run, sum) {
  /** @type {T} */
  let last;
  return {
    run: () => {
      last = run();
    },
    sum: () => sum(last),
  };
}

/** @param {Uint8Array} bytes @param {number} offset */
export function moved(bytes, offset) {
  const memory = new Uint8Array(bytes.byteLength + offset);
  memory.set(bytes, offset);
  return memory.subarray(offset);
}

/** As a network cuts: slices of 64 KiB, each in memory of its own. @param {Uint8Array} bytes */
export function cut(bytes) {
  const slices = [];
  for (let at = 0; at < bytes.byteLength; at += 65_536) slices.push(bytes.slice(at, at + 65_536));
  return slices;
}

/** Long enough for the compilers, whose threads may have to wait for a CPU. @param {Job} job */
function warm({ run }) {
  const end = cpuTime() + WARM_SECONDS * 1e9;
  for (let runs = 0; runs < WARM_RUNS && cpuTime() < end; runs++) run();
}

/**
 * Microseconds of CPU time, the median of the samples. Without mitata's collection of garbage before each: it drops the
 * hidden classes that no object has at that moment, and by that the compiled code.
 *
 * @param {Job} job @param {number} seconds
 */
async function timed({ run }, seconds) {
  const options = { now: cpuTime, gc: () => {}, min_cpu_time: seconds * 1e9, batch_samples: 64, min_samples: 5 };
  const { p50 } = await measure(run, options);
  return p50 / 1000;
}

/** Nanoseconds. */
function cpuTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}
