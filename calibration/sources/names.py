"""Names: an unknown one is answered with the nearest known ones."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The known names most like ``name``, nearest first, whatever the case.

    Examples
    --------
    >>> nearest("WALLC", ["WALCL", "TREAST", "SOFR"])
    ('WALCL',)
    """
    by_lower: dict[str, str] = {}
    for item in known:
        by_lower.setdefault(item.lower(), item)
    found = get_close_matches(name.lower(), list(by_lower), n=count, cutoff=0.5)
    return tuple(by_lower[item] for item in found)


def suggestion(name: str, known: Iterable[str]) -> str:
    """A clause that names the nearest known names, or how many there are."""
    names = tuple(known)
    close = nearest(name, names)
    if close:
        return "nearest: " + ", ".join(close)
    return f"nothing like it among {len(names)} known"
