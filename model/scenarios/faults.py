"""What is wrong with a file's content, in words: one sentence for each fault that pydantic finds."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from model.language.names import nearest

Place = tuple[int | str, ...]


def keys(part: type[BaseModel], without: str = "") -> list[str]:
    """The keys that a part of a file may have, as they are written there."""
    return [str(field.validation_alias or name) for name, field in part.model_fields.items() if name != without]


def label(place: Place) -> str:
    """A place in a file as its keys with dots between them."""
    return ".".join(str(p) for p in place if not isinstance(p, int))


def sentence(item: Any, place: Place, known: list[str]) -> str:
    """A fault in words.

    Parameters
    ----------
    item
        One of pydantic's ``ErrorDetails``.
    place
        Where it stands in the file.
    known
        The keys that are allowed there.
    """
    name, kind, message = label(place), item["type"], item["msg"]
    if kind == "extra_forbidden":
        return f"unknown key {str(place[-1])!r}{nearest(str(place[-1]), known)}; known: {', '.join(known)}"
    if kind == "missing":
        return f"{name} is missing"
    if kind == "value_error":
        message = message.removeprefix("Value error, ")
        return f"{name}{' ' if message.startswith('is ') else ': '}{message}" if name else message
    if kind == "tuple_type":
        return f"write [[{name}]] with two brackets on each side: there may be several"
    if kind == "model_type":
        return f"{name} is {item['input']!r}; write its keys under [{name}]"
    if kind == "literal_error":
        return f"{name} is {item['input']!r}; allowed: {item['ctx']['expected']}"
    return f"{name} is {item['input']!r}: {message[:1].lower()}{message[1:]}"
