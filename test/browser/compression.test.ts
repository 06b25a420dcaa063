// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { expect, test } from '@jest/globals';
import { encodeBatch, loadCompression } from '@zenoh-segments/arrow';
import { tableFromArrays } from 'apache-arrow';
import { useChromium } from '../support/chromium.js';

const browser = useChromium();
const ROWS = 20_000;

function compressed(compression: 'lz4' | 'zstd'): number[] {
  const table = tableFromArrays({ n: Int32Array.from({ length: ROWS }, (_, i) => i % 100) });
  const payload = encodeBatch(table.batches[0]!, { compression });
  return [...payload.toBytes()];
}

test('a page opens what a process compressed, and says what it can not do', async () => {
  await loadCompression();
  const page = await browser.page();
  const read = await page.evaluate(
    async (sent) => {
      await arrowPayloads.loadCompression();
      const sums = Object.values(sent).map((bytes) => {
        const payload = new zenoh.ZBytes(Uint8Array.from(bytes));
        const [batch] = arrowPayloads.decodeBatches(payload, { validate: 'full' });
        return (batch!.data.children[0]!.values as Int32Array).reduce((sum, n) => sum + n, 0);
      });
      try {
        const [batch] = arrow.tableFromArrays({ n: Int32Array.of(1) }).batches;
        arrowPayloads.encodeBatch(batch!, { compression: 'zstd' });
      } catch (error) {
        return { sums, refused: (error as Error).message };
      }
      throw new Error('it was compressed');
    },
    { lz4: compressed('lz4'), zstd: compressed('zstd') },
  );
  const sum = (ROWS / 100) * 4950;
  expect(read.sums).toEqual([sum, sum]);
  expect(read.refused).toContain('outside Node');
});
