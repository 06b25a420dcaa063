# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""The official Python library asking and answering, alive and watching who is."""
import queue

import zenoh

from json_lines import serve
from zenoh_peer import WAIT, ZenohPeer, wait_for_match


class QueryPeer(ZenohPeer):
    def __init__(self):
        super().__init__()
        self.changes = queue.Queue()

    def answer(self, key):
        """A queryable whose reply repeats what it was asked; without a payload, it replies with an error."""

        def on_query(query):
            with query:
                if query.payload is None:
                    query.reply_err("nothing was asked")
                    return
                asked = f"{query.parameters}|".encode() + query.payload.to_bytes()
                query.reply(key, asked, attachment=query.attachment)

        self.declared.append(self.session.declare_queryable(key, on_query))

    def ask(self, selector, payload):
        key = selector.partition("?")[0]
        wait_for_match(self.session.declare_querier(key), f"queryable of {key}")
        replies = self.session.get(selector, payload=payload, timeout=WAIT)
        return [
            {"ok": reply.ok.payload.to_string()} if reply.ok else {"err": reply.err.payload.to_string()}
            for reply in replies
        ]

    def token(self, key):
        self.declared.append(self.session.liveliness().declare_token(key))

    def alive(self, key):
        return [str(reply.ok.key_expr) for reply in self.session.liveliness().get(key, timeout=WAIT)]

    def watch(self, key):
        def on_change(sample):
            self.changes.put([str(sample.key_expr), "put" if sample.kind == zenoh.SampleKind.PUT else "delete"])

        self.declared.append(self.session.liveliness().declare_subscriber(key, on_change, history=True))

    def next_change(self):
        return self.changes.get(timeout=WAIT)


if __name__ == "__main__":
    serve(QueryPeer())
