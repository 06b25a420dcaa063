# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""pyarrow at the end of a zenoh session: compressed bodies of any size, and batches apart from their schema."""
import hashlib

import pyarrow as pa
import pyarrow.ipc

from arrow_json import batch_of, columns_of
from arrow_judge import read_stream, write_options, write_stream
from arrow_peer import ArrowPeer
from json_lines import serve


class ArrowFormsPeer(ArrowPeer):
    def put_numbers(self, key, rows, period, compression, fields={}):
        """Integers that repeat after `period` rows, and their text; the answer has the hash of their values."""
        numbers = pa.array([row % period for row in range(rows)], pa.int32())
        batch = pa.record_batch([numbers, numbers.cast(pa.utf8())], names=["number", "text"])
        stream, _ = write_stream([batch], write_options(compression=compression))
        return {**self.publish(key, stream, fields=fields), "hashes": hashes_of(batch)}

    def next_numbers(self):
        """The codec of the next payload's batch, and the hash of its values."""
        payload = self.next_sample().payload.to_bytes()
        _, batches = read_stream(payload)
        return {"length": len(payload), "hashes": [hashes_of(batch) for batch in batches]}

    def put_bare(self, key, columns, fields={}):
        """A schema message, then a record batch message, as two payloads."""
        batch = batch_of(columns)
        self.publish(key, batch.schema.serialize().to_pybytes(), fields=fields)
        return self.publish(key, batch.serialize().to_pybytes(), fields=fields)

    def next_bare(self):
        """Opens the next two payloads as a schema message and a record batch message."""
        schema = pa.ipc.read_schema(pa.py_buffer(self.next_sample().payload.to_bytes()))
        batch = pa.ipc.read_record_batch(pa.py_buffer(self.next_sample().payload.to_bytes()), schema)
        batch.validate(full=True)
        return columns_of(batch)

    def next_parts(self):
        """Opens the next two payloads, joined, as a stream."""
        head = self.next_sample().payload.to_bytes()
        _, batches = read_stream(head + self.next_sample().payload.to_bytes())
        return [columns_of(batch) for batch in batches]


def hashes_of(batch):
    """Of the values of each column as a stream of them alone would hold them, whatever the buffers are longer."""
    numbers, text = batch.columns
    return [
        hashlib.sha256(b"".join(value.as_py().to_bytes(4, "little") for value in numbers)).hexdigest(),
        hashlib.sha256("".join(value.as_py() for value in text).encode()).hexdigest(),
    ]


if __name__ == "__main__":
    serve(ArrowFormsPeer())
