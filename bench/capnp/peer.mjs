// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
// `peer.mjs <stock|ours>`: one library in a process of its own, as ours changes the capnp-es that it is imported with.
import { serveJobs } from '../in-memory/peer.mjs';
import { jobsOf } from './jobs.mjs';

const { library } = await import(process.argv[2] === 'ours' ? './ours.mjs' : './stock.mjs');
await serveJobs(jobsOf(library));
