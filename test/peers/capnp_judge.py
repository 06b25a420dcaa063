# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""pycapnp as the judge of the reader: builds random messages of any schema, and tells what a message holds.

The JSON form of a message is that of support/capnp/dump.ts.
"""
import base64
import math
import random
import re
import struct

import capnp

from json_lines import serve

# As support/capnp/dump.ts has it: types that refer to themselves have no end.
ABSENT_LEVELS = 1
# Nothing here is hostile, and what is read again and again must not run out.
READ = {"traversal_limit_in_words": 2**40, "nesting_limit": 200}
TEXTS = ["", "a", "text", "Zürich – 東京 🦀", "line\nline\0after", "x" * 63, "y" * 64]
FLOATS = [0.0, -0.0, 1.5, -2.25, math.inf, -math.inf, math.nan, 1e30, 5e-324]
DEEPEST = 8


class Judge:
    def __init__(self):
        self.schemas = {}

    def build(self, schema, root, seed, count, large=False):
        """Messages of a random content, of one segment or of several; with what each holds."""
        struct_module = self.root(schema, root)
        built = []
        for index in range(count):
            rng = random.Random(seed * 1_000_003 + index)
            words = rng.choice([None, None, 1, 16])
            message = struct_module.new_message(num_first_segment_words=words)
            Filler(rng, self.schema(schema), 3000 if large else 60).fill(message)
            built.append(base64.b64encode(message.to_bytes()).decode())
        return built

    def packed(self, schema, root, messages):
        """The packed form of messages."""
        struct_module = self.root(schema, root)
        packed = []
        for each in messages:
            with struct_module.from_bytes(base64.b64decode(each), **READ) as message:
                packed.append(base64.b64encode(message.as_builder().to_bytes_packed()).decode())
        return packed

    def dump(self, schema, root, messages):
        """What messages hold, one after another; {"error": text} for one that pycapnp refuses."""
        struct_module = self.root(schema, root)
        return [self.dump_one(schema, struct_module, base64.b64decode(each)) for each in messages]

    def dump_one(self, schema, struct_module, data):
        try:
            with struct_module.from_bytes(data, **READ) as message:
                return dump_struct(message, self.schema(schema))
        except (capnp.KjException, UnicodeDecodeError) as error:
            return {"error": str(error).split("\n")[0]}

    def read_hostile(self, schema, cases):
        """The field of each message, or the root's number, as support/capnp/summary.ts tells it; {"error"} if refused."""
        root = self.root(schema, "Hostile")
        told = []
        for field, message in cases:
            try:
                with root.from_bytes(base64.b64decode(message)) as reader:
                    told.append({"value": summary(reader if field is None else reader._get(field), field)})
            except (capnp.KjException, ValueError) as error:
                told.append({"error": str(error).split("\n")[0]})
        return told

    def schema(self, path):
        if path not in self.schemas:
            self.schemas[path] = capnp.load(path)
        return self.schemas[path]

    def root(self, path, name):
        return getattr(self.schema(path), name)

    def close(self):
        pass


def summary(value, field=None):
    """What a value is, and of a list its first elements."""
    if field == "any":
        return value.as_text()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return str(value) if field == "longs" else value
    if value is None:
        return None
    if hasattr(value, "number"):
        return str(value.number)
    return {"length": len(value), "first": [summary(value[i], field) for i in range(min(4, len(value)))]}


