# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""Round trips of zenoh-python, beside peers/pinger.mjs."""

import json
import threading
import time

import zenoh
from harness import commands, say, total

THERE = "bench/ping"
BACK = "bench/pong"


def publisher_on(session: zenoh.Session, key: str) -> zenoh.Publisher:
    return session.declare_publisher(
        key,
        congestion_control=zenoh.CongestionControl.BLOCK,
        reliability=zenoh.Reliability.RELIABLE,
        express=True,
    )


class Pinger:
    def __init__(self, session: zenoh.Session, size: int) -> None:
        self.publisher = publisher_on(session, THERE)
        self.subscriber = session.declare_subscriber(BACK)
        self.payload = bytes([7]) * size
        self.sent = []

    def send(self) -> None:
        self.sent.append(time.perf_counter_ns())
        self.publisher.put(self.payload)

    def take(self, number: int) -> int:
        """Nanoseconds that this message took; they come back in order."""
        sample = self.subscriber.recv()
        now = time.perf_counter_ns()
        if len(sample.payload) == 1:
            # Of the probes that were sent before the first came back.
            return self.take(number)
        if len(sample.payload) != len(self.payload):
            raise ValueError(f"{len(sample.payload)} bytes came back")
        return now - self.sent[number]

    def ping(self, count: int) -> list[int]:
        samples = []
        for number in range(count):
            self.send()
            samples.append(self.take(number))
        return samples

    def load(self, count: int, rate: int) -> list[int]:
        samples = []
        receiver = threading.Thread(target=lambda: samples.extend(map(self.take, range(count))))
        receiver.start()
        begun = time.perf_counter()
        for number in range(count):
            time.sleep(max(0, begun + number / rate - time.perf_counter()))
            self.send()
        receiver.join()
        return samples

    def probe(self) -> None:
        self.publisher.put(b"?")
        deadline = time.monotonic() + 0.02
        while time.monotonic() < deadline:
            if self.subscriber.try_recv() is not None:
                say("probed")
                return
            time.sleep(0.001)


def ping(session: zenoh.Session, size: int) -> None:
    pinger = Pinger(session, size)
    sent = 0
    for verb, count, *rate in commands():
        if verb == "probe":
            pinger.probe()
            continue
        pinger.sent = []
        samples = pinger.ping(count) if verb == "ping" else pinger.load(count, *rate)
        sent += count
        say("samples " + json.dumps(samples))
    total(count=sent)


def echo(session: zenoh.Session) -> None:
    publisher = publisher_on(session, BACK)
    received = 0

    def answer(sample: zenoh.Sample) -> None:
        nonlocal received
        received += 1
        publisher.put(sample.payload)

    subscriber = session.declare_subscriber(THERE, answer)
    for _ in commands():
        pass
    subscriber.undeclare()
    total(count=received)
