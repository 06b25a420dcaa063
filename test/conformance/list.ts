// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Case } from './case.js';
import { advanced } from './cases/advanced.js';
import { configurations } from './cases/configured.js';
import { connectivity } from './cases/connectivity.js';
import { declaredKeyExprs } from './cases/declared-key-exprs.js';
import { errors } from './cases/errors.js';
import { keySpaces } from './cases/key-spaces.js';
import { liveliness } from './cases/liveliness.js';
import { localDelivery } from './cases/local-delivery.js';
import { matching } from './cases/matching.js';
import { observed } from './cases/observed.js';
import { publications } from './cases/publications.js';
import { puts } from './cases/puts.js';
import { queries } from './cases/queries.js';
import { replies } from './cases/replies.js';
import { scouting } from './cases/scouting.js';
import { sharedMemory } from './cases/shared-memory.js';
import { sources } from './cases/sources.js';
import { subscribers } from './cases/subscribers.js';
import { timestampStacks } from './cases/timestamp-stacks.js';
import { timestamps } from './cases/timestamps.js';
import { turns } from './cases/turns.js';
import { values } from './cases/values.js';

/** The one list; each backend has a test file that runs it. */
export const conformance: Readonly<Record<string, readonly Case[]>> = {
  publications,
  puts,
  subscribers,
  'local delivery': localDelivery,
  queries,
  liveliness,
  advanced,
  connectivity,
  matching,
  scouting,
  replies,
  sources,
  timestamps,
  'timestamp stacks': timestampStacks,
  'key spaces': keySpaces,
  'declared key expressions': declaredKeyExprs,
  'shared memory': sharedMemory,
  values,
  configurations,
  'turns of the event loop': turns,
  'statistics and streams': observed,
  errors,
};

/** Every case, by a name that no other has. */
export const cases: readonly Case[] = Object.entries(conformance).flatMap(([group, list]) =>
  list.map((one) => ({ ...one, name: `${group}: ${one.name}` })),
);
