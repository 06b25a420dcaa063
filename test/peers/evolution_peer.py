# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""pycapnp as a program of the older or of the newer schema of test/golden/capnp/evolution."""
import pathlib

import capnp

from json_lines import serve

DIRECTORY = pathlib.Path(__file__).parent / "../golden/capnp/evolution"


class EvolutionPeer:
    def __init__(self):
        self.old = capnp.load(str(DIRECTORY / "old.capnp")).Record
        self.new = capnp.load(str(DIRECTORY / "new.capnp")).Record

    def close(self):
        pass

    def write(self, version, fields, unset, first_segment_words):
        """A message in hex. `unset` names lists by their lengths, of whose elements nothing is set."""
        message = getattr(self, version).new_message(num_first_segment_words=first_segment_words)
        message.from_dict(with_bytes(fields))
        for name, length in unset.items():
            message.init(name, length)
        return message.to_bytes().hex()

    def read(self, version, message):
        """The whole content of a message in hex, as this version knows it."""
        with getattr(self, version).from_bytes(bytes.fromhex(message)) as record:
            return {"old": old_content, "new": new_content}[version](record)


def with_bytes(fields):
    """Data is in hex: JSON has no bytes."""
    given = dict(fields)
    if "raw" in given:
        given["raw"] = bytes.fromhex(given["raw"])
    if "blobs" in given:
        given["blobs"] = [
            bytes.fromhex(each) if isinstance(each, str) else {"blob": bytes.fromhex(each["blob"])}
            for each in given["blobs"]
        ]
    return given


def old_content(record):
    return {
        **common(record),
        "origin": old_point(record.origin),
        "path": [old_point(each) for each in record.path],
        "markers": len(record.markers),
        "bytes": list(record.bytes),
        "shorts": list(record.shorts),
        "counts": list(record.counts),
        "weights": list(record.weights),
        "names": list(record.names),
        "blobs": [each.hex() for each in record.blobs],
        "rows": [list(each) for each in record.rows],
        "points": [[old_point(point) for point in each] for each in record.points],
        "speed": record.speed,
        "note": record.note,
    }


def new_content(record):
    return {
        **common(record),
        "origin": new_point(record.origin),
        "path": [new_point(each) for each in record.path],
        "markers": [{"kind": each.kind, "text": each.text} for each in record.markers],
        "bytes": [{"value": each.value, "note": each.note} for each in record.bytes],
        "shorts": [{"value": each.value, "more": each.more} for each in record.shorts],
        "counts": [{"value": each.value, "factor": each.factor} for each in record.counts],
        "weights": [{"value": each.value, "unit": each.unit} for each in record.weights],
        "names": [{"name": each.name, "alias": each.alias, "rank": each.rank} for each in record.names],
        "blobs": [{"blob": each.blob.hex()} for each in record.blobs],
        "rows": [{"values": list(each.values), "title": each.title} for each in record.rows],
        "points": [
            {"points": [new_point(point) for point in each.points], "closed": each.closed} for each in record.points
        ],
        "motion": {"speed": record.motion.speed, "heading": record.motion.heading},
        "remark": member(record.remark),
        "retries": record.retries,
        "enabled": record.enabled,
        "title": record.title,
        "scale": list(record.scale),
        "target": new_point(record.target),
        "raw": record.raw.hex(),
        "serial": str(record.serial),
    }


def common(record):
    return {"id": record.id, "name": record.name, "color": record.color.raw, "result": member(record.result)}


def old_point(point):
    return {"x": point.x, "y": point.y}


def new_point(point):
    return {"x": point.x, "y": point.y, "z": point.z, "label": point.label}


def member(union):
    """The member of a union that is set, by its name; none for one that this version does not know."""
    try:
        name = str(union.which)
    except capnp.KjException:
        return {}
    return {name: getattr(union, name)}


if __name__ == "__main__":
    serve(EvolutionPeer())
