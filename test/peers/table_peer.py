# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""Tables over zenoh as a Python program has them, without any code of ours: self-contained, and bare with a head."""
import hashlib

import pyarrow as pa
import pyarrow.ipc
import zenoh

from json_lines import serve
from zenoh_peer import WAIT, ZenohPeer

STREAM = "application/vnd.apache.arrow.stream"
BATCH = "application/x-arrow-batch"


class TablePeer(ZenohPeer):
    def next_table(self):
        """The next sample, which stands for itself."""
        sample = self.next_sample()
        return told(sample, pa.ipc.open_stream(sample.payload.to_bytes()).read_all())

    def next_bare(self):
        """The next sample, a batch whose head the publisher is asked for."""
        sample = self.next_sample()
        fingerprint = sample.attachment.to_bytes()[:32].decode()
        replies = self.session.get(f"{sample.key_expr}/@arrow/{fingerprint}", timeout=WAIT)
        head = next(reply.ok.payload.to_bytes() for reply in replies if reply.ok)
        assert hashlib.sha256(head).hexdigest()[:32] == fingerprint
        return told(sample, pa.ipc.open_stream(head + sample.payload.to_bytes()).read_all())

    def put_bare(self, key, rows, as_shm=False):
        """Publishes rows of dictionary-encoded text and numbers as a bare batch, and answers for its head."""
        head, batch = bare_of(rows)
        fingerprint = hashlib.sha256(head).hexdigest()[:32]

        def on_query(query):
            with query:
                query.reply(f"{key}/@arrow/{fingerprint}", self.shared(head) if as_shm else head, encoding=STREAM)

        self.declared.append(self.session.declare_queryable(f"{key}/@arrow/*", on_query))
        fields = {"encoding": BATCH, "attachment": fingerprint.encode().hex(), "congestionControl": "BLOCK"}
        return self.publish(key, batch, as_shm, fields)


def told(sample, table):
    table.validate(full=True)
    return {"encoding": str(sample.encoding), "rows": table.to_pylist()}


def bare_of(rows):
    names = pa.array([row["name"] for row in rows]).dictionary_encode()
    numbers = pa.array([row["n"] for row in rows], pa.int32())
    sink = pa.BufferOutputStream()
    batch = pa.record_batch([numbers, names], names=["n", "name"])
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    *head, body = pa.ipc.MessageReader.open_stream(sink.getvalue())
    assert body.type == "record batch"
    return b"".join(message.serialize().to_pybytes() for message in head), body.serialize().to_pybytes()


if __name__ == "__main__":
    serve(TablePeer())
