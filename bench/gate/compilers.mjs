// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NAMES = [/rustc version ([\d.]+)/, /(?:GCC: \([^)]*\)|clang version) (\d+)/];
const own = new URL(
  `../../packages/core/prebuilt/${process.platform}-${process.arch}/zenoh-segments.node`,
  import.meta.url,
);

/** What compiled the addon, as its file tells (on Linux): another compiler makes other instructions of the same code. */
export function compilers(file = process.env.ZENOH_SEGMENTS_ADDON ?? fileURLToPath(own)) {
  if (!existsSync(file)) throw new Error(`there is no ${file}: run \`pnpm build\` first`);
  const text = readFileSync(file, 'latin1');
  const [rust, cxx] = NAMES.map((name) => name.exec(text)?.[1] ?? 'unknown');
  return `rustc ${rust}, C++ compiler ${cxx}`;
}
