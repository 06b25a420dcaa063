// SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
import { spawnSync } from 'node:child_process';
import { expect } from '@jest/globals';
import { peerTest, pythonPath } from '../support/peers.js';
import { withFolder, write } from './data.js';
import { published } from './published.js';

/** `write FOLDER` makes a file for each codec, in row groups of 300 rows; `compare FOLDER` reads what came of each. */
const PYTHON = `
import datetime, decimal, sys
import pyarrow as pa
import pyarrow.parquet as pq

n = 1000
every = lambda k, make: [make(i) if i % k else None for i in range(n)]
table = pa.table({
    "i8": pa.array(every(7, lambda i: i % 100 - 50), pa.int8()),
    "u64": pa.array([2**63 + i for i in range(n)], pa.uint64()),
    "decimal": pa.array(every(5, lambda i: decimal.Decimal(f"{i}00000000000000000000.12")), pa.decimal128(38, 2)),
    "date": pa.array(every(3, lambda i: datetime.date(2020, 1, 1 + i % 28)), pa.date32()),
    "at": pa.array([1577836800000000001 + i for i in range(n)], pa.timestamp("ns", "Europe/Paris")),
    "time": pa.array(range(n), pa.time64("us")),
    "duration": pa.array(range(n), pa.duration("ms")),
    "kind": pa.array(every(4, lambda i: f"kind {i % 3}")).dictionary_encode(),
    "list": pa.array(every(6, lambda i: [i, None] * (i % 3))),
    "struct": pa.array([{"a": i, "b": [str(i)]} for i in range(n)]),
    "map": pa.array([[("k", i)] for i in range(n)], pa.map_(pa.string(), pa.int32())),
    "large": pa.array(every(9, lambda i: "x" * (i % 50)), pa.large_string()),
    "bytes": pa.array([b"\\x00\\xff" * (i % 5) for i in range(n)]),
    "fixed": pa.array([i.to_bytes(3, "little") for i in range(n)], pa.binary(3)),
    "pair": pa.array([[1.0, i] for i in range(n)], pa.list_(pa.float32(), 2)),
    "bool": pa.array(every(2, lambda i: i % 3 == 0)),
})
# Python's own times have no nanoseconds.
values = lambda column: (column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column).to_pylist()
verb, folder = sys.argv[1:]
for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    if verb == "write":
        pq.write_table(table, f"{folder}/{codec}.parquet", compression=codec, row_group_size=300)
        continue
    received = pa.Table.from_batches([b for i in range(4) for b in pa.ipc.open_stream(f"{folder}/{codec}.{i}")])
    received.validate(full=True)
    assert [len(c) for c in received["i8"].chunks] == [300, 300, 300, 100], received["i8"].chunks
    for field in table.schema:
        sent, came = table[field.name], received[field.name]
        assert came.type == sent.type, f"{codec}: {field.name} is {came.type}, not {sent.type}"
        assert values(came) == values(sent), f"{codec}: {field.name}"
    print(codec)
`;

function python(verb: 'write' | 'compare', folder: string): string {
  const { status, stdout, stderr } = spawnSync(pythonPath(), ['-c', PYTHON, verb, folder]);
  if (status !== 0) throw new Error(stderr.toString());
  return stdout.toString();
}

peerTest('python', 'Parquet of pyarrow arrives type by type and value by value, whatever the codec', () =>
  withFolder(async (folder) => {
    python('write', folder);
    const codecs = ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'];
    const paths = codecs.map((codec) => `${folder}/${codec}.parquet`);
    const { pub, samples } = await published(paths);
    expect(pub.stderr).not.toContain('error');
    expect(samples).toHaveLength(4 * codecs.length);
    for (const [i, { bytes }] of samples.entries()) write(folder, `${codecs[Math.floor(i / 4)]}.${i % 4}`, bytes);
    expect(python('compare', folder).trim().split('\n')).toEqual(codecs);
  }),
);
