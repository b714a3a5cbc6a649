"""The manifest of a result folder: what was run, with which versions and figures, and a digest of everything.

The text has one form: JSON, one entry a line, keys in the order given, floats in their shortest text. ``digests`` holds those of the
tables and, under the manifest's own name, one for every entry of the manifest itself; ``seal`` is the digest of the whole text with
an empty seal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from dollarflow.results.digests import file_digest, word
from dollarflow.results.schema import MANIFEST

DIGESTS, SEAL = "digests", "seal"

Scalar = str | int | float | bool | None
ENTRY = json.JSONEncoder(ensure_ascii=False)


def manifest_text(content: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    """The manifest's text.

    Parameters
    ----------
    content
        Everything but the digests, made of texts, finite numbers, booleans, None, lists and mappings.
    tables
        The digests of each table.
    """
    body = {**content, DIGESTS: {**tables, MANIFEST: {place: entry_digest(entry) for place, entry in entries(content)}}, SEAL: ""}
    text = dump(body)
    return text.removesuffix('""\n}\n') + f'"{file_digest(text.encode())}"\n}}\n'


def dump(content: Mapping[str, Any]) -> str:
    """The one form of a manifest's text."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def entries(content: Any, place: str = "") -> Iterator[tuple[str, Scalar]]:
    """Every number, text and truth value of a manifest with its place, as ``/clock/periods`` or ``/certificates/by_period/3``."""
    if isinstance(content, Mapping):
        if not content:
            yield place, "{}"
        for key, item in content.items():
            yield from entries(item, f"{place}/{key}")
    elif isinstance(content, list):
        if not content:
            yield place, "[]"
        for number, item in enumerate(content):
            yield from entries(item, f"{place}/{number}")
    else:
        yield place, content


def entry_digest(entry: Scalar) -> str:
    """The digest of one entry."""
    return word(ENTRY.encode(entry))


def line_in(text: str, place: str | Sequence[str]) -> int:
    """The line of a manifest's text on which the entry at a place stands; 0 where it cannot be told.

    Relies on the text's form, one entry a line with one space of indent a level. A place is a text as :func:`entries` gives it, or
    its parts.
    """
    return _lines(text).get(place.strip("/") if isinstance(place, str) else "/".join(place), 0)


@lru_cache(maxsize=2)
def _lines(text: str) -> dict[str, int]:
    """The line of every entry by its place, all found in one pass."""
    found: dict[str, int] = {}
    stack: list[list[Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        body = line.strip()
        if body.startswith(("}", "]")):
            if stack:
                stack.pop()
            continue
        here: list[str] = []
        if stack:
            holder = stack[-1]
            if holder[0] == "list":
                key = str(holder[1])
                holder[1] += 1
            else:
                key, _, body = body.partition('": ')
                key = key[1:]
            here = [*holder[2], key]
        if here:
            found.setdefault("/".join(here), number)
        if body.rstrip(",") in ("{", "["):
            stack.append(["list" if body.startswith("[") else "map", 0, here])
    return found
