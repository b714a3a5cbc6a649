"""Figures: quarterly figures and histories of the project, made from published series once every check has passed.

Nothing bad gets out silently: :func:`prepare` runs every check on every series, and raises while an error stands whose check
the caller did not accept by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from calibration.business_days import is_business_day
from calibration.sources.catalogue import Catalogue, catalogue
from calibration.sources.checks import check_each, check_identities, inside
from calibration.sources.comparison import Known, check_reference
from calibration.sources.entries import Entry, Target
from calibration.sources.findings import Finding, Severity, SourceError, errors
from calibration.sources.names import suggestion
from calibration.sources.published import Published
from calibration.sources.revisions import known_history
from calibration.sources.timing import period_end, quarters
from calibration.sources.units import convert, factor
from calibration.tables import rate_series

AGREE = 0.01
SHOWN = 3


@dataclass(frozen=True)
class Prepared:
    """Checked series by name, dated by the ends of their periods.

    Parameters
    ----------
    observations, units
        Values and their unit by the catalogue's name.
    entries
        The catalogue's entry that each was read as.
    origins, vintages
        Files and vintage of each.
    findings
        Notes, and the errors that were accepted.
    """

    observations: Mapping[str, Mapping[date, float]]
    units: Mapping[str, str]
    entries: Mapping[str, Entry]
    origins: Mapping[str, str]
    vintages: Mapping[str, date | None]
    findings: tuple[Finding, ...]

    def of(self, name: str) -> Mapping[date, float]:
        """The observations of a series.

        Raises
        ------
        SourceError
            None was read, with the nearest that was.
        """
        if name not in self.observations:
            text = f"no file has it; {suggestion(name, self.observations)}"
            raise SourceError([Finding("not in the catalogue", name, text)])
        return self.observations[name]


@dataclass(frozen=True)
class Figure:
    """A quarterly figure: its quarter by the last day, value, unit, what it is of in time, its publication, vintage and files."""

    quarter: date
    figure: str
    value: float
    unit: str
    timing: str
    source: str
    vintage: date | None
    origin: str


def prepare(
    series: Iterable[Published],
    *,
    found: Sequence[Finding] = (),
    accepted: Iterable[str] = (),
    known: Catalogue | None = None,
    reference: Mapping[str, Known] | None = None,
) -> Prepared:
    """Published series checked, put in one unit and dated by period ends.

    Parameters
    ----------
    series
        Series as read, one a publisher's identifier.
    found
        What reading and merging them found.
    accepted
        Checks whose errors are accepted, by name.
    known
        The catalogue; the project's when absent.
    reference
        Compiled values by name and unit of the catalogue, that every observation is compared with; the project's history when absent.

    Raises
    ------
    SourceError
        Any error that is not accepted; all of them are listed.
    """
    known = known or catalogue()
    findings = list(found)
    copies: dict[str, dict[tuple[str, str], list[tuple[Entry, Published]]]] = {}
    for item in series:
        entry = known.entry(*item.key)
        findings += check_each(item, entry)
        copies.setdefault(entry.name, {}).setdefault(entry.copy, []).append((entry, item))
    observations, units, entries, origins, vintages = {}, {}, {}, {}, {}
    for name, by_copy in copies.items():
        order = list(dict.fromkeys(entry.copy for entry in known.named(name)))
        unit = known.named(name)[0].unit
        rows = [(copy, joined(by_copy[copy], unit)) for copy in order if copy in by_copy]
        chosen, values = rows[0]
        for other, also in rows[1:]:
            findings += disagree(name, " ".join(chosen), values, " ".join(other), also)
        observations[name], units[name] = values, unit
        entries[name] = by_copy[chosen][-1][0]
        origins[name] = ", ".join(dict.fromkeys(item.origin for _, item in by_copy[chosen]))
        vintages[name] = max((item.vintage for _, item in by_copy[chosen] if item.vintage), default=None)
    compiled = known_history(known) if reference is None else reference
    findings += check_reference(observations, compiled)
    findings += check_identities(observations, units, known, compiled)
    standing = errors(findings, accepted)
    if standing:
        raise SourceError(standing)
    return Prepared(observations, units, entries, origins, vintages, tuple(findings))


def joined(parts: Sequence[tuple[Entry, Published]], unit: str) -> dict[date, float]:
    """One publisher's observations of a series, its consecutive identifiers joined, in a unit and dated by period ends."""
    values: dict[date, float] = {}
    for entry, item in parts:
        own = inside(item, entry)
        turned = convert(list(own.values()), entry.unit, unit)
        for day, value in zip(own, turned, strict=True):
            end = period_end(day, entry.stamp, entry.timing)
            if value is not None and end not in values and (entry.frequency != "every day" or is_business_day(end)):
                values[end] = value
    return dict(sorted(values.items()))


