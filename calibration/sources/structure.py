"""Structure of bodies: JSON objects and delimited rows, refused with a name when they are cut short or changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from calibration.sources.findings import fail
from calibration.sources.names import suggestion

MARKUP = ("<!doctype", "<html", "<?xml", "<head", "<body")


def refuse_markup(text: str, origin: str) -> None:
    """Refuse an HTML or XML page where data were expected.

    Raises
    ------
    SourceError
        ``wrong content``.
    """
    if text.lstrip("\ufeff \r\n\t")[:20].lower().startswith(MARKUP):
        raise fail("wrong content", origin, "an HTML or XML page, not data")


def json_value(text: str, origin: str) -> Any:
    """The value of a JSON body.

    Raises
    ------
    SourceError
        A body that ends early (``truncated body``) or is no JSON (``wrong content``).
    """
    refuse_markup(text, origin)
    body = text.lstrip("\ufeff").strip()
    if not body:
        raise fail("truncated body", origin, "empty")
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(body) - 1 or "Unterminated" in error.msg
        check = "truncated body" if cut else "wrong content"
        raise fail(check, origin, f"JSON stops making sense at character {error.pos} of {len(body)}: {error.msg}") from None


def json_object(text: str, origin: str) -> Mapping[str, Any]:
    """The object of a JSON body.

    Raises
    ------
    SourceError
        As :func:`json_value`, or a JSON value that is no object (``changed columns``).
    """
    value = json_value(text, origin)
    if not isinstance(value, dict):
        raise fail("changed columns", origin, f"a JSON {type(value).__name__} where an object is documented")
    return value


def field(item: Mapping[str, Any], name: str, where: str) -> Any:
    """A field that the format documents.

    Raises
    ------
    SourceError
        Its absence (``changed columns``), with the nearest field that is there.
    """
    if name not in item:
        raise fail("changed columns", where, f"no field {name!r}; {suggestion(name, item)} (there are: {', '.join(map(str, item))})")
    return item[name]


def items(answer: Mapping[str, Any], name: str, where: str) -> list[Mapping[str, Any]]:
    """A documented list of objects.

    Raises
    ------
    SourceError
        Its absence, or anything else in its place (``changed columns``).
    """
    found = field(answer, name, where)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise fail("changed columns", where, f"{name!r} is not a list of objects")
    return found


def column(header: Sequence[str], name: str, where: str) -> int:
    """The place of a column that the format documents.

    Raises
    ------
    SourceError
        Its absence or its repetition (``changed columns``), with the nearest column that is there.
    """
    places = [place for place, item in enumerate(header) if item == name]
    if len(places) == 1:
        return places[0]
    if places:
        raise fail("changed columns", where, f"column {name!r} occurs {len(places)} times")
    raise fail("changed columns", where, f"no column {name!r}; {suggestion(name, header)}")


def rows_of(lines: Sequence[Sequence[str]], start: int, width: int, origin: str) -> list[tuple[int, list[str]]]:
    """The rows from line ``start`` on with their line numbers, blank lines left out.

    Raises
    ------
    SourceError
        A row of another width: the last one is a ``truncated body``, any other a ``changed columns``.
    """
    numbered = [(place + 1, [cell.strip() for cell in line]) for place, line in enumerate(lines) if place >= start and any(line)]
    for place, (line, row) in enumerate(numbered):
        if len(row) != width:
            check = "truncated body" if place == len(numbered) - 1 and len(row) < width else "changed columns"
            raise fail(check, origin, f"line {line} has {len(row)} cells, the header has {width}")
    return numbered
