"""What the page says about where a result came from: scenario, settings, versions, parameters, certificates and audit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from dollarflow.charts.figures import Figures, number
from dollarflow.charts.names import label
from dollarflow.reports.measures import MINUS, scientific
from dollarflow.reports.quantities import course, unit_text, value_of
from dollarflow.results import audit_folder
from dollarflow.results.findings import grouped, told

if TYPE_CHECKING:
    from model.language.system import System

SHOWN = 12
"""Causes that the page names; the rest is counted."""
ABSENT = "not in the folder: it was written before manifests held it"
CLOSE = 1e-12
PLACES = {"lower": "at the lower limit", "interior": "between its limits", "upper": "at the upper limit"}


@dataclass(frozen=True)
class Verdict:
    """The audit of a folder, made anew from its files.

    Parameters
    ----------
    sound
        True where nothing is off.
    title
        The verdict in one line.
    lines
        What is off.
    """

    sound: bool
    title: str
    lines: tuple[str, ...] = ()


def verdict(figures: Figures) -> Verdict:
    """The audit of the folder from its files alone."""
    outcome = audit_folder(figures.folder)
    if outcome.sound:
        return Verdict(
            True,
            f"Audit passed: {counted(outcome.periods)} and {outcome.figures:,} figures re-checked; "
            "accounts close to 1e-6 bn, every digest agrees",
        )
    groups = grouped(outcome.findings)
    lines = [line for group in groups[:SHOWN] for line in told(group)]
    if len(groups) > SHOWN:
        lines.append(f"and {len(groups) - SHOWN} more causes (dollarflow audit {figures.folder} --verbose shows all)")
    count = len(outcome.findings)
    found = f"{count} finding{'s' if count > 1 else ''}"
    title = f"Audit FAILED: {found}. The figures below are those of the files as they are: do not rely on them"
    return Verdict(False, title, tuple(lines))


def scenario(figures: Figures) -> list[tuple[str, str]]:
    """Story, source, shocks, switches, parameters and the caller's settings."""
    entry = figures.scenario
    clock = figures.manifest.get("clock", {})
    rows = [
        ("Scenario", f"{entry.get('title', ABSENT)} ({entry.get('name', '')})"),
        ("Story", str(entry.get("story") or ("none was given" if "story" in entry else ABSENT))),
        ("Source", str(entry.get("source") or ("none was given" if "source" in entry else ABSENT))),
        (
            "Period",
            f"{clock.get('start', '')} to {clock.get('end', '')}, {counted(clock.get('periods', ''))}, {clock.get('name', '')} clock",
        ),
        ("Shocks", "; ".join(str(shock).replace(" + -", f" {MINUS} ") for shock in entry.get("shocks", [])) or "none"),
        ("Parameters set by the scenario", listed(entry.get("parameters", {}))),
        ("Hypotheses switched", listed(entry.get("switches", {}))),
        ("Made exogenous", ", ".join(entry.get("exogenised", [])) or "none"),
        ("Settings of the caller", listed(entry.get("overrides", {}))),
    ]
    return rows


def counted(periods: object) -> str:
    """A number of periods in words.

    Examples
    --------
    >>> counted(1), counted(52)
    ('1 period', '52 periods')
    """
    return f"{periods} period" if periods == 1 else f"{periods} periods"


def identity(name: str) -> str:
    """What a hidden identity is called.

    Examples
    --------
    >>> identity("balance_sheet__mmf"), identity("money_creation")
    ('balance sheet (Money funds)', 'money creation')
    """
    kind, _, sector = name.partition("__")
    return kind.replace("_", " ") + (f" ({label(sector)})" if sector else "")


def listed(items: dict[str, Any]) -> str:
    """Names with values, or ``none``."""
    return ", ".join(f"{name} = {value}" for name, value in items.items()) or "none"


