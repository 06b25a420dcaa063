// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import type { Case } from './case.js';
import { configurations } from './cases/configured.js';
import { errors } from './cases/errors.js';
import { liveliness } from './cases/liveliness.js';
import { localDelivery } from './cases/local-delivery.js';
import { publications } from './cases/publications.js';
import { queries } from './cases/queries.js';
import { subscribers } from './cases/subscribers.js';
import { values } from './cases/values.js';

/** The one list; each backend has a test file that runs it. */
export const conformance: Readonly<Record<string, readonly Case[]>> = {
  publications,
  subscribers,
  'local delivery': localDelivery,
  queries,
  liveliness,
  values,
  configurations,
  errors,
};
