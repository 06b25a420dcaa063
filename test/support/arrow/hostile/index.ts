// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { HostileCase } from './case.js';
import { BUFFERS, LENGTHS, OFFSETS } from './columns.js';
import { COSTS } from './costs.js';
import { DICTIONARIES, UNIONS, VIEWS } from './indices.js';
import { MESSAGES } from './messages.js';
import { SCHEMAS } from './schemas.js';

export const HOSTILE_CASES: Readonly<Record<string, readonly HostileCase[]>> = {
  messages: MESSAGES,
  schemas: SCHEMAS,
  lengths: LENGTHS,
  buffers: BUFFERS,
  offsets: OFFSETS,
  dictionaries: DICTIONARIES,
  unions: UNIONS,
  views: VIEWS,
  costs: COSTS,
};
