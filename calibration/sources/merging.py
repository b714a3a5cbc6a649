"""Merging: several files of one series become one, the later vintage over the earlier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from calibration.sources.checks import check_revision
from calibration.sources.findings import Finding
from calibration.sources.published import Published

SHOWN = 3


def merge(series: Iterable[Published]) -> tuple[tuple[Published, ...], list[Finding]]:
    """One series per publisher and identifier, and what was found on the way.

    A later vintage replaces what it covers and leaves the rest; every change is a note. Two files of one vintage must agree.
    """
    groups: dict[tuple[str, str], list[Published]] = {}
    for item in series:
        groups.setdefault(item.key, []).append(item)
    merged, findings = [], []
    for group in groups.values():
        ordered = sorted(group, key=lambda item: (item.vintage or date.min, item.origin))
        result = ordered[0]
        for item in ordered[1:]:
            result, found = over(result, item)
            findings += found
        merged.append(result)
    return tuple(merged), findings


def over(old: Published, new: Published) -> tuple[Published, list[Finding]]:
    """A later vintage over an earlier one, or two files of one vintage side by side."""
    before, after = dict(zip(old.dates, old.values, strict=True)), dict(zip(new.dates, new.values, strict=True))
    if (old.vintage or date.min) == (new.vintage or date.min):
        differ = sorted(day for day in before if day in after and before[day] != after[day])
        findings = []
        if differ:
            shown = ", ".join(f"{day.isoformat()}: {before[day]} and {after[day]}" for day in differ[:SHOWN])
            text = f"{old.origin} and {new.origin} have one vintage and differ on {len(differ)} days ({shown})"
            findings.append(Finding("conflict", new.series, text))
    else:
        findings = check_revision(old, new)
    joined = before | {day: value for day, value in after.items() if value is not None or day not in before}
    dates = tuple(sorted(joined))
    origin = ", ".join(dict.fromkeys((*old.origin.split(", "), new.origin)))
    return replace(new, dates=dates, values=tuple(joined[day] for day in dates), unit=new.unit or old.unit, origin=origin), findings
