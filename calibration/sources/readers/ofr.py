"""The Office of Financial Research: short-term funding monitor and hedge-fund monitor.

Documented at financialresearch.gov/short-term-funding-monitor/api and financialresearch.gov/hedge-fund-monitor/api (base addresses
``data.financialresearch.gov/v1`` and ``…/hf/v1``); the same three answers in both.

* ``series/timeseries?mnemonic=M``: a bare list of pairs ``["2025-10-29", 3.98]``; with ``time_format=ms`` milliseconds instead of dates. It
  does not name the series: the address does.
* ``series/full?mnemonic=M``: ``{"M": {"timeseries": {"aggregation": […], "disclosure_edits": […]}, "metadata": {…}}}``.
* ``series/multifull?mnemonics=M,N`` and ``series/dataset?dataset=repo``: the same by mnemonic, the latter under ``timeseries``.

``null`` is a masked or absent value. ``metadata.unit`` has ``name`` (``USD``, ``Percent``), ``magnitude`` (a power of ten; 0 for
dollars) and ``type``; ``metadata.schedule`` has ``observation_frequency`` and ``last_update``. Mnemonics are upper case but for a few
small letters (``MMF-MMF_RP_wFR-M``); the letter at the end of a funding-monitor mnemonic is its vintage (P preliminary, F final, M
monthly, A current).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from calibration.sources.findings import fail
from calibration.sources.periods import milliseconds, parse
from calibration.sources.published import Published, collect, number
from calibration.sources.structure import field, json_value
from calibration.sources.units import AMOUNTS

PUBLISHER = "OFR"
MNEMONIC = re.compile(r"[A-Z]{2,6}-[A-Za-z0-9_]+(-[A-Z])?")
BARE = re.compile(r"\s*\[\s*\[\s*(\"\d{4}-\d{2}-\d{2}\"|\d{9,14})\s*,")
PAIR = 2
PERCENT_NAMES = ("Percent", "Percentage")


def recognises_bare(text: str) -> bool:
    """Whether a body is an answer of ``series/timeseries``."""
    return BARE.match(text[:200]) is not None


def recognises_full(text: str) -> bool:
    """Whether a body is an answer of ``series/full``, ``series/multifull`` or ``series/dataset``."""
    return text.lstrip().startswith("{") and '"timeseries"' in text and '"aggregation"' in text


def read_bare(text: str, origin: str, series: str = "") -> tuple[Published, ...]:
    """The series of an answer of ``series/timeseries``; it states no unit.

    Parameters
    ----------
    text, origin
        Body and the file or address that it came from.
    series
        Mnemonic; when empty, the name of ``origin``'s file without its ending, as ``REPO-DVP_AR_OO-P`` in ``REPO-DVP_AR_OO-P.json``.

    Raises
    ------
    SourceError
        A changed form, or a file that is not named after a mnemonic.
    """
    name = series or re.split(r"[/\\]", origin)[-1].split(".")[0]
    if not MNEMONIC.fullmatch(name):
        raise fail("not in the catalogue", origin, "this answer does not say which series it is: name the file after its mnemonic")
    return (collect(PUBLISHER, name, pairs_of(json_value(text, origin), origin), origin=origin),)


def read_full(text: str, origin: str) -> tuple[Published, ...]:
    """Every series of an answer with metadata, with the unit and the update that it states.

    Raises
    ------
    SourceError
        A changed form or a unit that is not documented.
    """
    answer = json_value(text, origin)
    if not isinstance(answer, dict):
        raise fail("changed columns", origin, "an object by mnemonic is documented")
    inner = answer.get("timeseries")
    if isinstance(inner, dict) and "aggregation" not in inner:
        answer = inner
    return tuple(one(str(name), body, f"{origin}, {name}") for name, body in answer.items() if MNEMONIC.fullmatch(str(name)))


def one(name: str, body: Any, where: str) -> Published:
    """The series of one mnemonic."""
    if not isinstance(body, dict):
        raise fail("changed columns", where, "timeseries and metadata are documented")
    series = field(body, "timeseries", where)
    if not isinstance(series, dict):
        raise fail("changed columns", where, "'timeseries' is no object")
    metadata = body.get("metadata") or {}
    updated = str((metadata.get("schedule") or {}).get("last_update") or "")[:10]
    return collect(
        PUBLISHER,
        name,
        pairs_of(field(series, "aggregation", where), where),
        unit=unit_of(metadata.get("unit") or {}, where),
        title=str((metadata.get("description") or {}).get("name") or ""),
        origin=where.split(",")[0],
        vintage=parse(updated, where) if updated else None,
    )


def unit_of(unit: Mapping[str, Any], where: str) -> str:
    """The unit that a series' metadata state; empty where they state none.

    Raises
    ------
    SourceError
        A unit that is not documented (``unit``).
    """
    if "name" not in unit:
        return ""
    name, magnitude = str(unit["name"]), number(unit.get("magnitude", 0), where) or 0.0
    if name in PERCENT_NAMES:
        return "percent"
    if name == "USD":
        for word, size in AMOUNTS.items():
            if size == magnitude:
                return word
    raise fail("unit", where, f"unit {name!r} with magnitude {magnitude:g} is not documented")


def pairs_of(value: Any, where: str) -> list[tuple[date, float | None]]:
    """The dated values of a list of pairs.

    Raises
    ------
    SourceError
        Anything else (``changed columns``).
    """
    if not isinstance(value, list):
        raise fail("changed columns", where, "a list of [date, value] is documented")
    pairs = []
    for place, item in enumerate(value):
        if not isinstance(item, Sequence) or isinstance(item, str) or len(item) != PAIR:
            raise fail("changed columns", where, f"item {place + 1} is not [date, value]")
        at = f"{where}, item {place + 1}"
        day = milliseconds(item[0], at) if isinstance(item[0], (int, float)) else parse(str(item[0]), at)
        pairs.append((day, number(item[1], at)))
    return pairs
