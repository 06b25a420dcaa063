# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""A zenoh session of the official Python library, driven by a test."""
import hashlib
import queue
import random
import time

import zenoh
from zenoh import shm

from json_lines import serve

WAIT = 10
# The bytes of a longer payload are told by their hash alone.
SHOWN = 8192


class ZenohPeer:
    def __init__(self):
        self.session = None
        self.declared = []
        self.samples = queue.Queue()
        self.probes = queue.Queue()
        # Kept: a pool that is dropped takes its chunks along.
        self.pools = []

    def open(self, settings):
        self.session = zenoh.open(config_of(settings))

    def close(self):
        # An interpreter that ends with a session open hangs.
        if self.session is not None:
            self.session.close()

    def subscribe(self, key):
        """Samples of `key` are kept for `next`; those of `key/probe` only tell that the subscription is in effect."""
        self.declared.append(self.session.declare_subscriber(f"{key}/**", self._on_sample))

    def _on_sample(self, sample):
        is_probe = str(sample.key_expr).endswith("/probe")
        (self.probes if is_probe else self.samples).put(sample)

    def probed(self):
        return not self.probes.empty()

    def next_sample(self):
        try:
            return self.samples.get(timeout=WAIT)
        except queue.Empty:
            raise TimeoutError(f"no sample came in {WAIT} s") from None

    def next(self):
        return describe(self.next_sample())

    def none_queued(self):
        return self.samples.empty()

    def put(self, key, payload=None, large=None, as_shm=False, fields={}):
        """Publishes `payload`, in hex, or `large`, random bytes of a seed and a length."""
        if payload is not None:
            data = bytes.fromhex(payload)
        else:
            data = random.Random(large["seed"]).randbytes(large["length"])
        return self.publish(key, data, as_shm, fields)

    def publish(self, key, data, as_shm=False, fields={}):
        self._wait_for_subscriber(key)
        body = self.shared(data) if as_shm else zenoh.ZBytes(data)
        options = put_options(fields)
        if len(data) > 65536:
            # zenoh's default drops a large message for a receiver that is busy for a moment.
            options.setdefault("congestion_control", zenoh.CongestionControl.BLOCK)
        self.session.put(key, body, **options)
        return {
            "length": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "timestamp": text_or_none(options.get("timestamp")),
        }

    def delete(self, key, fields={}):
        self._wait_for_subscriber(key)
        self.session.delete(key, **put_options(fields))

    def put_numbered(self, key, number):
        """Publishes with a source: the publisher's own id, and `number`."""
        self._wait_for_subscriber(key)
        publisher = self.session.declare_publisher(key)
        source = zenoh.SourceInfo(publisher.id, number)
        publisher.put(b"", source_info=source)
        publisher.undeclare()
        return source_text(source)

    def next_source(self):
        return source_text(self.next_sample().source_info)

    def get(self, selector, number):
        """Asks with a source; tells that source, and the replies with theirs and their repliers."""
        querier = self.session.declare_querier(selector)
        source = zenoh.SourceInfo(querier.id, number)
        replies = [
            {"source": source_text(reply.ok.source_info), "replier": id_text(reply.replier_id)}
            for reply in querier.get(source_info=source)
        ]
        querier.undeclare()
        return {"asked": source_text(source), "replies": replies}

    def shared(self, data):
        pool = shm.ShmProvider.default_backend(len(data) + 65536)
        self.pools.append(pool)
        chunk = pool.alloc(len(data))
        chunk[0 : len(data)] = data
        return chunk

    def undeclare(self):
        """The declaration before, which may be of any kind."""
        self.declared.pop().undeclare()

    def _wait_for_subscriber(self, key):
        wait_for_match(self.session.declare_publisher(key), f"subscriber of {key}")


def wait_for_match(declared, other):
    """Takes a publisher or querier that was declared to see the other end."""
    deadline = time.monotonic() + WAIT
    while not declared.matching_status.matching:
        if time.monotonic() > deadline:
            raise TimeoutError(f"no {other} appeared in {WAIT} s")
        time.sleep(0.005)
    declared.undeclare()


def config_of(settings):
    config = zenoh.Config()
    for key, value in settings.items():
        config.insert_json5(key, value)
    return config


def describe(sample):
    payload = sample.payload.to_bytes()
    return {
        "key": str(sample.key_expr),
        "kind": name_of(sample.kind),
        "length": len(payload),
        "sha256": hashlib.sha256(payload).hexdigest(),
        "hex": payload.hex() if len(payload) <= SHOWN else None,
        "encoding": str(sample.encoding),
        "timestamp": text_or_none(sample.timestamp),
        "attachment": None if sample.attachment is None else sample.attachment.to_bytes().hex(),
        "priority": name_of(sample.priority),
        "congestionControl": name_of(sample.congestion_control),
        "express": sample.express,
        "isShm": sample.payload.as_shm() is not None,
    }


def put_options(fields):
    """From the JSON form of a test to the keyword arguments of `put` and `delete`."""
    options = {}
    for name, value in fields.items():
        if name == "priority":
            options["priority"] = getattr(zenoh.Priority, value)
        elif name == "congestionControl":
            options["congestion_control"] = getattr(zenoh.CongestionControl, value)
        elif name == "attachment":
            options["attachment"] = bytes.fromhex(value)
        elif name == "timestamp":
            options["timestamp"] = timestamp_of(*value)
        else:
            options[name] = value
    return options


def timestamp_of(seconds, nanos, hex_id):
    # Ids are written as one number, and travel with their lowest byte first.
    little_endian = int(hex_id, 16).to_bytes((len(hex_id) + 1) // 2, "little")
    return zenoh.Timestamp(zenoh.NTP64(seconds, nanos), little_endian)


def id_text(entity):
    return f"{entity.zid}/{entity.eid}"


def source_text(source):
    return None if source is None else f"{id_text(source.source_id)}/{source.source_sn}"


def text_or_none(value):
    return None if value is None else str(value)


def name_of(member):
    """`Priority.DATA` is DATA."""
    return str(member).rpartition(".")[2]


if __name__ == "__main__":
    serve(ZenohPeer())
