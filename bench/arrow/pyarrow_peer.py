# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""pyarrow beside peer.mjs: the same protocol, the same content (content.mjs), the same sums."""
import pathlib
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

sys.path.insert(0, str(pathlib.Path(__file__).parent / "../in-memory"))
from jobs_peer import serve  # noqa: E402

SLICE = 65_536


def table_of(rows):
    columns = [
        pa.array((i / 8 for i in range(rows)), pa.float64(), size=rows),
        pa.array(range(rows), pa.int32()),
        pa.array((f"r{i:07}" for i in range(rows)), pa.utf8(), size=rows),
    ]
    return pa.table(columns, names=["d", "i", "s"])


def encode(table):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def decode(stream):
    with pa.ipc.open_stream(stream) as reader:
        return reader.read_all()


def touch(table):
    numbers = pc.sum(table["d"]).as_py() + pc.sum(table["i"]).as_py()
    texts = pc.sum(pc.binary_length(table["s"])).as_py() + int(table["s"][-1].as_py()[1:])
    return numbers + texts + table.num_rows


def decoding(stream):
    return lambda: decode(stream), touch


def encoding(rows):
    table = table_of(rows)
    return lambda: encode(table), lambda stream: touch(decode(stream))


def odd(rows):
    # No memory of pyarrow's own starts at an odd address.
    return decoding(pa.py_buffer(b"\0" + encode(table_of(rows)).to_pybytes()).slice(1))


def slices(rows):
    """It reads one buffer or a file: slices have to be joined."""
    stream = encode(table_of(rows)).to_pybytes()
    cut = [stream[at : at + SLICE] for at in range(0, len(stream), SLICE)]
    return lambda: decode(b"".join(cut)), touch


serve(
    {
        "encode": encoding,
        "aligned": lambda rows: decoding(encode(table_of(rows))),
        "odd": odd,
        "slices": slices,
        "as-sent": lambda rows: decoding(encode(table_of(rows))),
    }
)
