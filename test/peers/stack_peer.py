# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""A zenoh session of the official Python library that notes times along the way of messages, by its own clock if told so."""
import zenoh

from json_lines import serve
from zenoh_peer import ZenohPeer, config_of, name_of

TICK = b"\x00tick\xff"


class StackPeer(ZenohPeer):
    def open(self, settings, clock=False):
        options = {"timestamp_callback": lambda context: TICK} if clock else {}
        self.session = zenoh.open(config_of(settings), **options)

    def put_noted(self, key, points):
        self._wait_for_subscriber(key)
        self.session.put(key, b"x", timestamp_instrumentation=instrumentation(points))

    def next_stack(self):
        stack = self.next_sample().timestamp_stack
        if stack is None:
            return None
        points = (zenoh.InterceptionPoint.SEND, zenoh.InterceptionPoint.ROUTE, zenoh.InterceptionPoint.RECEIVE)
        return {
            "asked": [name_of(point) for point in points if stack.instrumentation.is_instrumented(point)],
            "records": [{"point": name_of(record.point), **time_of(record)} for record in stack.records],
        }


def instrumentation(points):
    builder = zenoh.TimestampInstrumentationBuilder()
    for point in points:
        builder = getattr(builder, f"set_{point}")(True)
    return builder.build()


def time_of(record):
    time = record.timestamp()
    return {"custom": bytes(time).hex()} if record.is_custom else {"time": str(time)}


if __name__ == "__main__":
    serve(StackPeer())
