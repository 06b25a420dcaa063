# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""zenoh.ext of the official Python library. The schemas and the JSON forms are those of unit/ext/schema.ts."""
import hashlib
import struct

import zenoh
from zenoh import ext

from json_lines import serve
from zenoh_peer import ZenohPeer

PLAIN = {"bool": bool, "str": str, "bytes": bytes}


class ExtPeer(ZenohPeer):
    def serialize(self, schema, value):
        return ext.z_serialize(python_value(schema, value)).to_bytes().hex()

    def deserialize(self, schema, payload):
        return json_value(schema, ext.z_deserialize(type_of(schema), zenoh.ZBytes(bytes.fromhex(payload))))

    def refuses(self, schema, payload):
        """Whether zenoh's own implementation refuses these bytes."""
        try:
            self.deserialize(schema, payload)
        except ext.ZDeserializeError:
            return True
        return False

    def next_doubles(self):
        """The next payload as (str, list[Float64]): the text, and the hash of the numbers as bytes."""
        text, values = ext.z_deserialize(tuple[str, list[ext.Float64]], self.next_sample().payload)
        return {"text": text, "sha256": hashlib.sha256(struct.pack(f"<{len(values)}d", *values)).hexdigest()}

    def put_value(self, key, schema, value, as_shm=False):
        return self.publish(key, ext.z_serialize(python_value(schema, value)).to_bytes(), as_shm)

    def put_doubles(self, key, text, count, as_shm=False):
        """As `next_doubles` reads it, with i / 3 for the numbers."""
        data = ext.z_serialize((text, [ext.Float64(i / 3) for i in range(count)])).to_bytes()
        return self.publish(key, data, as_shm)


def type_of(schema):
    if isinstance(schema, str):
        return PLAIN.get(schema) or getattr(ext, schema)
    kind, *inner = schema
    types = tuple(type_of(each) for each in inner)
    generic = {"typed": list, "list": list, "set": set, "map": dict, "tuple": tuple}[kind]
    # `tuple[()]` is the type of the empty tuple.
    return generic[types if kind in ("map", "tuple") else types[0]]


def python_value(schema, value):
    if isinstance(schema, str):
        if schema == "bytes":
            return bytes.fromhex(value)
        if schema in PLAIN:
            return value
        if schema.startswith("Float"):
            return getattr(ext, schema)(struct.unpack("<d", bytes.fromhex(value))[0])
        return getattr(ext, schema)(int(value))
    kind, *inner = schema
    if kind == "map":
        return {python_value(inner[0], key): python_value(inner[1], each) for key, each in value}
    if kind == "tuple":
        return tuple(python_value(each, member) for each, member in zip(inner, value))
    elements = (python_value(inner[0], each) for each in value)
    return set(elements) if kind == "set" else list(elements)


def json_value(schema, value):
    if isinstance(schema, str):
        if schema == "bytes":
            return value.hex()
        if schema in PLAIN:
            return value
        if schema.startswith("Float"):
            return struct.pack("<d", value).hex()
        return str(int(value))
    kind, *inner = schema
    if kind == "map":
        return [[json_value(inner[0], key), json_value(inner[1], each)] for key, each in value.items()]
    if kind == "tuple":
        return [json_value(each, member) for each, member in zip(inner, value)]
    return [json_value(inner[0], each) for each in value]


if __name__ == "__main__":
    serve(ExtPeer())
