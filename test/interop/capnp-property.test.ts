// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { execFileSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import { CapnpPayloadError, fromZBytes } from '@zenoh-segments/capnp';
import { ZBytes } from '@zenoh-segments/core';
import { type Dump, Dumper, NOT_LOOKED_INTO } from '../support/capnp/dump.js';
import { type JudgedSchema, withSchemas } from '../support/capnp/judged-schemas.js';
import { pointersOf, relaid, segmentsOf } from '../support/capnp/layout.js';
import { isPrintable } from '../support/capnp/printable.js';
import { bordersOf, Slices } from '../support/fuzz/slices.js';
import { JsonPeer } from '../support/json-peer.js';
import { peerTest } from '../support/peers.js';
import { runSeed } from '../support/peers-bytes.js';
import { random } from '../support/random.js';

/** Random schemas x random messages x the ways a network may cut them, judged by pycapnp and the `capnp` tool. */

const seed = runSeed();
// More of it: ZENOH_SEGMENTS_CAPNP_SCHEMAS=1000.
const SCHEMAS = Number(process.env.ZENOH_SEGMENTS_CAPNP_SCHEMAS ?? 30);
const LIMIT_MS = 60_000 + 2_000 * SCHEMAS;
const MESSAGES = 3;
/** A message that is cut at every byte. */
const SMALL = 320;
const SLICES = [1, 3, 7, 100, 1000, 4096, 65_536];
/** Slices so many that making them takes longer than reading. */
const MOST_SLICES = 4000;
/** The tool prints one message each time it starts. */
const MOST_PRINTED = 20_000;
/** Schemas made for the tool, and those of them that are taken. */
const MADE = 24;
const PRINTED = 4;

interface Case {
  readonly schema: JudgedSchema;
  readonly reader: string;
  readonly bytes: Uint8Array;
  readonly expected: Dump;
}

peerTest(
  ['python', 'capnp'],
  'a received message holds what pycapnp says, however it is cut, and reading changes no byte',
  () =>
    withSchemas(seed, SCHEMAS, (schemas) =>
      JsonPeer.with('capnp_judge.py', async (judge) => {
        const failures: string[] = [];
        const seen = { messages: 0, refused: 0, slicings: 0, segments: 0, pointers: 0 };
        for (const [i, schema] of schemas.entries()) {
          const below = random(seed + i);
          for (const one of await casesOf(judge, schema, seed + i, below)) {
            seen.messages++;
            seen.segments = Math.max(seen.segments, segmentsOf(one.bytes).length);
            seen.pointers += pointersOf(one.bytes).length;
            try {
              if (!isRefused(one.expected)) seen.slicings += check(one, below);
              else {
                // What a reader of the old schema finds in a union that it does not know of.
                seen.refused++;
                checkRefused(one);
              }
            } catch (error) {
              failures.push((error as Error).message);
            }
          }
        }
        process.stderr.write(`${JSON.stringify(seen)}\n`);
        if (failures.length > 0) throw new Error(failureText(failures));
        // The generators make what they are there for.
        expect(seen.segments).toBeGreaterThan(4);
        expect(seen.pointers).toBeGreaterThan(10 * SCHEMAS);
        expect(seen.refused).toBeLessThan(seen.messages / 10);
      }),
    ),
  LIMIT_MS,
);

peerTest(
  ['python', 'capnp'],
  'and what the capnp tool prints of it',
  () =>
    withSchemas(
      seed,
      MADE,
      (schemas) =>
        JsonPeer.with('capnp_judge.py', async (judge) => {
          let values = 0;
          const printable = schemas.filter((schema) => isPrintable(schema.model)).slice(0, PRINTED);
          expect(printable).toHaveLength(PRINTED);
          for (const [i, schema] of printable.entries()) {
            for (const one of await casesOf(judge, schema, seed + i, random(seed + i))) {
              if (isRefused(one.expected) || one.bytes.length > MOST_PRINTED) continue;
              const args = ['convert', '--quiet', 'binary:json', schema.path, one.reader];
              const json = execFileSync('capnp', args, { input: one.bytes, maxBuffer: 2 ** 28 });
              const printed = JSON.parse(json.toString()) as Printed;
              values += compare(printed, read(one, [one.bytes]), 'root', one);
            }
          }
          expect(values).toBeGreaterThan(100);
        }),
      { anyPointers: false },
    ),
  LIMIT_MS,
);

/** Messages as pycapnp lays them out, and laid out anew; read with the schema they were written with, and by its other age. */
async function casesOf(
  judge: JsonPeer,
  schema: JudgedSchema,
  messageSeed: number,
  below: (below: number) => number,
): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [writer, count] of [
    ['S0', MESSAGES],
    ['S0Old', 1],
  ] as const) {
    // Every tenth schema has large ones.
    const options = { schema: schema.path, root: writer, seed: messageSeed, count, large: messageSeed % 10 === 9 };
    const built = (await judge.call<string[]>('build', options)).map((text) =>
      Uint8Array.from(Buffer.from(text, 'base64')),
    );
    const messages = [...built, ...built.map((bytes) => relaid(bytes, below))];
    const texts = messages.map((bytes) => Buffer.from(bytes).toString('base64'));
    for (const reader of ['S0', 'S0Old']) {
      const dumps = await judge.call<Dump[]>('dump', { schema: schema.path, root: reader, messages: texts });
      for (const [i, bytes] of messages.entries()) {
        const expected = dumps[i]!;
        // Our other layout is the same message, or the judge says what is wrong with it.
        if (i >= built.length)
          same(expected, dumps[i - built.length]!, 'laid out anew', { schema, reader, bytes, expected });
        cases.push({ schema, reader, bytes, expected });
      }
    }
  }
  return cases;
}

