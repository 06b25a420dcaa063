// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createRequire } from 'node:module';

/**
 * jest's own `expect`, in a form that also works without jest. (By `require`: Bun finds nothing in the package's ES
 * module.) Cases import it from here, never from `@jest/globals`, which works under jest alone.
 */
export const { expect } = createRequire(import.meta.url)('expect') as typeof import('expect');
