"""Checks of published series: pure functions that return findings, run before any figure leaves this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import log10
from statistics import median

from calibration.sources.catalogue import Catalogue
from calibration.sources.comparison import Known
from calibration.sources.entries import Entry
from calibration.sources.findings import Finding
from calibration.sources.published import Published
from calibration.sources.timing import STEPS, WEDNESDAY
from calibration.sources.units import RATES, factor

SHOWN = 3
TUESDAY, MONDAY, SATURDAY = 1, 0, 5
REPORT_SLACK = 2
THOUSAND = 3
NEAR_A_POWER = 0.35
Check = Callable[[Published, Entry], list[Finding]]


def listed(days: Sequence[date]) -> str:
    """The first few of some days, and how many there are."""
    shown = ", ".join(day.isoformat() for day in days[:SHOWN])
    return shown if len(days) <= SHOWN else f"{shown} and {len(days) - SHOWN} more"


def inside(series: Published, entry: Entry) -> dict[date, float]:
    """The observations of the days on which the series is what the catalogue says."""
    return {
        day: value
        for day, value in series.observations.items()
        if (entry.first is None or day >= entry.first) and (entry.last is None or day <= entry.last)
    }


def check_unit(series: Published, entry: Entry) -> list[Finding]:
    """The unit that the file states is the catalogue's."""
    if not series.unit or series.unit == entry.unit:
        return []
    return [Finding("unit", series.series, f"the file states {series.unit}, the catalogue {entry.unit}")]


def check_range(series: Published, entry: Entry) -> list[Finding]:
    """Values lie in the range of the series; values a power of a thousand away are named as such, with the factor."""
    outside = {day: value for day, value in inside(series, entry).items() if not entry.low <= value <= entry.high}
    if not outside:
        return []
    days = sorted(outside)
    power = power_of(list(outside.values()), entry)
    example = f"{days[0].isoformat()}: {outside[days[0]]:g}"
    if power:
        name = "unit" if entry.unit in RATES else "thousands for billions"
        message = f"{len(days)} of {len(inside(series, entry))} values are about 10^{power} times the range {entry.low:g}..{entry.high:g} "
        return [Finding(name, series.series, f"{message}{entry.unit} ({example}); were they published in another unit?")]
    return [Finding("out of range", series.series, f"{listed(days)} outside {entry.low:g}..{entry.high:g} {entry.unit} ({example})")]


def power_of(values: Sequence[float], entry: Entry) -> int:
    """The power of ten by which values miss a range; 0 when no power that units differ by brings most of them into it.

    Amounts are confused by thousands, rates by hundreds.
    """
    for power in (-4, -2, 2, 4) if entry.unit in RATES else (-9, -6, -3, 3, 6, 9):
        fits = sum(entry.low <= value / 10.0**power <= entry.high for value in values)
        if 2 * fits > len(values):
            return power
    return 0


def check_jumps(series: Published, entry: Entry) -> list[Finding]:
    """No single value is a power of a thousand (a rate: of a hundred) from both of its neighbours, although it lies in the range."""
    rate = entry.unit in RATES
    if entry.low <= 0 and not rate:
        return []
    spacing = 2 if rate else THOUSAND
    items = list(inside(series, entry).items())
    found = []
    for before, here, after in zip(items, items[1:], items[2:], strict=False):
        around = median([abs(before[1]), abs(after[1])])
        if around <= 0 or here[1] == 0 or max(abs(before[1]), abs(after[1])) > 10 * min(abs(before[1]), abs(after[1])):
            continue
        distance = log10(abs(here[1]) / around) / spacing
        if round(distance) != 0 and abs(distance - round(distance)) < NEAR_A_POWER / spacing:
            found.append(here[0])
    if not found:
        return []
    check, times = ("unit", "a hundred times, or a hundredth") if rate else ("thousands for billions", "a thousand times, or a thousandth")
    return [Finding(check, series.series, f"{listed(found)}: about {times} of, the values around it")]


def check_gaps(series: Published, entry: Entry) -> list[Finding]:
    """No period inside the sample is without an observation, beyond closed days."""
    days = sorted(inside(series, entry))
    steps = {"monthly": 31, "quarterly": 92, "every day": 1, "daily": STEPS["day"], "weekly": STEPS["Wednesday level"]}
    if entry.frequency not in steps:
        return []
    longest = steps[entry.frequency] + (REPORT_SLACK if entry.timing == "report Tuesday" else 0)
    gaps = [(early, late) for early, late in pairwise(days) if (late - early).days > longest]
    if not gaps:
        return []
    shown = "; ".join(f"{early.isoformat()} to {late.isoformat()}" for early, late in gaps[:SHOWN])
    more = f" and {len(gaps) - SHOWN} more" if len(gaps) > SHOWN else ""
    return [
        Finding("gap", series.series, f"no observation between {shown}{more}; {entry.frequency} figures are at most {longest} days apart")
    ]


