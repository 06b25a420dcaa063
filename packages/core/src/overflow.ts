// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { CoreError } from './errors.js';

/** How a queue with policy `error` ends. */
export function overflow(): CoreError {
  return new CoreError('OVERFLOW', 'the reader was slower than its bounds allow, and its policy is to fail');
}
