# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""pyarrow at the other end of table publishers and subscribers: streams, bare batches and their heads, shared memory in place."""
import ctypes
import hashlib

import pyarrow as pa
import zenoh

from arrow_json import batch_of, columns_of, stored_columns
from arrow_judge import read_stream, write_stream
from arrow_peer import ArrowPeer
from json_lines import serve

BARE = "application/x-arrow-batch"
STREAM = "application/vnd.apache.arrow.stream"
END_OF_STREAM = 8
FINGERPRINT = 32


class ArrowTablePeer(ArrowPeer):
    def __init__(self):
        super().__init__()
        self.heads = {}

    def next_table(self, key):
        """The next table of `key`; the head of a bare batch is asked for."""
        sample = self.next_sample()
        data = sample.payload.to_bytes()
        asked = 0
        if str(sample.encoding) == BARE:
            fingerprint = sample.attachment.to_bytes()[:FINGERPRINT].decode()
            if fingerprint not in self.heads:
                asked = 1
                self.heads[fingerprint] = self._head(f"{key}/@arrow/{fingerprint}")
            data = self.heads[fingerprint] + data
        _, batches = read_stream(data)
        return {"encoding": str(sample.encoding), "asked": asked, "batches": [columns_of(each) for each in batches]}

    def next_in_place(self):
        """Opens the next payload where it lies in shared memory; `remainders` are of the addresses of its buffers, by 64."""
        sample = self.next_sample()
        chunk = in_place(sample.payload)
        _, batches = read_stream(chunk)
        buffers = [each for batch in batches for array in stored_columns(batch) for each in array.buffers()]
        inside = [each for each in buffers if each is not None and each.size > 0]
        ends = chunk.address + chunk.size
        return {
            "isShm": sample.payload.as_shm() is not None,
            "copied": [each.size for each in inside if not chunk.address <= each.address < ends],
            "buffers": len(inside),
            "remainders": sorted({each.address % 64 for each in inside}),
            "batches": [columns_of(each) for each in batches],
        }

    def serve_heads(self, key):
        """Answers for the heads of what `put_bare_table` puts."""
        self.declared.append(self.session.declare_queryable(f"{key}/@arrow/*", self._answer))

    def put_bare_table(self, key, columns, as_shm=False):
        """A bare batch; its head is kept for those who ask."""
        batch = batch_of(columns)
        stream, _ = write_stream([batch])
        bare = batch.serialize().to_pybytes()
        head, rest = stream[: -END_OF_STREAM - len(bare)], stream[-END_OF_STREAM - len(bare) :]
        assert rest[: len(bare)] == bare
        fingerprint = hashlib.sha256(head).hexdigest()[:FINGERPRINT]
        self.heads[fingerprint] = head
        return self.publish(key, bare, as_shm, {"encoding": BARE, "attachment": fingerprint.encode().hex()})

    def _answer(self, query):
        key = str(query.key_expr)
        head = self.heads.get(key.rpartition("/")[2])
        if head is not None:
            query.reply(key, head, encoding=zenoh.Encoding(STREAM))
        query.drop()

    def _head(self, key):
        fingerprint = key.rpartition("/")[2]
        for reply in self.session.get(key):
            head = reply.ok.payload.to_bytes()
            if hashlib.sha256(head).hexdigest()[:FINGERPRINT] == fingerprint:
                return head
        raise LookupError(f"nobody has the head {fingerprint}")


def in_place(payload):
    """eclipse-zenoh shows shared memory as a copy only: here it is found where this process has mapped it."""
    data = payload.to_bytes()
    with open("/proc/self/maps") as maps:
        mapped = [line.split() for line in maps if "zenoh" in line]
    for addresses, *_ in mapped:
        start, end = (int(each, 16) for each in addresses.split("-"))
        at = ctypes.string_at(start, end - start).find(data)
        if at >= 0:
            return pa.foreign_buffer(start + at, len(data), base=payload)
    raise LookupError(f"{len(data)} bytes are in no shared memory of {len(mapped)} mappings")


if __name__ == "__main__":
    serve(ArrowTablePeer())
