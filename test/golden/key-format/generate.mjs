// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the fields of a format are written so.
// Writes vectors.ndjson: random key formats, values and keys, and what zenoh's Rust makes of them. Needs the built core.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { KeFormat, KeyExpr } from '../../../packages/core/dist/index.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const [seed, count] = [Number(argv[2] ?? 2026), Number(argv[3] ?? 160)];

/** mulberry32 */
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const upTo = (limit) => Math.floor(random() * limit);
const pick = (list) => list[upTo(list.length)];
const chunks = (length, list) => Array.from({ length }, () => pick(list));

const PLAIN = ['a', 'b', 'c', '-', '@v'];
const PATTERNS = ['*', '**', '**', 'a', 'a/*', '**/b', '*/**', 'a/**/c', 'a$*', '*/*', '@v/**'];
const VALUES = ['a', 'b', 'a/b', '', '**', '*', 'ab', 'a/b/c', '@v', '@v/a', 'c/b'];

function randomCase() {
  const ids = ['x', 'y', 'z'].slice(0, 1 + upTo(3));
  const fields = ids.flatMap((id) => {
    const spec = `{${id}:${pick(PATTERNS)}}`;
    return [...chunks(upTo(3), PLAIN), random() < 0.8 ? `$${spec}` : `$#${spec}#`];
  });
  const text = [...fields, ...chunks(upTo(3), PLAIN)].join('/');
  const values = ids.map((id) => [id, pick(VALUES)]);
  const keys = Array.from({ length: 6 }, () =>
    KeyExpr.autocanonize(chunks(1 + upTo(6), [...PLAIN, 'a', 'b', '*', '**', 'ab', '$*b']).join('/')).toString(),
  );
  // Keys that match, from the format itself.
  const format = KeFormat.from(text);
  keys.push(format.keyExpr().toString());
  try {
    keys.push(format.format(Object.fromEntries(values)).toString());
  } catch {
    // Values that do not fit are a case too.
  }
  return [text, values, keys];
}

const cases = Array.from({ length: count }, randomCase);
const judge = spawnSync(
  'cargo',
  ['run', '--quiet', '--manifest-path', here('judge/Cargo.toml'), '--target-dir', here('../../../target/key-format')],
  { input: cases.map((one) => `${JSON.stringify(one)}\n`).join(''), encoding: 'utf8', maxBuffer: 2 ** 30 },
);
if (judge.status !== 0) throw new Error(`the judge ended with ${judge.status}: ${judge.stderr}`);
const results = judge.stdout.trim().split('\n');
writeFileSync(
  here('vectors.ndjson'),
  cases.map((one, i) => `${JSON.stringify([...one, JSON.parse(results[i])])}\n`).join(''),
);
