// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { CongestionControl, Session } from '@zenoh-segments/core';
import {
  Binary,
  Decimal,
  Dictionary,
  Field,
  Int8,
  List,
  makeData,
  Table,
  TimestampNanosecond,
  tableFromIPC,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import { matched } from '../support/matched.js';
import { peerTest, pythonPath } from '../support/peers.js';
import { freePort, listening } from '../support/sessions.js';
import { until } from '../support/until.js';
import { Cli, connect, type Ended } from './cli.js';
import { dataset, mixed, withFolder, write } from './data.js';

const BLOCK = { congestionControl: CongestionControl.BLOCK };

/** A `sub` that gets these payloads and ends by itself, or by what `end` does. */
async function received(
  args: readonly string[],
  payloads: readonly Uint8Array[],
  end?: (cli: Cli, session: Session) => Promise<void>,
  wrapper?: readonly string[],
): Promise<Ended> {
  const port = await freePort();
  const session = await Session.open(listening(port));
  try {
    const count = end === undefined ? ['--count', String(payloads.length)] : [];
    const sub = ['sub', '-k', 'test', '--json', ...count, ...connect(port), ...args];
    const run = async (cli: Cli) => {
      await cli.ready();
      await matched(session, 'test');
      // One that ends by itself may do so in the middle, and its connection with it.
      for (const payload of payloads) await session.put('test', payload, BLOCK).catch(() => {});
      await end?.(cli, session);
      return cli.ended();
    };
    return await Cli.with(sub, run, wrapper);
  } finally {
    await session.close();
  }
}

function python(script: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(pythonPath(), ['-c', script, ...args]);
  if (status !== 0) throw new Error(stderr.toString());
  return stdout.toString();
}

const stream = (columns: Record<string, Vector>) => tableToIPC(new Table(columns), 'stream');

/** What text has trouble with. */
const hard = stream({
  text: vectorFromArray(['a,b', 'say "hi"', 'two\nlines', '', null], new Utf8()),
  time: new Vector([
    makeData({
      type: new TimestampNanosecond(),
      length: 5,
      data: BigInt64Array.of(1n, 1_700_000_000_123_456_789n, -1n, 0n, 0n),
    }),
  ]),
  money: new Vector([
    makeData({
      type: new Decimal(2, 10, 128),
      length: 5,
      data: new Uint32Array([
        150,
        0,
        0,
        0,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        0xffff_ffff,
        ...new Array(12).fill(0),
      ]),
    }),
  ]),
  bytes: vectorFromArray([Uint8Array.of(0, 255), null, null, null, null], new Binary()),
  real: vectorFromArray([Number.NaN, -Infinity, 0.1, 1e300, null]),
});

describe('CSV', () => {
  test('quotes what needs it, tells no value from an empty text, and keeps every digit', async () => {
    const { code, stdout } = await received(['--output', 'csv'], [hard]);
    expect(code).toBe(0);
    expect(stdout.toString()).toBe(
      'text,time,money,bytes,real\n' +
        '"a,b",1970-01-01T00:00:00.000000001Z,1.50,AP8=,NaN\n' +
        '"say ""hi""",2023-11-14T22:13:20.123456789Z,-0.01,,-Infinity\n' +
        '"two\nlines",1969-12-31T23:59:59.999999999Z,0.00,,0.1\n' +
        '"",1970-01-01T00:00:00.000000000Z,0.00,,1e+300\n' +
        ',1970-01-01T00:00:00.000000000Z,0.00,,\n',
    );
  });

  test('has one header, nested values as JSON, and columns in the order that is asked for', async () => {
    const payload = tableToIPC(mixed(1, 2), 'stream');
    const { stdout } = await received(
      ['--output', 'csv', '--columns', 'list,kind', '--columns', 'big'],
      [payload, payload],
    );
    const rows = '[0],kind 1.1,1152921504606846977\n"[0,0]",kind 1.2,1152921504606846978\n';
    expect(stdout.toString()).toBe(`list,kind,big\n${rows}${rows}`);
  });

  test('of samples with other columns is an error', async () => {
    const { code, stderr } = await received(
      ['--output', 'csv'],
      ['a', 'b'].map((name) => stream({ [name]: vectorFromArray([1]) })),
    );
    expect(stderr).toContain(`"code":"SCHEMA_CHANGED","message":"'test' has another schema than the CSV being written`);
    expect(code).toBe(1);
  });
});

test('CSV of a column of one name and another type is an error', async () => {
  const { code, stdout, stderr } = await received(
    ['--output', 'csv'],
    [stream({ a: vectorFromArray([1]) }), stream({ a: vectorFromArray(['x'], new Utf8()) })],
  );
  expect([code, stdout.toString(), stderr]).toEqual([1, 'a\n1\n', expect.stringContaining('"code":"SCHEMA_CHANGED"')]);
});

test('NDJSON has every digit too', async () => {
  const { stdout } = await received(['--head', '2'], [hard]);
  expect(stdout.toString()).toBe(
    '{"text":"a,b","time":"1970-01-01T00:00:00.000000001Z","money":1.50,"bytes":"AP8=","real":null}\n' +
      '{"text":"say \\"hi\\"","time":"2023-11-14T22:13:20.123456789Z","money":-0.01,"bytes":null,"real":null}\n',
  );
});

/** Columns of every type that Parquet can hold: `make` writes a stream of them, `compare` reads a file of two such batches. */
const PARQUET = `
import datetime, decimal, sys
import pyarrow as pa, pyarrow.parquet as pq, duckdb
D = decimal.Decimal
columns = dict(
    null=pa.nulls(3), bool=pa.array([True, None, False]),
    i8=pa.array([-128, None, 127], pa.int8()), u64=pa.array([2**64 - 1, None, 0], pa.uint64()),
    i64=pa.array([-2**63, None, 2**63 - 1]), f16=pa.array([1.5, None, -2], pa.float16()), f64=pa.array([0.1, None, float("inf")]),
    utf8=pa.array(["a", None, ""]), large=pa.array(["a", None, ""], pa.large_string()), binary=pa.array([b"\\0", None, b""]),
    fixed=pa.array([b"ab", None, b"cd"], pa.binary(2)), decimal=pa.array([D("1.50"), None, D("-0.01")], pa.decimal128(10, 2)),
    date=pa.array([1, None, -1], pa.date32()), date64=pa.array([86400000, None, 0], pa.date64()),
    seconds=pa.array([1, None, -1], pa.timestamp("s")), us=pa.array([1, None, -1], pa.timestamp("us", "UTC")),
    t32=pa.array([1, None, 86399], pa.time32("s")), t64=pa.array([1, None, 2], pa.time64("us")),
    list=pa.array([[1], None, []], pa.list_(pa.int8())), fsl=pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int8(), 2)),
    struct=pa.array([dict(a=1, b=[datetime.datetime(2020, 1, 1)]), None, dict(a=None, b=[])],
                    pa.struct([("a", pa.int32()), ("b", pa.list_(pa.timestamp("s")))])),
    map=pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int8())),
    dict=pa.array(["x", None, "y"]).dictionary_encode(),
)
batch = pa.record_batch(list(columns.values()), names=list(columns))
if sys.argv[1] == "make":
    with pa.ipc.new_stream(sys.argv[2], batch.schema) as writer:
        writer.write_batch(batch)
else:
    expected = batch.to_pylist() * 2
    assert pq.read_table(sys.argv[2]).to_pylist() == expected, pq.read_table(sys.argv[2]).to_pylist()
    names = [n for n in columns if n not in ("us", "map", "f16")]
    rows = duckdb.sql("select %s from '%s'" % (", ".join('"%s"' % n for n in names), sys.argv[2])).fetchall()
    same = lambda a, b: a == b or (isinstance(b, list) and list(a or ()) == b)
    wrong = [(n, a, e[n]) for row, e in zip(rows, expected) for n, a in zip(names, row) if not same(a, e[n])]
    assert len(rows) == 6 and not wrong, wrong
    print("equal")
`;

describe('Parquet', () => {
  peerTest('python', 'of every type it holds opens in pyarrow and DuckDB with equal values', () =>
    withFolder(async (folder) => {
      python(PARQUET, 'make', `${folder}/all.arrows`);
      const payload = readFileSync(`${folder}/all.arrows`);
      const path = `${folder}/all.parquet`;
      const { code, stderr, stdout } = await received(['-o', path], [payload, payload]);
      expect([code, stdout.length, stderr]).toEqual([0, 0, expect.not.stringContaining('error')]);
      expect(python(PARQUET, 'compare', path).trim()).toBe('equal');
    }),
  );

  peerTest('python', 'of many row groups is complete after Ctrl-C', () =>
    withFolder(async (folder) => {
      const path = `${folder}/flights.parquet`;
      const port = await freePort();
      await Cli.with(['sub', '-k', 'test', '--json', ...connect(port), '-o', path], async (sub) => {
        await sub.ready();
        const pub = [
          'pub',
          '-k',
          'test',
          '-l',
          `tcp/127.0.0.1:${port}`,
          '--no-multicast-scouting',
          '--wait-matching',
          '--loop',
          '3',
        ];
        expect((await Cli.run([...pub, dataset('flights-200k.arrow')])).code).toBe(0);
        await until('row groups are written', () => existsSync(path) && readFileSync(path).byteLength > 500_000);
        sub.interrupt();
        expect(await sub.ended()).toMatchObject({ code: 130, summary: { interrupted: true } });
      });
      const script = `
import sys, duckdb, pyarrow.parquet as pq
m = pq.read_metadata(sys.argv[1])
assert m.num_row_groups > 1 and m.num_rows % 200000 == 0, m
assert duckdb.sql("select count(*) from '%s'" % sys.argv[1]).fetchall() == [(m.num_rows,)]`;
      python(script, path);
    }),
  );

  peerTest('python', 'refuses what it can not hold, naming the column', () =>
    withFolder(async (folder) => {
      python(
        `
import sys, pyarrow as pa
intervals = pa.array([(1, 2, 3)], pa.month_day_nano_interval())
b = pa.record_batch([pa.StructArray.from_arrays([intervals], ["when"])], names=["plan"])
with pa.ipc.new_stream(sys.argv[1], b.schema) as w: w.write_batch(b)`,
        `${folder}/all.arrows`,
      );
      const path = `${folder}/all.parquet`;
      const { code, stderr } = await received(['-o', path], [readFileSync(`${folder}/all.arrows`)]);
      expect(stderr).toContain(
        `"code":"OUTPUT_TYPE","message":"column 'plan.when': Parquet can't hold month-day-nano intervals`,
      );
      expect([code, existsSync(path)]).toEqual([1, false]);
    }),
  );
});

describe('a file', () => {
  const payload = stream({ a: vectorFromArray([1, 2]) });

  test.each([
    ['csv', 'a\n1\n2\n'],
    ['jsonl', '{"a":1}\n{"a":2}\n'],
  ])('.%s is written by its name', (extension, text) =>
    withFolder(async (folder) => {
      const path = `${folder}/out.${extension}`;
      const { code, stdout } = await received(['-o', path], [payload]);
      expect([code, stdout.length, readFileSync(path, 'utf8')]).toEqual([0, 0, text]);
    }),
  );

  test('that is there is kept; one whose name says nothing is refused', () =>
    withFolder(async (folder) => {
      const path = write(folder, 'out.csv', 'precious');
      const kept = await Cli.run(['sub', '-k', 'a', '-o', path]);
      expect([kept.code, readFileSync(path, 'utf8')]).toEqual([1, 'precious']);
      expect(kept.stderr).toContain('is there already: --force overwrites it');
      const { code, stderr } = await Cli.run(['sub', '-k', 'a', '-o', `${folder}/out.xml`]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('does not say what to write')]);
    }));

  test('is not left behind when nothing came, and the code is 124', () =>
    withFolder(async (folder) => {
      const path = `${folder}/out.parquet`;
      const args = ['sub', '-k', 'a', '--json', '-o', path, '--duration', '0.2', ...connect(await freePort())];
      const { code, summary } = await Cli.run(args);
      expect([code, existsSync(path)]).toEqual([124, false]);
      expect(summary).toMatchObject({ batches: 0, interrupted: false });
    }));
});