def origin(figures: Figures) -> list[tuple[str, str]]:
    """Versions, digests and the solver's statistics."""
    manifest = figures.manifest
    solver = manifest.get("solver", {})
    rows = [("Versions", ", ".join(f"{name} {version}" for name, version in manifest.get("versions", {}).items()))]
    rows += [(f"Digest of {name}", str(digest)) for name, digest in manifest.get("hashes", {}).items()]
    rows.append(("Seal of the manifest", str(manifest.get("seal", ""))))
    if solver:
        rows.append(
            (
                "Solver",
                f"{solver.get('equations')} equations in {solver.get('blocks')} blocks, {solver.get('simultaneous_blocks')} simultaneous "
                f"(largest {solver.get('largest_block')}), {solver.get('torn_unknowns')} torn unknowns, "
                f"{solver.get('iterations')} iterations, at most {solver.get('most_iterations_in_a_period')} a period",
            )
        )
        regimes = solver.get("regimes", {})
        rows += [(corner(name), "; ".join(spell(text) for text in spells)) for name, spells in regimes.items()]
    return rows


@cache
def installed() -> System:
    """The installed economy, for units and words that a folder does not hold."""
    from equations.dollar_system import dollar_system

    return dollar_system()


def corner(name: str) -> str:
    """What a complementarity condition says, in its equation's words; its name where the economy has no such equation."""
    said = installed().by_name.get(name)
    words = name.replace("_", " ") if said is None or not said.label else f"{said.label} ({name})"
    return f"Corner: {words}"


def spell(text: str) -> str:
    """Periods at a limit or between limits.

    Examples
    --------
    >>> spell("1-52 lower"), spell("3 interior")
    ('periods 1–52 at the lower limit', 'period 3 between its limits')
    """
    periods, _, regime = text.partition(" ")
    if regime not in PLACES:
        return text
    return f"period{'s' if '-' in periods else ''} {periods.replace('-', '–')} {PLACES[regime]}"


def certificates(figures: Figures) -> list[tuple[str, str]]:
    """How exactly equations and hidden identities hold, as the solver stated it."""
    entry = figures.manifest.get("certificates", {})
    rows = [("Largest scaled residual of any equation or identity", scientific(number(entry.get("largest"))))] if entry else []
    rows += [
        (
            f"Hidden identity, {identity(name)}: largest gap",
            f"{scientific(number(hidden.get('largest_gap')))} bn",
        )
        for name, hidden in figures.hidden.items()
    ]
    if entry.get("opening"):
        rows.append(("Opening", str(entry["opening"])))
    said = figures.manifest.get("audit", {})
    if said:
        rows.append(("Audit by the run itself", f"{said.get('verdict')} ({len(said.get('checks', []))} checks in each period)"))
    return rows


@dataclass(frozen=True)
class Setting:
    """A parameter of the run.

    Parameters
    ----------
    name, value
        As the manifest has them; a value that varies is written with its span.
    unit, source
        Of the calibrated parameter of that name, where the installed calibration has one.
    remark
        Whether the run departs from the calibrated value.
    """

    name: str
    value: str
    unit: str
    source: str
    remark: str


def settings(figures: Figures) -> list[Setting]:
    """Every parameter of the run with unit and source of the installed calibration's parameter of that name."""
    from calibration.parameters import parameter_values

    known = parameter_values()
    units = {item.name: unit_text(str(item.unit)) for item in installed().parameters}
    fixed, paths = figures.manifest["parameters"], figures.manifest["parameter_paths"]
    found = []
    for name in sorted({*fixed, *paths}):
        values = [number(v) for v in paths[name]] if name in paths else [number(fixed[name])]
        text = course(name, values, figures.result.dates)
        entry = known.get(name)
        if entry is None:
            found.append(Setting(name, text, units.get(name, ""), "follows from the opening", ""))
            continue
        moved = any(abs(value - entry.value) > CLOSE * max(1.0, abs(entry.value)) for value in values)
        source = f"{'assumption; ' if entry.assumption else ''}{entry.source} ({entry.date})"
        found.append(Setting(name, text, unit_text(entry.unit), source, f"calibrated: {value_of(name, entry.value)}" if moved else ""))
    return found
