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
    schema = _schema(columns, meaning)
    return _write(_table(columns, list(records), schema))


def parquet_bytes_over(
    old: bytes,
    columns: Sequence[Column],
    parts: Sequence[Sequence[Mapping[str, Any]] | tuple[int, int]],
    meaning: str,
) -> bytes:
    """As `parquet_bytes` of the parts one after the other: records, or (first, after the last) row of an old file."""
    import pyarrow
    from pyarrow import parquet

    schema = _schema(columns, meaning)
    # read_table and cast would load half of pyarrow, for a tenth of a second each
    held = pyarrow.Table.from_arrays(parquet.ParquetFile(io.BytesIO(old)).read().columns, schema=schema)
    tables = [
        held.slice(part[0], part[1] - part[0]) if isinstance(part, tuple) else _table(columns, part, schema)
        for part in parts
    ]
    return _write(pyarrow.concat_tables(tables) if tables else schema.empty_table())


def _schema(columns: Sequence[Column], meaning: str) -> Any:
    import pyarrow

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
    return pyarrow.schema(fields, metadata={"description": meaning})


def _table(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], schema: Any) -> Any:
    import pyarrow

    arrays = [
        pyarrow.array(_values(column, [row.get(column.name) for row in rows]), field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _write(table: Any) -> bytes:
    from pyarrow import parquet

    buffer = io.BytesIO()
    parquet.write_table(table.combine_chunks(), buffer, compression="zstd")
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
