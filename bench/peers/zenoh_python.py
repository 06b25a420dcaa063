# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""zenoh-python's peers: zenoh_python.py <publisher|subscriber|ping|echo> tcp <size> <config>, started by bench/meeting.mjs."""

import sys

import zenoh
import zenoh_python_round_trip as round_trip
from harness import commands, say, total

KEY = "bench/payload"


def publish(session: zenoh.Session, size: int) -> None:
    publisher = session.declare_publisher(
        KEY,
        congestion_control=zenoh.CongestionControl.BLOCK,
        reliability=zenoh.Reliability.RELIABLE,
    )
    payload = bytes([7]) * size
    sent = 0
    for verb, count in commands():
        if verb == "probe":
            publisher.put(b"?")
        elif verb == "send":
            for _ in range(count):
                publisher.put(payload)
            sent += count
    total(count=sent)


class Tally:
    def __init__(self) -> None:
        self.goal = 0
        self.count = 0
        self.bytes = 0
        self.touched = 0

    def receive(self, sample: zenoh.Sample) -> None:
        # The only way to a payload's bytes, and it copies.
        data = sample.payload.to_bytes()
        if len(data) == 1:
            say("probed")
            return
        self.touched += data[0]
        self.bytes += len(data)
        self.count += 1
        if self.count == self.goal:
            say("done")


def subscribe(session: zenoh.Session) -> None:
    tally = Tally()
    subscriber = session.declare_subscriber(KEY, tally.receive)
    for verb, count in commands():
        if verb == "expect":
            tally.goal = tally.count + count
            say("armed")
    subscriber.undeclare()
    total(count=tally.count, bytes=tally.bytes, shm=0)


def main() -> None:
    role, _link, size, config = sys.argv[1:]
    with zenoh.open(zenoh.Config.from_json5(config)) as session:
        if role == "publisher":
            publish(session, int(size))
        elif role == "subscriber":
            subscribe(session)
        elif role == "ping":
            round_trip.ping(session, int(size))
        else:
            round_trip.echo(session)


main()
