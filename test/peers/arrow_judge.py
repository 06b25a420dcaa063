# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""pyarrow as a judge of IPC streams: writes and reads them for a test, without zenoh. Bytes are base64."""
import base64

import pyarrow as pa
import pyarrow.ipc

from arrow_json import batch_of, columns_of
from json_lines import serve


class ArrowJudge:
    def write(self, batches, cut=None, metadata=None, **options):
        """Batches, of all rows or of the rows [start, end) of `cut`, as one stream."""
        made = [batch_of(columns, metadata) for columns in batches]
        if cut is not None:
            made = [batch.slice(cut[0], cut[1] - cut[0]) for batch in made]
        return text_of(write_stream(made, write_options(**options))[0])

    def read(self, stream, misaligned=0, by=None):
        """The batches of a stream, validated in full; `by` bytes of it at a time, and `misaligned` in memory."""
        data = base64.b64decode(stream)
        if by is None:
            data = pa.py_buffer(bytes(misaligned) + data).slice(misaligned)
        else:
            data = Slow(data, by)
        return [columns_of(batch) for batch in read_stream(data)[1]]

    def judge(self, streams):
        """As `read`, of damaged streams: the error where there is one."""
        results = []
        for stream in streams:
            try:
                results.append({"batches": self.read(stream)})
            except Exception as error:  # whatever it does not like
                results.append({"error": f"{type(error).__name__}: {error}"[:300]})
        return results

    def close(self):
        pass


class Slow:
    """A file that gives a few bytes at a time."""

    closed = False

    def __init__(self, data, by):
        self.data, self.by, self.at = data, by, 0

    def read(self, size=None):
        size = self.by if size is None or size < 0 else size
        taken = self.data[self.at : self.at + size]
        self.at += len(taken)
        return taken


def write_options(compression=None, deltas=False, version="V5", legacy=False):
    return pa.ipc.IpcWriteOptions(
        compression=compression,
        emit_dictionary_deltas=deltas,
        metadata_version=getattr(pa.ipc.MetadataVersion, version),
        use_legacy_format=legacy,
    )


def write_stream(batches, options=None):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batches[0].schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return sink.getvalue().to_pybytes(), writer.stats


def read_stream(payload):
    with pa.ipc.open_stream(payload) as reader:
        batches = list(reader)
        schema = reader.schema
    for batch in batches:
        batch.validate(full=True)
    pa.Table.from_batches(batches, schema).validate(full=True)
    return schema, batches


def text_of(data):
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    serve(ArrowJudge())
