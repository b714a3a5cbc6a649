"""Names: the known one that is nearest to an unknown one, and that of the length of a period."""

from __future__ import annotations

from collections.abc import Iterable

LENGTH = "dt"
"""The variable that is the length of a period."""
NEAR = 0.61
"""Likeness from which a known name is offered for an unknown one."""


def nearest(name: str, known: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` for the known name nearest to ``name``, or an empty string."""
    import difflib

    close = difflib.get_close_matches(name, list(known), n=1, cutoff=NEAR)
    return f" (did you mean {close[0]!r}?)" if close else ""


__all__ = ["LENGTH", "nearest"]
