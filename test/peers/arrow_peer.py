# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""pyarrow at the end of a zenoh session: reads and writes IPC streams. The JSON forms are those of support/arrow/column.ts."""
import hashlib

import pyarrow as pa

from arrow_json import batch_of, columns_of
from arrow_judge import read_stream, write_options, write_stream
from json_lines import serve
from zenoh_peer import ZenohPeer

OTHERS = {
    "run_end_encoded": pa.run_end_encoded(pa.int32(), pa.utf8()),
    "list_view": pa.list_view(pa.int32()),
    "large_list_view": pa.large_list_view(pa.int32()),
    "dictionary_int64": pa.dictionary(pa.int64(), pa.utf8()),
}


class ArrowPeer(ZenohPeer):
    def next_stream(self):
        """Opens the next payload as an IPC stream, validates it in full, and tells of every batch."""
        sample = self.next_sample()
        schema, batches = read_stream(sample.payload.to_bytes())
        return {
            "encoding": str(sample.encoding),
            "isShm": sample.payload.as_shm() is not None,
            "metadata": metadata_of(schema),
            "batches": [columns_of(batch) for batch in batches],
        }

    def next_hashes(self):
        """As `next_stream`, for large columns without nulls: the hash of the values of each."""
        _, batches = read_stream(self.next_sample().payload.to_bytes())
        return [[hashlib.sha256(column.buffers()[1]).hexdigest() for column in batch] for batch in batches]

    def next_aligned(self):
        """Opens the next payload, which came in shared memory, and tells where its buffers start, as they do there."""
        payload = self.next_sample().payload
        # eclipse-zenoh shows shared memory as a copy only: put where a chunk may start, at a multiple of 64.
        data = payload.to_bytes()
        chunk = pa.allocate_buffer(len(data))
        memoryview(chunk).cast("B")[:] = data
        _, [batch] = read_stream(chunk)
        addresses = [each.address for column in batch for each in column.buffers() if each is not None]
        return {
            "isShm": payload.as_shm() is not None,
            "remainders": sorted({address % 64 for address in addresses}),
            "buffers": len(addresses),
            "rows": batch.to_pylist(),
        }

    def put_stream(self, key, batches, cut=None, as_shm=False, fields={}, metadata=None, compression=None, deltas=False):
        """Writes batches, of all rows or of the rows [start, end) of `cut`, as one payload."""
        made = [batch_of(columns) for columns in batches]
        if cut is not None:
            made = [batch.slice(cut[0], cut[1] - cut[0]) for batch in made]
        if metadata is not None:
            made = [batch.replace_schema_metadata(metadata) for batch in made]
        stream, stats = write_stream(made, write_options(compression=compression, deltas=deltas))
        return {**self.publish(key, stream, as_shm, fields), "deltas": stats.num_dictionary_deltas}

    def put_other(self, key, name):
        """One null of a type outside the shared form, by its name in OTHERS, as the second column."""
        batch = pa.record_batch([pa.nulls(1, pa.int32()), pa.nulls(1, OTHERS[name])], names=["known", "other"])
        return self.publish(key, write_stream([batch])[0])

    def put_doubles(self, key, rows, as_shm=False, fields={}):
        """A large column; the answer has the hash of its values."""
        column = pa.array([row / 3 for row in range(rows)], pa.float64())
        stream, _ = write_stream([pa.record_batch([column], names=["d"])])
        told = self.publish(key, stream, as_shm, fields)
        return {**told, "values": hashlib.sha256(column.buffers()[1]).hexdigest()}


def metadata_of(schema):
    return {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}



if __name__ == "__main__":
    serve(ArrowPeer())