peerTest('python', 'a Parquet file of what came before another schema is complete', () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.parquet`;
    const payloads = ['a', 'b'].map((name) => stream({ [name]: vectorFromArray([1, 2]) }));
    const { code, stderr } = await received(['-o', path], payloads);
    expect([code, stderr]).toEqual([1, expect.stringContaining('"code":"SCHEMA_CHANGED"')]);
    python('import sys, pyarrow.parquet as pq\nassert pq.read_table(sys.argv[1]).to_pydict() == {"a": [1, 2]}', path);
  }),
);

const large = stream({ a: vectorFromArray(Float64Array.from({ length: 300_000 }, Math.random)) });

/** Files may not grow beyond 512 KiB. */
const SMALL = ['sh', '-c', 'trap "" XFSZ; ulimit -f 1024; exec "$@"', 'sh'];

test.each(['csv', 'ndjson', 'arrows', 'parquet'])(
  'a %s file that can not grow has whole rows or is not there',
  (kind) =>
    withFolder(async (folder) => {
      const path = `${folder}/a.${kind}`;
      const payload = stream({ a: vectorFromArray(Float64Array.from({ length: 10_000 }, Math.random)) });
      const { code, stderr } = await received(
        ['-o', path],
        Array.from({ length: kind === 'parquet' ? 1 : 20 }, () => (kind === 'parquet' ? large : payload)),
        undefined,
        SMALL,
      );
      expect([code, stderr]).toEqual([1, expect.stringContaining('"code":"OUTPUT"')]);
      if (kind === 'parquet') expect(existsSync(path)).toBe(false);
      else if (kind === 'arrows') expect(tableFromIPC(readFileSync(path)).numRows).toBe(60_000);
      else expect(readFileSync(path, 'utf8')).toMatch(/[0-9}]\n$/);
    }),
);

test('a column that is not there is named, with those that are', async () => {
  const { code, stderr } = await received(
    ['--columns', 'a,cout'],
    [stream({ a: vectorFromArray([1]), count: vectorFromArray([1]) })],
  );
  expect(stderr).toContain('"code":"COLUMN_UNKNOWN"');
  expect(stderr).toContain("there is no column 'cout' (did you mean 'count'?); the columns are 'a', 'count'");
  expect(code).toBe(2);
});

(existsSync('/dev/full') ? test : test.skip).each(['csv', 'parquet'])(
  '%s on a full disk is a typed error',
  async (kind) => {
    const payload = stream({ a: vectorFromArray([1, 2]) });
    const { code, stderr } = await received(['-o', '/dev/full', '--force', '--output', kind], [payload]);
    expect(stderr).toContain(`"code":"OUTPUT","message":"can't write '/dev/full': ENOSPC: the disk is full"`);
    expect(code).toBe(1);
  },
);

test.each(['csv', 'parquet'])(
  'a reader of %s that goes away ends sub quietly; what it did not take is counted',
  async (kind) => {
    const payload = tableToIPC(
      new Table({ a: vectorFromArray(Float64Array.from({ length: 200_000 }, Math.random)) }),
      'stream',
    );
    const { code, stderr, summary } = await received(['--output', kind], [], async (cli, session) => {
      cli.child.stdout.once('data', () => cli.child.stdout.destroy());
      while (cli.child.exitCode === null) {
        // The link of a process that ends may break in a put: how it ended is what counts.
        await session.put('test', payload, BLOCK).catch(() => {});
        // A put that nobody takes ends at once, and what the process tells would never be heard.
        await new Promise(setImmediate);
      }
    });
    expect(code).toBe(0);
    expect(stderr).not.toContain('error');
    expect(summary).toMatchObject({ interrupted: false });
    expect(summary?.unwritten).toBe(1);
    expect(summary?.rows).toBe((summary?.batches as number) * 200_000);
  },
);

describe('few bytes that stand for much text', () => {
  const type = new Dictionary(new Utf8(), new Int8(), 1);
  const dictionary = vectorFromArray(['x'.repeat(2 ** 20)], new Utf8());
  const values = (length: number) => makeData({ type, length, data: new Int8Array(length), dictionary });
  const column = (length: number) => stream({ text: new Vector([values(length)]) });
  const nested = (length: number) =>
    stream({
      list: new Vector([
        makeData({
          type: new List(new Field('item', type)),
          length: 1,
          valueOffsets: Int32Array.of(0, length),
          child: values(length),
        }),
      ]),
    });

  test.each(['csv', 'ndjson'])('are written as %s bit by bit', async (kind) => {
    const { code, stderr, stdout } = await received(['--output', kind], [column(100_000)], async (cli) => {
      await until('much of it came', () => cli.stdout.byteLength > 20_000_000);
      cli.child.stdout.destroy();
    });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('"error"')]);
    expect(stdout.subarray(0, 20).toString()).toBe(
      kind === 'csv' ? `text\n${'x'.repeat(15)}` : `{"text":"${'x'.repeat(11)}`,
    );
  });

  test.each(['csv', 'ndjson'])('are refused as %s in a single row', async (kind) => {
    const { code, stderr } = await received(['--output', kind], [nested(2000)]);
    expect(stderr).toContain('"code":"OUTPUT_LIMIT","message":"a row is more than 134217728 characters as text');
    expect(code).toBe(1);
  });

  test.each([
    ['in many rows', column(2_000_000)],
    ['in a single row', nested(2_000_000)],
  ])('are refused as Parquet, %s', (_, payload) =>
    withFolder(async (folder) => {
      const { code, stderr } = await received(['-o', `${folder}/a.parquet`], [payload]);
      expect(stderr).toContain('"code":"OUTPUT_LIMIT","message":"the values of a batch\'s dictionaries are more than');
      expect(code).toBe(1);
    }),
  );

  peerTest('python', 'are written as Parquet in pieces', () =>
    withFolder(async (folder) => {
      const path = `${folder}/a.parquet`;
      const { code, stderr } = await received(['-o', path], [column(200)]);
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('"error"')]);
      const script =
        'import sys, pyarrow.parquet as pq\nassert [len(v) for v in pq.read_table(sys.argv[1])["text"].to_pylist()] == [2**20] * 200';
      python(script, path);
    }),
  );
});

describe('--with-key', () => {
  const payload = stream({ a: vectorFromArray([1, 2]) });

  test.each([
    ['csv', ['--with-key'], 'key,a\ntest,1\ntest,2\n'],
    ['csv', ['--with-key', 'from', '--columns', 'a'], 'from,a\ntest,1\ntest,2\n'],
    ['ndjson', ['--with-key'], '{"key":"test","a":1}\n{"key":"test","a":2}\n'],
  ])('adds the key to %s with %j', async (kind, flags, expected) => {
    const { code, stdout } = await received(['--output', kind, ...flags], [payload]);
    expect([code, stdout.toString()]).toEqual([0, expected]);
  });

  test.each(['csv', 'ndjson'])('of a name that %s has already is an error', async (kind) => {
    const { code, stderr } = await received(['--output', kind, '--with-key', 'a'], [payload]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("there is a column 'a' already: --with-key NAME")]);
  });

  test('is refused where it would say nothing', async () => {
    const { code, stderr } = await Cli.run(['sub', '-k', 'test', '--output', 'arrow', '--with-key']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--with-key is for ndjson and csv')]);
  });
});
