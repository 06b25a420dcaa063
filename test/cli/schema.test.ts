// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Session } from '@zenoh-segments/core';
import { tableToIPC } from 'apache-arrow';
import { matched } from '../support/matched.js';
import { peerTest, pythonPath } from '../support/peers.js';
import { freePort, listening } from '../support/sessions.js';
import { Cli, connect } from './cli.js';
import { dataset, mixed, withFolder, write } from './data.js';

const MIXED = [
  'big: int64',
  'flag: bool',
  'text: string',
  'when: timestamp[ms]',
  'list: list<item: int16>',
  'kind: dictionary<values=string, indices=int16, ordered=0>',
];

describe('schema of a file', () => {
  test.each(['file', 'stream'] as const)('an Arrow %s', (kind) =>
    withFolder(async (folder) => {
      const path = write(folder, 'mixed', tableToIPC(mixed(0, 5), kind));
      const { code, stdout, stderr } = await Cli.run(['schema', path]);
      expect(stderr).toBe('');
      expect(stdout.toString()).toBe(`${MIXED.join('\n')}\n`);
      expect(code).toBe(0);
    }),
  );

  test('standard input, as JSON', async () => {
    const { code, stdout } = await Cli.run(['schema', '-', '--json'], readFileSync(dataset('flights-200k.arrow')));
    expect(code).toBe(0);
    expect(JSON.parse(stdout.toString())).toEqual({
      event: 'schema',
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      columns: [
        { name: 'delay', type: 'int16', nullable: true },
        { name: 'distance', type: 'int16', nullable: true },
        { name: 'time', type: 'float', nullable: true },
      ],
    });
  });

  test.each([
    ['a folder', '.', "INPUT: can't read '.': it is a directory"],
    ['a file that is not there', './nothing', "INPUT: can't read './nothing': there is no such file; a key of that"],
    ['one without a folder', 'nothing.parquet', "INPUT: can't read 'nothing.parquet': there is no such file; a key"],
    ['an image', dataset('ffox.png'), 'INPUT: '],
  ])('%s is an error', async (_, path, text) => {
    const { code, stderr } = await Cli.run(['schema', path]);
    expect(stderr).toContain(text);
    expect(code).toBe(1);
  });

  test('text that calls itself Arrow, and text without a row, are errors', () =>
    withFolder(async (folder) => {
      const broken = await Cli.run(['schema', write(folder, 'a.arrow', 'hello, world')]);
      expect(broken.stderr).toMatch(/schema: ARROW_INVALID: .*a\.arrow: it starts with "hell": text, no Arrow data/);
      const empty = await Cli.run(['schema', write(folder, 'a.csv', 'a,b\n')]);
      expect(empty.stderr).toContain('a.csv has no rows: what types its columns have is not known');
      expect([broken.code, empty.code]).toEqual([1, 1]);
    }));

  test.each([
    ['CSV', 'a.csv', 'a,b,c\n1,x,\n2,,0.5\n', [], ['a: int64', 'b: string', 'c: double']],
    [
      'CSV with other delimiters',
      'a.csv',
      '1;x\n',
      ['--delimiter', ';', '--no-header'],
      ['column_1: int64', 'column_2: string'],
    ],
    ['NDJSON', 'a.json', '{"a":1,"b":[true]}\n', [], ['a: int64', 'b: list<item: bool>']],
    ['CSV in spite of its name', 'a.txt', 'a\ntrue\n', ['--format', 'csv'], ['a: bool']],
  ])('%s has the types that pub would send', (_, name, content, flags, lines) =>
    withFolder(async (folder) => {
      const { code, stdout, stderr } = await Cli.run(['schema', ...flags, write(folder, name, content)]);
      expect(stderr).toBe('');
      expect(stdout.toString()).toBe(`${lines.join('\n')}\n`);
      expect(code).toBe(0);
    }),
  );

  test.each(['path', 'pipe'])('Parquet by %s', async (way) => {
    const path = dataset('flights-3m.parquet');
    const { code, stdout, stderr } = await (way === 'path'
      ? Cli.run(['schema', path])
      : Cli.run(['schema', '-'], readFileSync(path)));
    expect(stderr).toBe('');
    expect(stdout.toString()).toContain('delay: int64\n');
    expect(code).toBe(0);
  });

  peerTest('python', 'is written as pyarrow writes it, whatever the type', () =>
    withFolder(async (folder) => {
      const path = `${folder}/types.arrow`;
      const { status, stdout, stderr } = spawnSync(pythonPath(), ['-c', TYPES, path], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      expect((await Cli.run(['schema', path])).stdout.toString().split('\n')).toEqual(stdout.split('\n'));
    }),
  );
});

/** Writes a file without rows, and its schema. */
const TYPES = `
import sys
import pyarrow as pa

types = [
    pa.null(), pa.bool_(), pa.int8(), pa.uint16(), pa.int32(), pa.uint64(), pa.float16(), pa.float32(), pa.float64(),
    pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view(), pa.binary(16),
    pa.decimal128(10, 2), pa.decimal256(40, 3), pa.date32(), pa.date64(), pa.time32("s"), pa.time32("ms"), pa.time64("us"),
    pa.time64("ns"), pa.timestamp("s"), pa.timestamp("ns", "Europe/Berlin"), pa.duration("us"),
    pa.month_day_nano_interval(), pa.list_(pa.int16()), pa.large_list(pa.field("x", pa.string(), False)),
    pa.list_(pa.float32(), 3), pa.struct([("a", pa.int8()), pa.field("b", pa.list_(pa.string()), False)]),
    pa.map_(pa.string(), pa.int32()), pa.map_(pa.string(), pa.int32(), keys_sorted=True),
    pa.dictionary(pa.int16(), pa.string()), pa.dictionary(pa.uint8(), pa.float64(), ordered=True),
    pa.dense_union([pa.field("a", pa.int8()), pa.field("b", pa.string())], [5, 7]),
    pa.sparse_union([pa.field("a", pa.int8())]),
]
fields = [pa.field(f"c{i}", each, nullable=i % 3 != 1) for i, each in enumerate(types)]
schema = pa.schema(fields, metadata={"source": "test"})
with pa.ipc.new_file(sys.argv[1], schema):
    pass
for field in schema:
    print(f"{field.name}: {field.type}{'' if field.nullable else ' not null'}")
print("-- schema metadata --\\n  source: test")
`;

describe('schema of a key', () => {
  test('is that of the first Arrow data', async () => {
    const port = await freePort();
    const session = await Session.open(listening(port));
    try {
      await Cli.with(['schema', 'test/*', ...connect(port)], async (schema) => {
        await matched(session, 'test/a');
        await session.put('test/a', 'no Arrow, \u001b[2J', { encoding: 'text/plain' });
        await session.put('test/b', tableToIPC(mixed(0, 5), 'stream'));
        const { code, stdout, stderr } = await schema.ended();
        expect(stdout.toString()).toBe(`${MIXED.join('\n')}\n`);
        expect(stderr).toContain("skipped a sample of 'test/a' (encoding text/plain): ");
        expect(code).toBe(0);
      });
    } finally {
      await session.close();
    }
  });

  test('ends with 124 when none came in time, with 130 at Ctrl-C', async () => {
    const flags = connect(await freePort());
    const late = await Cli.run(['schema', 'a', '--duration', '0.1', ...flags]);
    expect(late.stderr).toContain("no Arrow data came on 'a' within 0.1 s");
    expect(late.code).toBe(124);
    await Cli.with(['schema', 'a', '--json', ...flags], async (schema) => {
      await schema.ready();
      schema.interrupt();
      expect((await schema.ended()).code).toBe(130);
    });
  });
});