class Filler:
    """Sets fields at random, until a message has become large enough."""

    def __init__(self, rng, module, pointers):
        self.rng = rng
        self.module = module
        self.left = pointers

    def fill(self, builder, depth=0):
        schema = builder.schema
        for name in schema.non_union_fields:
            if self.rng.random() < 0.7:
                self.set(builder, name, schema.fields[name], depth)
        if schema.union_fields:
            name = self.rng.choice(list(schema.union_fields))
            self.set(builder, name, schema.fields[name], depth)

    def set(self, builder, name, field, depth):
        proto = field.proto
        if proto.which() == "group":
            # Never in a union: the message would keep what another member left there.
            inner = builder.init(name) if proto.discriminantValue != 0xFFFF else getattr(builder, name)
            self.fill(inner, depth)
            return
        kind = proto.slot.type.which()
        if kind in ("struct", "list", "data", "text", "anyPointer"):
            if self.left <= 0 or depth > DEEPEST:
                if proto.discriminantValue != 0xFFFF:
                    self.activate(builder, name, kind)
                return
            self.left -= 1
        if kind == "struct":
            self.fill(builder.init(name), depth + 1)
        elif kind == "list":
            element = proto.slot.type.list.elementType
            self.fill_list(builder.init(name, self.length(element)), element, depth + 1)
        elif kind == "anyPointer":
            content = self.any_content(builder, name)
            if not isinstance(content, str):
                self.fill(content, depth + 1)
            builder._set(name, content)
        elif kind == "enum":
            builder._set(name, self.rng.randrange(5))
        else:
            builder._set(name, self.value(kind))

    def any_content(self, builder, name):
        """What the name says that an AnyPointer holds: a text, or a new struct."""
        held = re.match(r"any(S\d+)x", name)
        if held is None:
            return self.rng.choice(TEXTS)
        old = "Old" if self.type_name(builder).endswith("Old") else ""
        return getattr(self.module, held[1] + old).new_message()

    @staticmethod
    def type_name(builder):
        """The struct that a group belongs to."""
        return builder.schema.node.displayName.split(":")[1].split(".")[0]

    def activate(self, builder, name, kind):
        if kind in ("list", "data"):
            builder.init(name, 0)
        elif kind == "struct":
            builder.init(name)
        elif kind == "text":
            builder._set(name, "")
        else:
            builder._set(name, self.any_content(builder, name))

    def fill_list(self, builder, element, depth):
        kind = element.which()
        for index in range(len(builder)):
            if kind == "struct":
                self.fill(builder[index], depth)
            elif kind == "list":
                inner = element.list.elementType
                self.fill_list(builder.init(index, self.length(inner)), inner, depth + 1)
            elif kind == "enum":
                builder[index] = f"e{self.rng.randrange(5)}"
            elif kind != "void":
                builder[index] = self.value(kind)

    def length(self, element):
        kind = element.which()
        if kind in ("struct", "list", "text", "data"):
            length = self.rng.choice([0, 1, 2, 3, 5])
            if self.rng.random() < 0.02:
                length = 40
            length = min(length, max(self.left, 0))
            self.left -= length
            return length
        if self.left > 1000 and self.rng.random() < 0.1:
            return self.rng.choice([100, 500, 4096])
        return self.rng.choice([0, 1, 2, 3, 7, 8, 9, 17, 64])

    def value(self, kind):
        rng = self.rng
        if kind == "void":
            return None
        if kind == "bool":
            return rng.random() < 0.5
        if kind == "text":
            return rng.choice(TEXTS) * (rng.choice([1, 50]) if self.left > 1000 else 1)
        if kind == "data":
            return rng.randbytes(rng.choice([0, 1, 7, 8, 9, 30, 70_000 if self.left > 2900 else 300]))
        if kind == "float32":
            return struct.unpack("<f", struct.pack("<f", rng.choice(FLOATS + [rng.uniform(-1e6, 1e6)])))[0]
        if kind == "float64":
            return rng.choice(FLOATS + [rng.uniform(-1e6, 1e6)])
        bits = int(re.search(r"\d+", kind)[0])
        value = rng.choice([0, 1, 2**bits - 1, 2 ** (bits - 1), rng.getrandbits(bits)])
        return value if kind.startswith("u") else value - 2**bits if value >= 2 ** (bits - 1) else value


def dump_struct(message, module, absent=0):
    schema = message.schema
    fields = schema.fields
    names = list(schema.non_union_fields)
    dump = {}
    which = None
    if schema.union_fields:
        try:
            which = message._which_str()
            names.append(which)
        except capnp.KjException:
            which = "unknown"
    old = schema.node.displayName.split(":")[1].split(".")[0].endswith("Old")
    for name in names:
        dump[name] = dump_field(message, name, fields[name].proto, module, old, absent)
    if which is not None:
        dump["which"] = which
    return dump


def dump_field(message, name, proto, module, old, absent):
    if proto.which() == "group":
        return dump_struct(message._get(name), module, absent)
    slot_type = proto.slot.type
    kind = slot_type.which()
    if kind in ("struct", "list", "anyPointer"):
        is_absent = not message._has(name)
        level = absent + is_absent
        if kind == "anyPointer":
            return None if is_absent else dump_any(message._get(name), name, module, old)
        if level > ABSENT_LEVELS:
            return "..."
        if kind == "struct":
            content = dump_struct(message._get(name), module, level)
            return ["absent" if is_absent else "present", content]
        return dump_list(message._get(name), slot_type.list.elementType, module, level)
    return dump_value(kind, message._get(name))


def dump_any(pointer, name, module, old):
    held = re.match(r"any(S\d+)x", name)
    if held is None:
        return pointer.as_text()
    return dump_struct(pointer.as_struct(getattr(module, held[1] + ("Old" if old else ""))), module)


def dump_list(values, element, module, absent):
    kind = element.which()
    if kind == "void":
        return len(values)
    if kind == "struct":
        return [dump_struct(each, module, absent) for each in values]
    if kind == "list":
        return [dump_list(each, element.list.elementType, module, absent) for each in values]
    return [dump_value(kind, each) for each in values]


def dump_value(kind, value):
    if kind == "void":
        return None
    if kind == "data":
        return bytes(value).hex()
    if kind == "enum":
        return value.raw
    if kind in ("int64", "uint64"):
        return str(value)
    if kind.startswith("float"):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return "-0" if value == 0 and math.copysign(1, value) < 0 else value
    return value


if __name__ == "__main__":
    serve(Judge())
