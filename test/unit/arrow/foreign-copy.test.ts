// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { tableToZBytes } from '@zenoh-segments/arrow';
import type * as Arrow from 'apache-arrow';

test('a table of another copy of apache-arrow is refused, not written wrong', () => {
  const other = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;
  const table = other.tableFromArrays({ n: Int32Array.of(1, 2, 3) });
  expect(() => tableToZBytes(table)).toThrow(
    expect.objectContaining({
      code: 'ARROW_INVALID',
      message: expect.stringContaining('another copy of apache-arrow'),
    }),
  );
});
