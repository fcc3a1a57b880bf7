"""Records as Parquet: the one door for pyarrow (the extra `parquet`)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
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
        pyarrow.array([_value(column, row.get(column.name)) for row in rows], field.type)
        for column, field in zip(columns, fields, strict=True)
    ]
    buffer = io.BytesIO()
    schema = pyarrow.schema(fields, metadata={"description": meaning})
    parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), buffer, compression="zstd")
    return buffer.getvalue()


def _value(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.type in ("record", "records"):
        return json.dumps(value, ensure_ascii=True)
    if column.type == "day":
        return date.fromisoformat(value)
    if column.type == "instant":
        return datetime.fromisoformat(value)
    if column.type == "list":
        return [_text(item) for item in value]
    if column.type == "number":
        return float(value)
    return _text(value) if column.type == "text" else value


def _text(value: Any) -> str:
    # a lone surrogate of a broken page has no form in UTF-8
    return str(value).encode("utf-8", "replace").decode("utf-8")
