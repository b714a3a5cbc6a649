"""Where each key of a TOML text stands, so that a refusal can name the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=""")
PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
DIGITS = re.compile(r"[0-9_]+")
LARGEST_INTEGER = 2**63
AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")

Place = tuple[str | int, ...]


class BadFile(ValueError):
    """An input file that cannot be used.

    Parameters
    ----------
    file
        Its name.
    line
        The line, or 0 where none can be named.
    message
        What is wrong and what is allowed.
    """

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}")
        self.file, self.line, self.message = file, line, message


@dataclass(frozen=True)
class Places:
    """Lines of a TOML text by place: ``("shock", 1, "set")`` is the key ``set`` of the second ``[[shock]]``.

    Parameters
    ----------
    file
        Name of the file, for messages.
    lines
        Line of each key and of each table's header.
    """

    file: str
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Sequence[str | int]) -> int:
        """The line of a place, or of the nearest enclosing table; 0 where nothing is known."""
        spot = tuple(place)
        while spot:
            if spot in self.lines:
                return self.lines[spot]
            spot = spot[:-1]
        return 0

    def refuse(self, place: Sequence[str | int], message: str) -> BadFile:
        """The error that names a place."""
        return BadFile(self.file, self.line(place), message)


def read_toml(text: str, file: str) -> tuple[dict[str, Any], Places]:
    """A TOML text and the lines of its keys.

    Raises
    ------
    BadFile
        The text is not TOML; the message has the line.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = AT_LINE.search(str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        message = AT_LINE.sub("", str(error)).strip()
        column = f" (column {found.group(2)})" if found else " (at the end)"
        raise BadFile(file, line, f"broken TOML: {message[:1].lower()}{message[1:]}{column}") from None
    except RecursionError:
        raise BadFile(file, 1, "brackets are nested too deep; a few levels are allowed") from None
    except ValueError:
        raise BadFile(file, _longest(text), "broken TOML: a number has too many digits") from None
    places = Places(file, _lines(text))
    _check_integers(content, places)
    return content, places


def _longest(text: str) -> int:
    """The line with the longest run of digits."""
    lines = text.splitlines()
    return 1 + max(range(len(lines)), key=lambda number: max(map(len, DIGITS.findall(lines[number])), default=0), default=0)


def _check_integers(content: dict[str, Any], places: Places) -> None:
    """Refuses a whole number beyond TOML's 64 bits."""
    waiting: list[tuple[Place, Any]] = [((), content)]
    while waiting:
        place, item = waiting.pop()
        if isinstance(item, dict):
            waiting += [((*place, key), part) for key, part in item.items()]
        elif isinstance(item, list):
            waiting += [((*place, number), part) for number, part in enumerate(item)]
        elif isinstance(item, int) and abs(item) > LARGEST_INTEGER:
            raise places.refuse(place, f"broken TOML: the whole number {str(item)[:20]}… is beyond 64 bits")


def _lines(text: str) -> dict[Place, int]:
    found: dict[Place, int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: Place = ()
    quoted = ""
    for number, line in enumerate(text.splitlines(), 1):
        if quoted:
            if quoted in line:
                quoted = ""
            continue
        header, key = HEADER.match(line), KEY.match(line)
        if header and not key:
            names = _parts(header.group(2))
            if header.group(1) == "[[":
                counts[names] = counts.get(names, -1) + 1
                table = (*names, counts[names])
            else:
                table = _inside(names, counts)
            found.setdefault(table, number)
        elif key:
            found.setdefault((*table, *_parts(key.group(1))), number)
            rest = line[key.end() :]
            for mark in ('"""', "'''"):
                if rest.count(mark) % 2:
                    quoted = mark
    return found


def _parts(text: str) -> tuple[str, ...]:
    return tuple("".join(match) for match in PART.findall(text))


def _inside(names: tuple[str, ...], counts: dict[tuple[str, ...], int]) -> Place:
    """A table's place; inside an array of tables it belongs to the last entry."""
    for size in range(len(names), 0, -1):
        if names[:size] in counts:
            return (*names[:size], counts[names[:size]], *names[size:])
    return names
