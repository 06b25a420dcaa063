// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// Counts what the hot paths allocate, as `{"<path>": <bytes of heap per step>}`. Started by allocations.mjs, with V8's flags.
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { quantile } from 'simple-statistics';
import { openPaths } from './paths.mjs';

const WARM = 1000;
const STEPS = 100;
const TRIES = 20;

const collections = new PerformanceObserver(() => {});
collections.observe({ entryTypes: ['gc'] });

/** @param {import('./paths.mjs').Step} step @param {number} count */
async function repeat(step, count) {
  for (let i = 0; i < count; i++) await step();
}

/** Bytes per step, if nothing was collected meanwhile. @param {import('./paths.mjs').Step} step */
async function once(step) {
  globalThis.gc?.();
  await setImmediate();
  collections.takeRecords();
  const before = process.memoryUsage().heapUsed;
  await repeat(step, STEPS);
  const grown = process.memoryUsage().heapUsed - before;
  await setImmediate();
  return collections.takeRecords().length > 0 ? [] : [grown / STEPS];
}

const { paths, close } = await openPaths();
/** @type {Record<string, number>} */
const told = {};
for (const [name, step] of Object.entries(paths)) {
  await repeat(step, WARM);
  const tries = [];
  for (let i = 0; i < TRIES; i++) tries.push(...(await once(step)));
  if (tries.length === 0) throw new Error(`${name}: garbage was collected each time`);
  // What else the process does now and then only adds.
  told[name] = quantile(tries, 0.25);
}
console.log(JSON.stringify(told));
await close();
