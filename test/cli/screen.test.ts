// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { describe, expect, test } from '@jest/globals';
import { fitting } from './internals.js';

describe('lines on a terminal', () => {
  const line = 'key: 10/s, 1 MB/s, interval ms: 100 (min 99, max 101)';

  test('that fit stay as they are', () => {
    expect(fitting([line, line], 200, 24)).toEqual([line, line]);
  });

  test('that are too long go on in the next line, between words', () => {
    expect(fitting([line, 'b'], 30, 24)).toEqual(['key: 10/s, 1 MB/s, interval', '    ms: 100 (min 99, max 101)', 'b']);
    expect(fitting([line], 30, 24).every(({ length }) => length < 30)).toBe(true);
  });

  test('without a place to break are cut where the line ends', () => {
    expect(fitting(['x'.repeat(25)], 11, 24)).toEqual(['x'.repeat(10), '    xxxxxx', '    xxxxxx', '    xxx']);
  });

  test('are as wide as 80 columns where the terminal does not tell', () => {
    const long = 'word '.repeat(40);
    for (const size of [0, undefined]) expect(fitting([long], size, size)).toEqual(fitting([long], 80, 24));
  });

  test('that find no room are counted, and none is shown by half', () => {
    expect(fitting(['a', line, 'c', 'd'], 30, 5)).toEqual(['a', 'and 3 more']);
    expect(fitting(['a', 'b', 'c', 'd'], 30, 5)).toEqual(['a', 'b', 'and 2 more']);
  });
});
