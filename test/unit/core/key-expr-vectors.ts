// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { KeyExpr } from '@zenoh-segments/core';
import { Random } from '../../support/random.js';

/** The seed of a run: `SEED` of the environment, else a new one. Put it in the test's title, to run it again. */
export const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));

/**
 * Pairs of canonical key expressions over a tiny alphabet, so that many of them relate: half are independent, half are
 * the same expression with some chunks changed.
 */
export function* keyExprPairs(seed: number, count: number): Generator<readonly [a: string, b: string]> {
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    const chunks = randomChunks(random, randomChunk);
    const other = random.chance(0.5) ? randomChunks(random, randomChunk) : chunks.flatMap((c) => changed(random, c));
    yield random.chance(0.5) ? [canonical(chunks), canonical(other)] : [canonical(other), canonical(chunks)];
  }
}

/** Pairs of a canonical key expression and a key without wildcards. */
export function* keyExprsAndKeys(seed: number, count: number): Generator<readonly [expr: string, key: string]> {
  const random = new Random(seed);
  for (let i = 0; i < count; i++) {
    const key = randomChunks(random, randomName);
    yield [canonical(key.flatMap((chunk) => changed(random, chunk))), key.join('/')];
  }
}

/** Any text over the characters that matter: few are canonical, some can be canonized, most are invalid. */
export function* rawKeyExprs(seed: number, count: number): Generator<string> {
  const random = new Random(seed);
  const pieces = ['a', 'b', '/', '/', '/', '*', '**', '/*', '/**', '$*', '$*', '$*$*', '$', '@', '#', '?', 'é', ' '];
  for (let i = 0; i < count; i++) {
    yield Array.from({ length: 1 + random.below(7) }, () => random.pick(pieces)).join('');
  }
}

function canonical(chunks: readonly string[]): string {
  return KeyExpr.autocanonize(chunks.length === 0 ? '**' : chunks.join('/')).toString();
}

function randomChunks(random: Random, make: (random: Random) => string): string[] {
  return Array.from({ length: 1 + random.below(6) }, () => make(random));
}

function randomChunk(random: Random): string {
  return random.chance(0.5) ? randomName(random) : wild(random, randomName(random));
}

function randomName(random: Random): string {
  const name = Array.from({ length: 1 + random.below(3) }, () => random.pick(['a', 'a', 'b', 'b', 'é', '😀'])).join('');
  return random.chance(0.1) ? `@${name}` : name;
}

function wild(random: Random, name: string): string {
  if (random.chance(0.3)) return '**';
  if (random.chance(0.3)) return '*';
  const characters = [...name].flatMap((c) => random.pick([[c], ['$*'], [c, '$*'], ['$*', c]]));
  return characters
    .join('')
    .replace(/(?:\$\*)+/g, '$*')
    .replace(/^\$\*$/, '*');
}

function changed(random: Random, chunk: string): string[] {
  if (random.chance(0.6)) return [chunk];
  return random.pick([[], [chunk, chunk], [randomName(random)], ['**'], [chunk, '**'], [wild(random, 'ab')], ['*']]);
}
