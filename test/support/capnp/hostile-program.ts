// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
/** A process that reads the hostile messages, as support/fuzz/case-worker.ts describes it. */
import { type RunnableCase, runCases } from '../fuzz/case-worker.js';
import { COSTLY_CASES, opened } from './costly-cases.js';
import { HOSTILE_CASES } from './hostile-cases.js';
import { summary } from './summary.js';

const hostile = HOSTILE_CASES.map(({ bytes, field }): RunnableCase => {
  return { bytes, read: (payload) => summary(opened(payload), field) };
});
const costly = COSTLY_CASES.map(({ bytes, read, packed }): RunnableCase => {
  return { bytes, read: (payload) => void read(opened(payload, packed)) };
});

runCases([...hostile, ...costly], hostile);
