"""Digests of a table: of its bytes, of every column and of every row, so that an altered figure can be found by its place.

A row's digest is eight hexadecimal characters of BLAKE2b over the line; a column's, sixteen over its fields joined by line feeds; a
file's, SHA-256 of its bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypedDict

ALGORITHMS = {"file": "SHA-256", "column": "BLAKE2b, 8 bytes, fields joined by line feeds", "row": "BLAKE2b, 4 bytes, the line"}


class TableDigest(TypedDict):
    """Digests of one table; ``rows`` holds one word a data row, in order."""

    sha256: str
    columns: dict[str, str]
    rows: str


def file_digest(content: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def word(text: str, size: int = 4) -> str:
    """BLAKE2b of a text, ``size`` bytes, in hexadecimal."""
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def row_digests(lines: Iterable[str]) -> list[str]:
    """One digest for each line."""
    return [word(line) for line in lines]


def column_digest(fields: Sequence[str]) -> str:
    """The digest of one column's fields."""
    return word("\n".join(fields), 8)


def table_digest(content: bytes, header: Sequence[str], columns: Sequence[Sequence[str]], lines: Sequence[str]) -> TableDigest:
    """All digests of a table.

    Parameters
    ----------
    content
        The file's bytes.
    header
        Column names.
    columns
        For each column its fields, header excluded.
    lines
        The data lines without line ends.
    """
    return {
        "sha256": file_digest(content),
        "columns": {name: column_digest(fields) for name, fields in zip(header, columns, strict=True)},
        "rows": " ".join(row_digests(lines)),
    }
