# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""pycapnp beside peer.mjs: the same protocol, the same content (content.mjs), the same sums."""

import pathlib
import sys
import warnings

import capnp

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "../in-memory"))
from jobs_peer import serve  # noqa: E402

SCHEMA = HERE / "../../test/golden/capnp/telemetry.capnp"
Telemetry = capnp.load(str(SCHEMA)).Telemetry
SLICE = 65_536

# A built message is framed over and over here, of which pycapnp warns.
warnings.filterwarnings("ignore", message="This message has already been written once")


def fill_fields(root):
    root.sequence = 123_456_789
    root.timestamp = -987_654_321
    root.temperature = 21
    root.active = True
    root.flags = 0xA5
    root.gain = 0.75
    root.health = "degraded"
    root.name = "Messgerät 7"
    position = root.init("position")
    position.latitude = 52.5
    position.longitude = -13.25
    position.altitude = 34.5
    readings = root.init("readings", 3)
    for i in range(3):
        reading = readings[i]
        reading.sensor = f"sensor {i}"
        reading.value = i / 4
        reading.health = "failed"
    spectrum = root.init("spectrum", 8)
    for i in range(8):
        spectrum[i] = i / 8
    tags = root.init("tags", 2)
    tags[0] = "first"
    tags[1] = "second"
    marks = root.init("marks", 10)
    for i in range(10):
        marks[i] = i % 3 == 0
    root.extra.retryAfter = 250


def touch(root):
    total = root.sequence + root.timestamp + root.temperature + root.flags + root.gain + root.health.raw
    total += 1 if root.active else 0
    total += len(root.name)
    position = root.position
    total += position.latitude + position.longitude + position.altitude
    for reading in root.readings:
        total += len(reading.sensor) + reading.value + reading.health.raw
    for value in root.spectrum:
        total += value
    for tag in root.tags:
        total += len(tag)
    for mark in root.marks:
        total += 1 if mark else 0
    extra = root.extra
    if extra.which == "retryAfter":
        total += extra.retryAfter
    total += 1 if root._has("next") else 0
    frame = root.frame
    return total + len(frame) + frame[0] + frame[-1]


def counting(size):
    return bytes(range(256)) * (size // 256)


def zero_heavy(size):
    return bytes(7 if i % 8 == 0 and i & 32 else 0 for i in range(256)) * (size // 256)


def dense(size):
    return bytes((i * 7 + (i >> 8) * 13) & 255 for i in range(size))


def built(fill):
    message = Telemetry.new_message()
    fill(message)
    return message


def framed(frame):
    def fill(root):
        fill_fields(root)
        root.frame = frame

    return built(fill)


def framed_bytes(size):
    return framed(counting(size)).to_bytes()


def opened(payload, read):
    with Telemetry.from_bytes(payload) as root:
        return read(root)


def sending(send):
    return send, lambda sent: opened(sent, touch)


def adopt(size):
    # It has no adoption of memory; these segments are copies, unjoined.
    frame = counting(size)
    return lambda: framed(frame).to_segments(), lambda sent: touch(Telemetry.from_segments(sent))


def reading(payload, read):
    return lambda: opened(payload, read), float


def odd(size):
    # It refuses what is not aligned: a copy is the way.
    view = memoryview(b"\0" + framed_bytes(size))[1:]
    return lambda: opened(bytes(view), touch), float


def slices(size):
    payload = framed_bytes(size)
    cuts = [payload[at : at + SLICE] for at in range(0, len(payload), SLICE)]
    return lambda: opened(b"".join(cuts), touch), float


def doubles(read):
    def job(size):
        def fill(root):
            spectrum = root.init("spectrum", size)
            for i in range(size):
                spectrum[i] = i / 8

        return reading(built(fill).to_bytes(), read)

    return job


def doubles_by_index(root):
    spectrum = root.spectrum
    total = 0.0
    for i in range(len(spectrum)):
        total += spectrum[i]
    return total


def structs(read):
    def job(size):
        def fill(root):
            readings = root.init("readings", size)
            for i in range(size):
                one = readings[i]
                one.value = i / 4
                one.health = "failed"

        return reading(built(fill).to_bytes(), read)

    return job


def structs_by_index(root):
    readings = root.readings
    total = 0.0
    for i in range(len(readings)):
        one = readings[i]
        total += one.value + one.health.raw
    return total


def texts(size):
    def fill(root):
        tags = root.init("tags", size)
        for i in range(size):
            tags[i] = f"sensor {i:06}"

    return reading(built(fill).to_bytes(), lambda root: sum(len(text) + ord(text[12]) for text in root.tags))


def with_frame(frame):
    return built(lambda root: setattr(root, "frame", frame))


def pack(frame):
    def job(size):
        message = with_frame(frame(size))
        return message.to_bytes_packed, lambda packed: sum(Telemetry.from_bytes_packed(packed).frame)

    return job


def unpack(frame):
    def job(size):
        packed = with_frame(frame(size)).to_bytes_packed()
        return lambda: Telemetry.from_bytes_packed(packed).frame, sum

    return job


def build(size):
    frame = counting(size)
    return sending(lambda: framed(frame).to_bytes())


JOBS = {
    "build": build,
    "adopt": adopt,
    "frame": lambda size: sending(framed(counting(size)).to_bytes),
    "open": lambda size: reading(framed_bytes(size), touch),
    "odd": odd,
    "slices": slices,
    "doubles-get": doubles(doubles_by_index),
    "doubles-of": doubles(lambda root: sum(root.spectrum)),
    "doubles-array": doubles(lambda root: sum(list(root.spectrum))),
    "doubles-view": doubles(lambda root: sum(list(root.spectrum))),
    "structs-get": structs(structs_by_index),
    "structs-of": structs(lambda root: sum(one.value + one.health.raw for one in root.readings)),
    "texts": texts,
    "pack-zeros": pack(zero_heavy),
    "pack-dense": pack(dense),
    "unpack-zeros": unpack(zero_heavy),
    "unpack-dense": unpack(dense),
}


serve(JOBS)
