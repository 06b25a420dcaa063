# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""pyarrow at the end of a zenoh session: reads and writes IPC streams. The JSON forms are those of interop/arrow/column.ts."""
import hashlib
import math

import pyarrow as pa
import pyarrow.ipc

from json_lines import serve
from zenoh_peer import ZenohPeer

INTEGERS = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
FLOATS = {"float16", "float32", "float64"}
OTHERS = {
    "decimal128": pa.decimal128(10, 2),
    "binary": pa.binary(),
    "fixed_size_binary": pa.binary(4),
    "large_utf8": pa.large_utf8(),
    "utf8_view": pa.string_view(),
    "time64": pa.time64("us"),
    "duration": pa.duration("s"),
    "interval": pa.month_day_nano_interval(),
    "large_list": pa.large_list(pa.int32()),
    "fixed_size_list": pa.list_(pa.int32(), 2),
    "map": pa.map_(pa.utf8(), pa.int32()),
    "run_end_encoded": pa.run_end_encoded(pa.int32(), pa.utf8()),
}
FLAT = INTEGERS | FLOATS | {"null", "bool", "utf8", "date32", "date64"}


class ArrowPeer(ZenohPeer):
    def next_stream(self):
        """Opens the next payload as an IPC stream, validates it in full, and tells of every batch."""
        sample = self.next_sample()
        schema, batches = read_stream(sample.payload.to_bytes())
        return {
            "encoding": str(sample.encoding),
            "isShm": sample.payload.as_shm() is not None,
            "metadata": metadata_of(schema),
            "batches": [columns_of(batch) for batch in batches],
        }

    def next_hashes(self):
        """As `next_stream`, for large columns without nulls: the hash of the values of each."""
        _, batches = read_stream(self.next_sample().payload.to_bytes())
        return [[hashlib.sha256(column.buffers()[1]).hexdigest() for column in batch] for batch in batches]

    def put_stream(self, key, batches, cut=None, as_shm=False, fields={}, metadata=None, compression=None, deltas=False):
        """Writes batches, of all rows or of the rows [start, end) of `cut`, as one payload."""
        made = [batch_of(columns) for columns in batches]
        if cut is not None:
            made = [batch.slice(cut[0], cut[1] - cut[0]) for batch in made]
        if metadata is not None:
            made = [batch.replace_schema_metadata(metadata) for batch in made]
        options = pa.ipc.IpcWriteOptions(compression=compression, emit_dictionary_deltas=deltas)
        stream, stats = write_stream(made, options)
        return {**self.publish(key, stream, as_shm, fields), "deltas": stats.num_dictionary_deltas}

    def put_other(self, key, name):
        """One null of a type outside the shared form, by its name in OTHERS, as the second column."""
        batch = pa.record_batch([pa.nulls(1, pa.int32()), pa.nulls(1, OTHERS[name])], names=["known", "other"])
        return self.publish(key, write_stream([batch])[0])

    def put_doubles(self, key, rows, as_shm=False, fields={}):
        """A large column; the answer has the hash of its values."""
        column = pa.array([row / 3 for row in range(rows)], pa.float64())
        stream, _ = write_stream([pa.record_batch([column], names=["d"])])
        told = self.publish(key, stream, as_shm, fields)
        return {**told, "values": hashlib.sha256(column.buffers()[1]).hexdigest()}


def read_stream(payload):
    with pa.ipc.open_stream(payload) as reader:
        batches = list(reader)
        schema = reader.schema
    for batch in batches:
        batch.validate(full=True)
    pa.Table.from_batches(batches, schema).validate(full=True)
    return schema, batches


def write_stream(batches, options=None):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batches[0].schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return sink.getvalue().to_pybytes(), writer.stats


def columns_of(batch):
    return [
        {"name": field.name, "type": describe(field.type), "values": [value_of(each) for each in column]}
        for field, column in zip(batch.schema, batch.columns)
    ]


def metadata_of(schema):
    return {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}


def batch_of(columns):
    arrays = [array_of(type_of(each["type"]), each["values"]) for each in columns]
    return pa.record_batch(arrays, names=[each["name"] for each in columns])


def array_of(arrow_type, values):
    return pa.array([python_value(arrow_type, each) for each in values], arrow_type)


def type_of(described):
    kind = described["kind"]
    if kind == "timestamp":
        return pa.timestamp(described["unit"], described["tz"])
    if kind == "list":
        return pa.list_(type_of(described["item"]))
    if kind == "struct":
        return pa.struct([(each["name"], type_of(each["type"])) for each in described["fields"]])
    if kind == "dictionary":
        return pa.dictionary(type_of({"kind": described["index"]}), type_of(described["values"]))
    return getattr(pa, {"bool": "bool_"}.get(kind, kind))()


def describe(arrow_type):
    if pa.types.is_timestamp(arrow_type):
        return {"kind": "timestamp", "unit": arrow_type.unit, "tz": arrow_type.tz}
    if pa.types.is_list(arrow_type):
        return {"kind": "list", "item": describe(arrow_type.value_type)}
    if pa.types.is_struct(arrow_type):
        return {"kind": "struct", "fields": [{"name": each.name, "type": describe(each.type)} for each in arrow_type]}
    if pa.types.is_dictionary(arrow_type):
        index = describe(arrow_type.index_type)["kind"]
        return {"kind": "dictionary", "index": index, "values": describe(arrow_type.value_type)}
    for kind in FLAT:
        if arrow_type.equals(type_of({"kind": kind})):
            return {"kind": kind}
    raise TypeError(f"a column of the type {arrow_type} was not expected")


def python_value(arrow_type, value):
    """From the JSON form to what `pa.array` takes."""
    if value is None:
        return None
    if pa.types.is_dictionary(arrow_type):
        return python_value(arrow_type.value_type, value)
    if pa.types.is_list(arrow_type):
        return [python_value(arrow_type.value_type, each) for each in value]
    if pa.types.is_struct(arrow_type):
        return {each.name: python_value(each.type, value[each.name]) for each in arrow_type}
    if pa.types.is_floating(arrow_type):
        return float(value)
    if pa.types.is_boolean(arrow_type) or pa.types.is_string(arrow_type):
        return value
    return int(value)


def value_of(scalar):
    """From a scalar of pyarrow to the JSON form."""
    if not scalar.is_valid:
        return None
    if isinstance(scalar, pa.DictionaryScalar):
        return value_of(scalar.value)
    if isinstance(scalar, pa.ListScalar):
        return [value_of(each) for each in scalar.values]
    if isinstance(scalar, pa.StructScalar):
        return {name: value_of(scalar[name]) for name in scalar}
    if pa.types.is_floating(scalar.type):
        return float_value(scalar.as_py())
    if isinstance(scalar, (pa.Date32Scalar, pa.Date64Scalar, pa.TimestampScalar)):
        return str(scalar.value)
    if pa.types.is_integer(scalar.type):
        return str(scalar.as_py())
    return scalar.as_py()


def float_value(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 and math.copysign(1, value) < 0:
        return "-0"
    return value


if __name__ == "__main__":
    serve(ArrowPeer())
