"""Tables of HTML for notebooks, with every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import isnan

SHOWN = 12
"""Rows of a table that are shown; the rest is counted."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "", figures: bool = False) -> str:
    """A table with a caption; every field is escaped, numbers stand to the right.

    Parameters
    ----------
    head
        Names of the columns; all empty for a table without heads.
    rows, caption
        Fields, and a heading.
    figures
        True where all columns but the first hold figures written as text.

    Examples
    --------
    >>> table(("name",), [("a<b",)])
    '<table><thead><tr><th>name</th></tr></thead><tbody><tr><td style="text-align:left">a&lt;b</td></tr></tbody></table>'
    """

    def cell(place: int, value: object) -> str:
        side = "right" if isinstance(value, float) or (figures and place) else "left"
        text = figure(value) if isinstance(value, float) else escape(str(value))
        return f'<td style="text-align:{side}">{text}</td>'

    title = f'<caption style="text-align:left"><b>{escape(caption)}</b></caption>' if caption else ""
    top = f"<thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr></thead>" if any(head) else ""
    body = "".join(f"<tr>{''.join(cell(place, value) for place, value in enumerate(row))}</tr>" for row in rows)
    return f"<table>{title}{top}<tbody>{body}</tbody></table>"


def figure(value: float) -> str:
    """A number in six digits at most; empty where there is none.

    Examples
    --------
    >>> figure(7015.684), figure(float("nan"))
    ('7,015.68', '')
    """
    return "" if isnan(value) else f"{value:,.6g}"


def more(count: int, noun: str) -> str:
    """A line that counts what is not shown; nothing where all is."""
    return f"<p>and {count:,} more {escape(noun)}</p>" if count > 0 else ""