def disagree(name: str, one: str, values: Mapping[date, float], other: str, also: Mapping[date, float]) -> list[Finding]:
    """A finding when two publishers' copies of a series differ by more than a hundredth on any day."""
    days = sorted(day for day in values if day in also and abs(values[day] - also[day]) > AGREE * max(abs(values[day]), AGREE))
    if not days:
        return []
    shown = "; ".join(f"{day.isoformat()}: {values[day]:g} and {also[day]:g}" for day in days[:SHOWN])
    return [Finding("publishers disagree", name, f"{one} and {other} differ on {len(days)} days ({shown})")]


def figures(prepared: Prepared, wanted: Sequence[str] | None = None, *, known: Catalogue | None = None) -> tuple[Figure, ...]:
    """Quarterly figures by the names of ``calibration/data``.

    Parameters
    ----------
    prepared
        Checked series.
    wanted
        Names; by default every figure whose series are all there.
    known
        The catalogue; the project's when absent.

    Raises
    ------
    SourceError
        An unknown figure, one that no reader provides, one of whose series no file was read, or one without a quarter that its
        observations cover.
    """
    known = known or catalogue()
    targets = provided(prepared, known) if wanted is None else [known.target(name) for name in wanted]
    rows = {target.figure: made(target, prepared) for target in targets}
    empty = [target for target in targets if not rows[target.figure][0]]
    if wanted is not None and empty:
        raise SourceError([uncovered(target.figure, rows[target.figure][1], "error") for target in empty])
    return tuple(figure for found, _ in rows.values() for figure in found)


def partial(prepared: Prepared, *, known: Catalogue | None = None) -> tuple[Finding, ...]:
    """Notes of the quarters that were left out of each figure because its observations do not cover them."""
    rows = {target.figure: made(target, prepared)[1] for target in provided(prepared, known or catalogue())}
    return tuple(uncovered(name, days, "note") for name, days in rows.items() if days)


def uncovered(figure: str, days: Sequence[date], severity: Severity) -> Finding:
    """The finding of quarters that a figure's observations do not cover."""
    ends = ", ".join(day.isoformat() for day in days) or "no common period of its series"
    return Finding("incomplete period", figure, f"not all of the quarter was published: {ends}", severity)


def unused(prepared: Prepared, used: Iterable[str], *, known: Catalogue | None = None) -> tuple[Finding, ...]:
    """A note of the series that no history and none of the figures ``used`` is made of."""
    wanted = set(used)
    needed = {term.name for target in (known or catalogue()).targets if target.history or target.figure in wanted for term in target.terms}
    rest = [name for name in prepared.observations if name not in needed]
    if not rest:
        return ()
    return (Finding("unused", ", ".join(rest), "read and checked; no opening and no estimate uses them", "note"),)


def provided(prepared: Prepared, known: Catalogue) -> list[Target]:
    """The figures all of whose series are there."""
    return [item for item in known.targets if item.terms and all(term.name in prepared.observations for term in item.terms)]


def made(target: Target, prepared: Prepared) -> tuple[list[Figure], tuple[date, ...]]:
    """The quarterly figures of one target, and the quarter-ends that its observations do not cover."""
    names = [term.name for term in target.terms]
    values = {name: prepared.of(name) for name in names}
    unit = prepared.units[names[0]]
    days = set.intersection(*(set(values[name]) for name in names))
    summed = {}
    for day in sorted(days):
        parts = (
            term.weight * (1.0 if target.gives else factor(prepared.units[term.name], unit)) * values[term.name][day]
            for term in target.terms
        )
        summed[day] = sum(parts)
    entry = prepared.entries[names[0]]
    timing, quarterly, missing = quarters(summed, entry.timing, target.take)
    turned = convert(list(quarterly.values()), target.gives or unit, target.unit)
    source = "; ".join(dict.fromkeys(f"{prepared.entries[name].publisher} {prepared.entries[name].series}" for name in names))
    vintage = max((stamp for name in names if (stamp := prepared.vintages[name])), default=None)
    origin = ", ".join(dict.fromkeys(prepared.origins[name] for name in names))
    rows = zip(quarterly, turned, strict=True)
    found = [Figure(day, target.figure, value, target.unit, timing, source, vintage, origin) for day, value in rows if value is not None]
    return found, missing


def histories(prepared: Prepared, *, known: Catalogue | None = None) -> dict[str, dict[date, float]]:
    """Daily and weekly series by the names and in the units of ``calibration/data/rates.csv``."""
    stated = {item.series: item.unit for item in rate_series()}
    found: dict[str, dict[date, float]] = {}
    for target in (known or catalogue()).targets:
        if target.history and target.terms[0].name in prepared.observations and target.history not in found:
            own = prepared.observations[target.terms[0].name]
            turned = convert(list(own.values()), prepared.units[target.terms[0].name], stated[target.history])
            found[target.history] = {day: value for day, value in zip(own, turned, strict=True) if value is not None}
    return found
