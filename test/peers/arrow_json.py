# SPDX-License-Identifier: EPL-2.0 OR Apache-2.0
"""Batches of pyarrow from and to the JSON forms of support/arrow/column.ts."""
import ctypes
import decimal
import math

import pyarrow as pa

UNIONS = ("dense_union", "sparse_union")
LISTS = ("list", "large_list")
FLAT = {
    **{f"{sign}int{bits}": getattr(pa, f"{sign}int{bits}")() for sign in ("", "u") for bits in (8, 16, 32, 64)},
    **{f"float{bits}": getattr(pa, f"float{bits}")() for bits in (16, 32, 64)},
    "null": pa.null(),
    "bool": pa.bool_(),
    "date32": pa.date32(),
    "date64": pa.date64(),
    "utf8": pa.utf8(),
    "large_utf8": pa.large_utf8(),
    "utf8_view": pa.string_view(),
    "binary": pa.binary(),
    "large_binary": pa.large_binary(),
    "binary_view": pa.binary_view(),
    "interval_nanos": pa.month_day_nano_interval(),
}
# 76 digits, and a scale.
EXACT = decimal.Context(prec=100)


class CSchema(ctypes.Structure):
    """ArrowSchema of the C data interface."""

    _fields_ = [
        ("format", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
        ("metadata", ctypes.c_char_p),
        ("flags", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    ]


RELEASE = ctypes.CFUNCTYPE(None, ctypes.POINTER(CSchema))(lambda schema: setattr(schema.contents, "release", None))


def unnamed_type(c_format):
    """A type that pyarrow has no constructor for."""
    release = ctypes.cast(RELEASE, ctypes.c_void_p).value
    schema = CSchema(format=c_format, name=b"", flags=2, release=release)
    return pa.DataType._import_from_c(ctypes.addressof(schema))


# pyarrow carries these and makes no arrays of them: their values are looked at as integers of the same layout.
STORED = {"interval_months": pa.int32(), "interval_days": pa.int64()}
FLAT["interval_months"] = unnamed_type(b"tiM")
FLAT["interval_days"] = unnamed_type(b"tiD")


def batch_of(columns, metadata=None):
    arrays = [array_of(each["type"], each["values"]) for each in columns]
    fields = [pa.field(each["name"], type_of(each["type"]), True) for each in columns]
    stored = pa.record_batch(arrays, schema=pa.schema([f.with_type(a.type) for f, a in zip(fields, arrays)]))
    return recast(stored, pa.schema(fields, metadata))


def columns_of(batch):
    return [
        {"name": field.name, "type": each, "values": values_of(each, column)}
        for field, each, column in zip(batch.schema, types_of(batch), stored_columns(batch))
    ]


def types_of(batch):
    return [describe(field.type) for field in batch.schema]


def stored_columns(batch):
    """Arrays over the memory of the batch, of types that pyarrow has arrays of."""
    fields = [field.with_type(type_of(each, STORED)) for field, each in zip(batch.schema, types_of(batch))]
    return recast(batch, pa.schema(fields)).columns


def recast(batch, schema):
    """The same memory under another schema of the same layout."""
    if batch.schema.equals(schema, check_metadata=True):
        return batch
    array = ctypes.create_string_buffer(256)
    batch._export_to_c(ctypes.addressof(array))
    return pa.RecordBatch._import_from_c(ctypes.addressof(array), schema)


def type_of(described, flat=FLAT):
    kind = described["kind"]
    below = lambda each: type_of(each, flat)
    field = lambda each: pa.field(each["name"], below(each["type"]))
    if kind == "timestamp":
        return pa.timestamp(described["unit"], described["tz"])
    if kind == "time":
        return (pa.time32 if described["unit"] in ("s", "ms") else pa.time64)(described["unit"])
    if kind == "duration":
        return pa.duration(described["unit"])
    if kind == "decimal":
        return getattr(pa, f"decimal{described['bits']}")(described["precision"], described["scale"])
    if kind == "fixed_binary":
        return pa.binary(described["width"])
    if kind == "list":
        return pa.list_(below(described["item"]))
    if kind == "large_list":
        return pa.large_list(below(described["item"]))
    if kind == "fixed_list":
        return pa.list_(below(described["item"]), described["size"])
    if kind == "struct":
        return pa.struct([field(each) for each in described["fields"]])
    if kind == "map":
        return pa.map_(below(described["key"]), below(described["value"]), described["sorted"])
    if kind in UNIONS:
        return getattr(pa, kind)([field(each) for each in described["fields"]], described["ids"])
    if kind == "dictionary":
        return pa.dictionary(FLAT[described["index"]], below(described["values"]))
    return flat.get(kind) or FLAT[kind]


def describe(t):
    is_ = pa.types
    if is_.is_timestamp(t):
        return {"kind": "timestamp", "unit": t.unit, "tz": t.tz}
    if is_.is_time(t):
        return {"kind": "time", "unit": t.unit}
    if is_.is_duration(t):
        return {"kind": "duration", "unit": t.unit}
    if is_.is_decimal(t):
        return {"kind": "decimal", "bits": t.bit_width, "precision": t.precision, "scale": t.scale}
    if is_.is_fixed_size_binary(t):
        return {"kind": "fixed_binary", "width": t.byte_width}
    if is_.is_fixed_size_list(t):
        return {"kind": "fixed_list", "size": t.list_size, "item": describe(t.value_type)}
    if is_.is_map(t):
        keys, values = describe(t.key_type), describe(t.item_type)
        return {"kind": "map", "sorted": t.keys_sorted, "key": keys, "value": values}
    if is_.is_list(t) or is_.is_large_list(t):
        return {"kind": "list" if is_.is_list(t) else "large_list", "item": describe(t.value_type)}
    if is_.is_struct(t):
        return {"kind": "struct", "fields": fields_of(t)}
    if is_.is_union(t):
        return {"kind": f"{t.mode}_union", "ids": t.type_codes, "fields": fields_of(t)}
    if is_.is_dictionary(t):
        return {"kind": "dictionary", "index": describe(t.index_type)["kind"], "values": describe(t.value_type)}
    for kind, each in FLAT.items():
        if t == each:
            return {"kind": kind}
    raise TypeError(f"a column of the type {t} was not expected")


def fields_of(t):
    return [{"name": t.field(i).name, "type": describe(t.field(i).type)} for i in range(t.num_fields)]


def null_of(described):
    if described["kind"] not in UNIONS:
        return None
    return [described["ids"][0], null_of(described["fields"][0]["type"])]


def array_of(described, values):
    """An array with the layout of the type: `recast` gives it the type itself."""
    kind = described["kind"]
    mask = pa.array([each is None for each in values], pa.bool_())
    if kind in LISTS:
        items = array_of(described["item"], [item for each in values for item in each or []])
        array = pa.ListArray if kind == "list" else pa.LargeListArray
        return array.from_arrays(offsets_of(values, kind == "large_list"), items)
    if kind == "fixed_list":
        none = [null_of(described["item"])] * described["size"]
        items = array_of(described["item"], [item for each in values for item in (none if each is None else each)])
        return pa.FixedSizeListArray.from_arrays(items, described["size"], mask=mask)
    if kind == "map":
        pairs = [pair for each in values for pair in each or []]
        keys = array_of(described["key"], [key for key, _ in pairs])
        return pa.MapArray.from_arrays(offsets_of(values, False), keys, array_of(described["value"], [v for _, v in pairs]))
    if kind == "struct":
        fields = described["fields"]
        column = lambda field: [(each or {}).get(field["name"], null_of(field["type"])) for each in values]
        children = [array_of(field["type"], column(field)) for field in fields]
        named = [pa.field(field["name"], child.type) for field, child in zip(fields, children)]
        return pa.StructArray.from_arrays(children, fields=named, mask=mask)
    if kind in UNIONS:
        return union_of(described, values)
    if kind == "dictionary":
        keys = [None if each is None else repr(each) for each in values]
        distinct = list(dict.fromkeys(key for key in keys if key is not None))
        entries = {repr(each): each for each in values}
        indices = pa.array([None if key is None else distinct.index(key) for key in keys], FLAT[described["index"]])
        return pa.DictionaryArray.from_arrays(indices, array_of(described["values"], [entries[key] for key in distinct]))
    t = type_of(described, STORED)
    return pa.array([None if each is None else stored_of(described, each) for each in values], t)


def union_of(described, values):
    ids = described["ids"]
    codes = pa.array([code for code, _ in values], pa.int8())
    names = [field["name"] for field in described["fields"]]
    dense = described["kind"] == "dense_union"
    children, seen, offsets = [], {code: 0 for code in ids}, []
    for code, _ in values:
        offsets.append(seen[code])
        seen[code] += 1
    for code, field in zip(ids, described["fields"]):
        mine = [value if each == code else null_of(field["type"]) for each, value in values if not dense or each == code]
        children.append(array_of(field["type"], mine))
    if dense:
        return pa.UnionArray.from_dense(codes, pa.array(offsets, pa.int32()), children, names, ids)
    return pa.UnionArray.from_sparse(codes, children, names, ids)


def offsets_of(values, large):
    offsets, at = [], 0
    for each in values:
        offsets.append(None if each is None else at)
        at += len(each or [])
    return pa.array([*offsets, at], pa.int64() if large else pa.int32())


def stored_of(described, value):
    """From the JSON form to what `pa.array` takes."""
    kind = described["kind"]
    if kind == "decimal":
        return decimal.Decimal(value).scaleb(-described["scale"], EXACT)
    if kind == "interval_nanos":
        return pa.MonthDayNano([int(each) for each in value])
    if kind == "interval_months":
        return int(value[0])
    if kind == "interval_days":
        return int.from_bytes(b"".join(int(each).to_bytes(4, "little", signed=True) for each in value), "little", signed=True)
    if kind.startswith("float"):
        return float(value)
    if "binary" in kind:
        return bytes.fromhex(value)
    return value if kind == "bool" or "utf8" in kind else int(value)


def values_of(described, array):
    """The JSON form of all values of an array that has the layout of the type."""
    kind = described["kind"]
    if kind == "null":
        return [None] * len(array)
    if kind in UNIONS:
        # pyarrow gives the children of a slice of a sparse union sliced, those of a dense one whole.
        children = [values_of(field["type"], array.field(i)) for i, field in enumerate(described["fields"])]
        codes = part_of(array, 1, pa.int8())
        places = part_of(array, 2, pa.int32()) if kind == "dense_union" else range(len(array))
        return [[code, children[described["ids"].index(code)][place]] for code, place in zip(codes, places)]
    valid = array.is_valid().to_pylist()
    if kind in LISTS:
        items = values_of(described["item"], array.values)
        ends = array.offsets.to_pylist()
        return [items[ends[i] : ends[i + 1]] if valid[i] else None for i in range(len(array))]
    if kind == "fixed_list":
        size, first = described["size"], array.offset
        items = values_of(described["item"], array.values)
        return [items[(first + i) * size : (first + i + 1) * size] if valid[i] else None for i in range(len(array))]
    if kind == "map":
        keys, values = values_of(described["key"], array.keys), values_of(described["value"], array.items)
        ends = array.offsets.to_pylist()
        pairs = lambda i: [list(each) for each in zip(keys[ends[i] : ends[i + 1]], values[ends[i] : ends[i + 1]])]
        return [pairs(i) if valid[i] else None for i in range(len(array))]
    if kind == "struct":
        names = [field["name"] for field in described["fields"]]
        fields = [values_of(field["type"], array.field(i)) for i, field in enumerate(described["fields"])]
        return [dict(zip(names, each)) if valid[i] else None for i, each in enumerate(zip(*fields))]
    if kind == "dictionary":
        entries = values_of(described["values"], array.dictionary)
        return [None if index is None else entries[index] for index in array.indices.to_pylist()]
    return [json_of(described, each) for each in plain(described, array)]


def part_of(array, index, t):
    """A buffer of a union as far as the array goes: pyarrow's own accessors forget where a slice begins."""
    return pa.Array.from_buffers(t, len(array), [None, array.buffers()[index]], offset=array.offset).to_pylist()


def plain(described, array):
    """What is stored, as Python has it; numbers of times and dates instead of objects that hold less."""
    kind = described["kind"]
    if kind == "time":
        return array.view(pa.int32() if described["unit"] in ("s", "ms") else pa.int64()).to_pylist()
    if kind in ("timestamp", "duration", "date64"):
        return array.view(pa.int64()).to_pylist()
    if kind == "date32":
        return array.view(pa.int32()).to_pylist()
    return array.to_pylist()


def json_of(described, value):
    kind = described["kind"]
    if value is None or kind == "bool" or "utf8" in kind:
        return value
    if kind == "decimal":
        return str(int(value.scaleb(described["scale"], EXACT)))
    if kind.startswith("float"):
        return float_value(value)
    if "binary" in kind:
        return value.hex()
    if kind == "interval_nanos":
        return [str(each) for each in value]
    if kind == "interval_months":
        return [str(value)]
    if kind == "interval_days":
        parts = value.to_bytes(8, "little", signed=True)
        return [str(int.from_bytes(parts[at : at + 4], "little", signed=True)) for at in (0, 4)]
    return str(value)


def float_value(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 and math.copysign(1, value) < 0:
        return "-0"
    return value
