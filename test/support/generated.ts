// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';

/**
 * A committed page that a test makes. UPDATE_DOCS=1 (`pnpm write-docs`) writes it; otherwise it must be the same.
 *
 * @param same what is compared; the whole text unless given
 */
export function checkGenerated(path: string, text: string, same: (text: string) => string = (whole) => whole): void {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  if (process.env.UPDATE_DOCS === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  // The label: what to do when this fails.
  expect(`${path}, renewed by \`pnpm write-docs\`:\n${same(committed)}`).toBe(
    `${path}, renewed by \`pnpm write-docs\`:\n${same(text)}`,
  );
}