def check_missing(series: Published, entry: Entry) -> list[Finding]:
    """Dates that the publisher lists without a value: closed days of a daily series are only noted."""
    first, last = min(series.observations, default=None), max(series.observations, default=None)
    if first is None or last is None:
        return [Finding("missing observation", series.series, "no value at all")]
    days = [day for day in series.missing if first < day < last]
    if not days:
        return []
    if entry.frequency in ("every day", "daily", "event"):
        return [Finding("missing observation", series.series, f"{len(days)} closed days without a value", "note")]
    return [Finding("missing observation", series.series, f"{listed(days)} without a value inside the sample")]


def check_weekdays(series: Published, entry: Entry) -> list[Finding]:
    """Weekly figures fall on their weekday and daily ones on working days: dates in a wrong zone are a day off."""
    days = sorted(inside(series, entry))
    if entry.timing in ("Wednesday level", "week average"):
        wrong, right = [day for day in days if day.weekday() != WEDNESDAY], "Wednesdays"
    elif entry.timing == "report Tuesday":
        wrong, right = [day for day in days if day.weekday() not in (MONDAY, TUESDAY)], "Tuesdays, or Mondays before a holiday"
    elif entry.frequency == "daily":
        wrong, right = [day for day in days if day.weekday() >= SATURDAY], "working days"
    else:
        return []
    if not wrong:
        return []
    return [
        Finding(
            "weekday", series.series, f"{listed(wrong)}: published for {right}; dates off by a day come from a time read in another zone"
        )
    ]


CHECK_EACH: tuple[Check, ...] = (check_unit, check_range, check_jumps, check_gaps, check_missing, check_weekdays)


def check_each(series: Published, entry: Entry) -> list[Finding]:
    """Every finding about one series."""
    return [finding for check in CHECK_EACH for finding in check(series, entry)]


def check_revision(old: Published, new: Published, *, tolerance: float = 0.0) -> list[Finding]:
    """What a later vintage changed: a note with the largest change, an error where observations disappeared."""
    before, after = old.observations, new.observations
    found = []
    gone = sorted(day for day in before if day not in after and min(after, default=day) <= day <= max(after, default=day))
    if gone:
        found.append(
            Finding("revision", new.series, f"{listed(gone)} had a value in the vintage of {old.vintage or old.origin} and have none now")
        )
    changed = {
        day: after[day] - before[day] for day in before if day in after and abs(after[day] - before[day]) > tolerance * abs(before[day])
    }
    if changed:
        day = max(changed, key=lambda item: abs(changed[item]))
        most = f"most on {day.isoformat()}: {before[day]:g} became {after[day]:g}"
        text = f"{len(changed)} values differ from {old.vintage or old.origin}; {most}"
        found.append(Finding("revision", new.series, text, "note"))
    return found


def check_identities(
    series: Mapping[str, Mapping[date, float]],
    units: Mapping[str, str],
    known: Catalogue,
    reference: Mapping[str, Known] | None = None,
) -> list[Finding]:
    """Every identity of the catalogue holds on every day on which all of its series have a value.

    Parameters
    ----------
    series, units
        Observations and their unit by name.
    known
        The catalogue.
    reference
        Compiled values by name, in the unit of the catalogue's preferred copy, for series that no file has: the tolerance grows by
        their ordinary revisions.
    """
    found = []
    compiled = {name: item for name, item in (reference or {}).items() if name not in series}
    for identity in known.identities:
        names = [term.name for term in identity.terms]
        if not any(name in series for name in names) or not all(name in series or name in compiled for name in names):
            continue
        values = {name: series[name] if name in series else compiled[name].values for name in names}
        stated = {name: units[name] if name in series else known.named(name)[0].unit for name in names}
        factors = {term.name: term.weight * factor(stated[term.name], identity.unit) for term in identity.terms}
        for day in sorted(set.intersection(*(set(values[name]) for name in names))):
            off = sum(factors[name] * values[name][day] for name in names)
            slack = sum(abs(factors[name]) * compiled[name].revision(day) for name in names if name in compiled)
            if abs(off) > identity.tolerance + slack:
                parts = ", ".join(f"{name} {values[name][day]:,.6g}{' (compiled)' if name in compiled else ''}" for name in names)
                found.append(Finding("identity", identity.name, f"{day.isoformat()}: off by {off:,.6g} {identity.unit} ({parts})"))
                break
    return found
