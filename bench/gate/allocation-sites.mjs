// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// Which functions allocate on a hot path: `node --expose-gc bench/gate/allocation-sites.mjs '<path>' [lines]`, paths as in paths.mjs.
import { Session } from 'node:inspector/promises';
import { openPaths } from './paths.mjs';

const STEPS = 5000;

const [name = '', lines = '25'] = process.argv.slice(2);
const { paths, close } = await openPaths();
const step = paths[name];
if (step === undefined) throw new Error(`${name} is none of ${Object.keys(paths).join('; ')}`);
for (let i = 0; i < STEPS; i++) await step();

const inspector = new Session();
inspector.connect();
const collected = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
await inspector.post('HeapProfiler.startSampling', { samplingInterval: 512, ...collected });
for (let i = 0; i < STEPS; i++) await step();
const { profile } = await inspector.post('HeapProfiler.stopSampling');

/** Bytes by function. @type {Map<string, number>} */
const sites = new Map();
/** @param {import('node:inspector').HeapProfiler.SamplingHeapProfileNode} node */
function add({ callFrame, selfSize, children }) {
  const { functionName, url, lineNumber } = callFrame;
  const site = `${functionName || '(anonymous)'} ${url.replace(/^.*\/(packages|node_modules|bench)\//, '$1/')}:${lineNumber + 1}`;
  sites.set(site, (sites.get(site) ?? 0) + selfSize);
  for (const child of children) add(child);
}
add(profile.head);
const sorted = [...sites].sort(([, a], [, b]) => b - a);
console.log(`${Math.round(sorted.reduce((sum, [, bytes]) => sum + bytes, 0) / STEPS)} bytes per step, of which`);
for (const [site, bytes] of sorted.slice(0, Number(lines)))
  console.log(`${Math.round(bytes / STEPS)}`.padStart(6), site);
inspector.disconnect();
await close();
