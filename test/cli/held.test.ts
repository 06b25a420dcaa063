// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { GivenUp, Held } from './internals.js';

test.each([
  ['is disposed when it was written', undefined, 1],
  ['is disposed when it could not be written', new Error('full'), 1],
  ['stays when its write was given up: the system still reads its memory', new GivenUp('nobody reads'), 0],
])('a sample %s', async (_, error, expected) => {
  let disposed = 0;
  const sample = { [Symbol.dispose]: () => void disposed++ };
  const run = async () => {
    using held = new Held(sample);
    await held.unlessGivenUp(error === undefined ? Promise.resolve() : Promise.reject(error));
  };
  expect(await run().catch((caught: unknown) => caught)).toBe(error);
  expect(disposed).toBe(expected);
});