/** Reads a message in every slicing; how many those were. */
function check(one: Case, below: (below: number) => number): number {
  const { bytes } = one;
  const slicings: Slices[] = [new Slices(bytes, []), new Slices(bytes, [], 1 + below(7))];
  if (bytes.length <= SMALL) {
    for (let at = 1; at < bytes.length; at++) slicings.push(new Slices(bytes, [at], below(8)));
  }
  for (const size of SLICES) {
    if (size >= bytes.length || bytes.length / size > MOST_SLICES) continue;
    slicings.push(new Slices(bytes, bordersOf(bytes.length, size), below(8)));
    slicings.push(new Slices(bytes, bordersOf(bytes.length, size, 1 + below(size)), below(8)));
  }
  for (const slicing of slicings) {
    const lengths = slicing.slices.map((slice) => slice.length).slice(0, 20);
    let dump: Dump;
    try {
      dump = read(one, slicing.slices);
    } catch (cause) {
      throw new Error(`slices of ${lengths}: ${cause}\n${described(one)}`, { cause });
    }
    same(dump, one.expected, `slices of ${lengths}`, one);
    if (!slicing.isUnchanged) throw new Error(`reading wrote to received memory: ${described(one)}`);
  }
  return slicings.length;
}

function checkRefused(one: Case): void {
  const slices = new Slices(one.bytes, []);
  try {
    read(one, slices.slices);
  } catch (error) {
    if (!(error instanceof CapnpPayloadError)) throw error;
  }
  expect(slices.isUnchanged).toBe(true);
}

function read({ schema, reader }: Case, slices: readonly Uint8Array[]): Dump {
  const root = schema.classes.byName(reader);
  const message = fromZBytes(ZBytes.fromSegments(slices));
  return new Dumper(schema.classes).struct(root, message.getRoot(root.Class));
}

type Printed = null | boolean | number | string | Printed[] | { [name: string]: Printed };

/** Compares what the tool printed (it leaves out null pointers) with a dump; how many values those were. */
function compare(printed: Printed, dump: Dump | undefined, path: string, one: Case): number {
  const wrong = () =>
    new Error(`${path} is ${JSON.stringify(dump)}, the tool prints ${JSON.stringify(printed)}\n${described(one)}`);
  if (dump === NOT_LOOKED_INTO) return 0;
  if (Array.isArray(dump) && (dump[0] === 'present' || dump[0] === 'absent'))
    return compare(printed, dump[1], path, one);
  if (Array.isArray(printed)) {
    if (typeof dump === 'string') {
      if (dump === Buffer.from(printed as number[]).toString('hex')) return 1;
      throw wrong();
    }
    // A list of Void is its length.
    const elements = typeof dump === 'number' ? Array.from({ length: dump }, () => null) : dump;
    if (!Array.isArray(elements) || elements.length !== printed.length) throw wrong();
    return printed.reduce<number>((sum, each, i) => sum + compare(each, elements[i], `${path}[${i}]`, one), 0);
  }
  if (typeof printed === 'object' && printed !== null) {
    const fields = dump as { [name: string]: Dump };
    return Object.entries(printed).reduce((sum, [name, each]) => {
      return sum + compare(each, fields[name], `${path}.${name}`, one);
    }, 0);
  }
  const same =
    typeof dump === 'number'
      ? printed === `e${dump}` || (typeof printed === 'number' && (printed === dump || Math.fround(printed) === dump))
      : Object.is(printed, -0)
        ? dump === '-0'
        : printed === dump;
  if (!same) throw wrong();
  return 1;
}

/** The first failures whole, and of the others what differs. */
function failureText(failures: readonly string[]): string {
  const others = failures.slice(3, 100).map((text) => text.split('\n')[0]!);
  return [`${failures.length} failures:`, ...failures.slice(0, 3), ...others].join('\n\n');
}

function isRefused(dump: Dump): boolean {
  return typeof dump === 'object' && dump !== null && 'error' in dump;
}

function same(actual: Dump, expected: Dump, what: string, one: Case): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: ${difference(actual, expected)}\n${described(one)}`);
}

/** Where two dumps differ first. */
function difference(actual: Dump | undefined, expected: Dump | undefined, path = 'root'): string {
  const isInner = (dump: Dump | undefined): dump is { [name: string]: Dump } =>
    typeof dump === 'object' && dump !== null;
  if (isInner(actual) && isInner(expected)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      if (!isDeepStrictEqual(actual[name], expected[name])) {
        return difference(actual[name], expected[name], `${path}.${name}`);
      }
    }
  }
  const text = (dump: Dump | undefined) => JSON.stringify(dump)?.slice(0, 300);
  return `${path} is ${text(actual)}, pycapnp says ${text(expected)}`;
}

function described({ schema, reader, bytes }: Case): string {
  const base64 = Buffer.from(bytes).toString('base64');
  return `SEED=${seed}, read as ${reader}, ${bytes.length} bytes\n${schema.text}${base64.slice(0, 10_000)}`;
}
