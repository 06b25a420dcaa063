# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""pycapnp at the end of a zenoh session: reads and builds messages of test/golden/capnp/telemetry.capnp.

The JSON form of a message is that of interop/capnp/content.ts.
"""
import hashlib
import pathlib
import random
import struct
import warnings

import capnp

from json_lines import serve
from zenoh_peer import ZenohPeer

SCHEMAS = pathlib.Path(__file__).parent / "../golden/capnp"
SCHEMA = capnp.load(str(SCHEMAS / "telemetry.capnp"))
KINDS = capnp.load(str(SCHEMAS / "kinds.capnp"))
NUMBER_LISTS = [f"{kind}{bits}s" for kind in ("int", "uint") for bits in (8, 16, 32, 64)] + ["float32s", "float64s"]
HEALTH = ["ok", "degraded", "failed"]

# A message is measured, then sent: it is not changed in between, of which pycapnp warns.
warnings.filterwarnings("ignore", message="This message has already been written once")


class CapnpPeer(ZenohPeer):
    def next_message(self, packed=False):
        """Reads the next payload whole, and again by the segments that its frame names (in packed form it has none)."""
        sample = self.next_sample()
        payload = sample.payload.to_bytes()
        told = {
            "encoding": str(sample.encoding),
            "isShm": sample.payload.as_shm() is not None,
            "sha256": hashlib.sha256(payload).hexdigest(),
        }
        if packed:
            return {**told, "content": content_of(SCHEMA.Telemetry.from_bytes_packed(payload))}
        with SCHEMA.Telemetry.from_bytes(payload) as message:
            content = content_of(message)
        segments = segments_of(payload)
        return {
            **told,
            "content": content,
            "segments": len(segments),
            "bySegments": content_of(SCHEMA.Telemetry.from_segments(segments)),
        }

    def next_frame(self):
        """Reads the next payload for its frame, which may be large."""
        payload = self.next_sample().payload.to_bytes()
        with SCHEMA.Telemetry.from_bytes(payload) as message:
            return {"sequence": str(message.sequence), "sha256": hashlib.sha256(message.frame).hexdigest()}

    def next_lists(self):
        """Reads the lists of numbers of the next payload, which is of kinds.capnp."""
        with KINDS.Kinds.from_bytes(self.next_sample().payload.to_bytes()) as message:
            return {name: [str(number) for number in getattr(message, name)] for name in NUMBER_LISTS}

    def next_old(self):
        """Reads the next payload as programs do that were built before most fields were added."""
        with SCHEMA.OldTelemetry.from_bytes(self.next_sample().payload.to_bytes()) as message:
            return str(message.sequence)

    def put_message(self, key, content, first_segment_words=None, packed=False, as_shm=False, fields={}):
        """Publishes a message, and tells its content; a small first segment gives one of several segments."""
        message = SCHEMA.Telemetry.new_message(num_first_segment_words=first_segment_words)
        fill(message, content)
        data = message.to_bytes_packed() if packed else message.to_bytes()
        told = self.publish(key, data, as_shm, fields)
        return {**told, "segments": len(message.to_segments()), "content": content_of(message)}

    def put_old(self, key, sequence):
        message = SCHEMA.OldTelemetry.new_message(sequence=int(sequence))
        return self.publish(key, message.to_bytes())


def segments_of(payload):
    """Cuts the standard stream framing: https://capnproto.org/encoding.html#serialization-over-a-stream"""
    (count,) = struct.unpack_from("<I", payload)
    sizes = struct.unpack_from(f"<{count + 1}I", payload, 4)
    at = (4 + 4 * len(sizes) + 7) & ~7
    segments = []
    for size in sizes:
        segments.append(payload[at : at + 8 * size])
        at += 8 * size
    if at != len(payload):
        raise ValueError(f"{len(payload) - at} bytes follow the last segment")
    return segments


def content_of(message):
    position = message.position
    content = {
        "sequence": str(message.sequence),
        "timestamp": str(message.timestamp),
        "temperature": message.temperature,
        "active": message.active,
        "flags": message.flags,
        "gain": message.gain,
        "health": message.health.raw,
        "name": message.name,
        "frame": bytes_of(message.frame),
        "position": [position.latitude, position.longitude, position.altitude],
        "readings": [
            {"sensor": each.sensor, "value": each.value, "health": each.health.raw} for each in message.readings
        ],
        "spectrum": list(message.spectrum),
        "tags": list(message.tags),
        "marks": list(message.marks),
        "extra": message.extra.error if message.extra.which == "error" else message.extra.which.raw,
    }
    if message._has("next"):
        content["next"] = str(message.next.sequence)
    return content


def bytes_of(data):
    """Many bytes are told by their length and hash."""
    if len(data) > 4096:
        return {"length": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return list(data)


def fill(message, content):
    message.sequence = int(content["sequence"])
    message.timestamp = int(content["timestamp"])
    for name in ("temperature", "active", "flags", "gain", "name", "spectrum", "tags", "marks"):
        setattr(message, name, content[name])
    message.health = HEALTH[content["health"]]
    frame = content["frame"]
    message.frame = random.Random(frame["seed"]).randbytes(frame["length"]) if isinstance(frame, dict) else bytes(frame)
    position = message.init("position")
    position.latitude, position.longitude, position.altitude = content["position"]
    readings = message.init("readings", len(content["readings"]))
    for reading, given in zip(readings, content["readings"]):
        reading.sensor = given["sensor"]
        reading.value = given["value"]
        reading.health = HEALTH[given["health"]]
    message.extra.error = content["extra"]
    message.init("next").sequence = int(content["next"])


if __name__ == "__main__":
    serve(CapnpPeer())
