# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""Arrow Flight's peers: flight_peer.py <ends|whole> <publisher|subscriber> tcp <size> <location>.

The subscriber is a server; the publisher streams batches to it with DoPut. The protocol is that of bench/README.md.
"""
import pathlib
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.flight as flight

sys.path.insert(0, str(pathlib.Path(__file__).parent / "../peers"))
from harness import commands, say, total  # noqa: E402


def batch_of(size):
    rows = size // 32
    doubles, integers = pa.array([0.5] * rows, pa.float64()), pa.array([1] * rows, pa.int32())
    return pa.record_batch([doubles] * 2 + [integers] * 4, names=list("abcdef"))


def publish(location, size):
    client = flight.connect(location)
    batch = batch_of(size)
    writer = None
    sent = 0
    for verb, count in commands():
        if verb == "probe":
            list(client.do_action(flight.Action("probe", b"")))
        elif verb == "send":
            if writer is None:
                writer, _ = client.do_put(flight.FlightDescriptor.for_path("bench"), batch.schema)
            for _ in range(count):
                writer.write_batch(batch)
            sent += count
    if writer is not None:
        writer.close()
    client.close()
    total(count=sent)


class Subscriber(flight.FlightServerBase):
    def __init__(self, location, whole):
        super().__init__(location)
        self.whole = whole
        self.goal = self.count = self.bytes = self.touched = 0

    def do_action(self, context, action):
        say("probed")
        return []

    def do_put(self, context, descriptor, reader, writer):
        for chunk in reader:
            for column in chunk.data.columns:
                self.touched += self.touch(column)
                self.bytes += column.nbytes
            self.count += 1
            if self.count == self.goal:
                say("done")

    def touch(self, column):
        return pc.sum(column).as_py() if self.whole else column[0].as_py() + column[-1].as_py()


def subscribe(location, whole):
    server = Subscriber(location, whole)
    for verb, count in commands():
        if verb == "expect":
            server.goal = server.count + count
            say("armed")
    server.shutdown()
    total(count=server.count, bytes=server.bytes, shm=0)


def main():
    work, role, _link, size, location = sys.argv[1:]
    if role == "publisher":
        publish(location, int(size))
    else:
        subscribe(location, work == "whole")


main()
