"""Records as Parquet: the one door for pyarrow (the extra `parquet`)."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from importlib.util import find_spec
from typing import Any

from tracker.render.columns import Column


def is_installed() -> bool:
    """Whether Parquet can be written here."""
    return find_spec("pyarrow") is not None


def parquet_bytes(columns: Sequence[Column], records: Iterable[Mapping[str, Any]], meaning: str) -> bytes:
    """A table as Parquet with zstd; types and meanings of columns travel in it, and equal input gives equal bytes."""
    import pyarrow
    from pyarrow import parquet

    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "day": pyarrow.date32(),
        "instant": pyarrow.timestamp("us", tz="UTC"),
        "list": pyarrow.list_(pyarrow.string()),
        "record": pyarrow.string(),
        "records": pyarrow.string(),
    }
    fields = [
        pyarrow.field(column.name, types[column.type], metadata={"description": column.meaning}) for column in columns
    ]
    rows = list(records)
    arrays = [
        pyarrow.array(_values(column, [row.get(column.name) for row in rows]), field.type)
        for column, field in zip(columns, fields, strict=True)
    ]
    buffer = io.BytesIO()
    schema = pyarrow.schema(fields, metadata={"description": meaning})
    parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), buffer, compression="zstd")
    return buffer.getvalue()


def _values(column: Column, values: list[Any]) -> list[Any]:
    """The values of a column as pyarrow takes them."""
    made = _MAKERS.get(column.type)
    return values if made is None else [None if value is None else made(value) for value in values]


def _text(value: str) -> str:
    # a lone surrogate of a broken page has no form in UTF-8
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def _texts(values: list[str]) -> list[str]:
    return [_text(value) for value in values]


_MAKERS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "list": _texts,
    "record": json.JSONEncoder(ensure_ascii=True).encode,
    "records": json.JSONEncoder(ensure_ascii=True).encode,
    "number": float,
    "day": date.fromisoformat,
    "instant": datetime.fromisoformat,
}
