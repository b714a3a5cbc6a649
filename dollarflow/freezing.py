"""Frozen sectors: what changes in the market when one balance sheet stops reacting.

A frozen sector's decisions keep the values of the opening: amounts keep their ratio to trend GDP, rates and ratios stay what
they were. Its identities go on, so that nothing leaks. The cash market's estimated curve is nobody's balance sheet and is frozen
by itself; so is every decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dollarflow.economy import economy, opening_state
from dollarflow.errors import BadInput
from dollarflow.scenarios import scenario
from dollarflow.simulation import Simulation, simulate
from model.language.symbols import Variable
from model.language.system import System, nearest
from model.periods.failure import SolveFailure
from model.scenarios.scenario import Scenario

Floats = NDArray[np.float64]
START = date(2025, 10, 29)
WEEK = 7
COMMAND = "dollarflow freeze --out docs/sectors.md"

DECISIONS: Mapping[str, tuple[str, ...]] = {
    "fed": ("rmp", "fed_runoff_notes", "fed_runoff_bonds", "fed_agency_reinvested"),
    "treasury": ("net_coupon_issue", "tga_target"),
    "banks": ("dealer_wedge", "dealer_inventory", "bank_treasury_book", "agency_banks", "loans_private", "deposit_rate"),
    "mmf": ("mmf_bills", "on_rrp_tail", "on_rrp_parking"),
    "hedge_funds": ("hf_basis_wanted", "hf_spread_leg", "hf_forced_sale", "hf_haircut", "hf_margin"),
    "foreign_official": (
        "official_book_notes",
        "official_book_bonds",
        "bills_official",
        "foreign_repo_pool_held",
        "pay_reserve_flow",
        "gold_purchase",
        "fima",
    ),
    "rest_of_world": (
        "demand_notes__rest_of_world",
        "demand_bonds__rest_of_world",
        "bills_rest_of_world",
        "deposits_rest_of_world",
        "exports",
    ),
    "private": (
        "demand_notes__private",
        "demand_bonds__private",
        "bills_private",
        "mmf_share_target",
        "futures_demand",
        "imports",
        "investment",
    ),
}
"""Names of the equations in which a sector decides."""
CASH_MARKET = "cash_market"
GROUPS: Mapping[str, tuple[str, ...]] = {**DECISIONS, CASH_MARKET: ("curve_spread",)}
"""What is frozen together: a sector's decisions, and the estimated curve on which cash is priced whoever lends it."""
ALONE: Mapping[str, str] = {name: group for group, names in GROUPS.items() for name in names}
"""The group of every decision, which is also frozen by itself."""
EXPERIMENTS = ("baseline", "qe", "tga_rebuild", "margin_shock", "foreign_sale", "rate_cut", "deficit_up")


@dataclass(frozen=True)
class Measure:
    """A market outcome.

    Parameters
    ----------
    variable, title, unit
        What is read, and how it is shown.
    scale
        Multiplies the variable's own unit into the shown one.
    noticed
        Change from which it counts as measurable, in the shown unit.
    """

    variable: str
    title: str
    unit: str
    scale: float
    noticed: float


MEASURES = (
    Measure("sofr", "SOFR", "bp", 1e4, 0.5),
    Measure("yield_bonds", "10-year yield", "bp", 1e4, 0.5),
    Measure("reserves", "reserves", "bn", 1.0, 5.0),
)


@dataclass(frozen=True)
class Freezing:
    """Largest changes over a year, frozen against free.

    Parameters
    ----------
    periods
        Weeks of each run.
    changes
        By (group or decision, experiment, measured variable); not a number where the frozen economy has no solution.
    """

    periods: int
    changes: Mapping[tuple[str, str, str], float]

    def largest(self, what: str, measure: Measure) -> tuple[float, str]:
        """The largest change of a measure over the experiments, and the experiment; not a number where none has a solution."""
        found = [(self.changes[what, e, measure.variable], e) for e in EXPERIMENTS]
        return max((f for f in found if np.isfinite(f[0])), default=(np.nan, "none"))

    def noticed(self, what: str) -> bool:
        """True where freezing is measurable in any experiment."""
        return any(self.largest(what, m)[0] >= m.noticed for m in MEASURES)


def frozen(system: System, what: str) -> tuple[System, tuple[Variable, ...]]:
    """The system in which a group's decisions, or one decision, are given from outside, and what is given.

    Raises
    ------
    BadInput
        No such group or decision.
    """
    if what not in GROUPS and what not in ALONE:
        raise BadInput(f"no sector is named {what!r}{nearest(what, [*GROUPS, *ALONE])}; known: {', '.join(GROUPS)}")
    decided = []
    for name in GROUPS.get(what, (what,)):
        left = system.equation(name).left
        if not isinstance(left, Variable):
            raise BadInput(f"equation {name!r} does not decide a single variable, so it cannot be frozen")
        decided.append(left)
        system = system.exogenise(left.base, dropping=name)
    return system, tuple(decided)


def held(decided: tuple[Variable, ...], free: Simulation) -> dict[str, Floats]:
    """The paths of frozen decisions: amounts grow from the opening with trend GDP, other values are constant.

    What has no value in the opening is taken from the free run's first week.
    """
    growth = free["trend_gdp"] / free["trend_gdp"][0]
    paths = {}
    for variable in decided:
        scale = growth ** float(variable.unit.usd)
        values = free[variable.base]
        paths[variable.base] = (values[0] if np.isfinite(values[0]) else values[1] / scale[1]) * scale
    return paths


def weeks_until_shocked(item: Scenario) -> int:
    """Weeks from the opening after which every shock of a scenario has begun."""
    starts = [START]
    weeks = [1]
    for shock in item.shock:
        if isinstance(shock.start, int):
            weeks.append(shock.start)
        elif shock.start is not None:
            starts.append(shock.start)
        elif shock.path:
            starts.append(shock.path[0][0])
    return max(*weeks, -((START - max(starts)).days // WEEK))


def freeze(periods: int = 52, progress: Callable[[int, int], None] | None = None) -> Freezing:
    """Every sector, the cash market's curve and every decision frozen in turn in every experiment, from 29 October 2025 on a weekly clock.

    Parameters
    ----------
    periods
        Weeks of each run.
    progress
        Called with (done, total) after each run.

    Raises
    ------
    BadInput
        Fewer weeks than it takes until every experiment's shock has begun.
    """
    least, name = max((weeks_until_shocked(scenario(name)), name) for name in EXPERIMENTS)
    if periods < least:
        raise BadInput(f"--periods {periods}: at least {least} weeks are needed, until the shock of {name!r} has begun")
    opening = opening_state(START)
    free_system = economy(scenario("baseline"))
    free = {name: simulate(free_system, opening, scenario(name), periods=periods) for name in EXPERIMENTS}
    changes: dict[tuple[str, str, str], float] = {}
    subjects = (*GROUPS, *ALONE)
    for what in subjects:
        system, decided = frozen(free_system, what)
        given = held(decided, free["baseline"])
        for name in EXPERIMENTS:
            try:
                run = simulate(system, opening, scenario(name), periods=periods, exogenous=given)
            except SolveFailure:
                changes |= {(what, name, m.variable): np.nan for m in MEASURES}
            else:
                for m in MEASURES:
                    changes[what, name, m.variable] = m.scale * float(np.abs(run[m.variable] - free[name][m.variable])[1:].max())
            if progress is not None:
                progress(len(changes) // len(MEASURES), len(subjects) * len(EXPERIMENTS))
    return Freezing(periods, changes)


def shown(value: float) -> str:
    """A change in a table: three significant digits, a dash where there is no solution."""
    if not np.isfinite(value):
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 0.05 else "0"


OPENING = """\
One balance sheet at a time keeps the decisions of the opening (amounts in proportion to trend GDP, rates and ratios constant) while its
accounts and all others go on. The tables give the largest change of a market outcome in any week, frozen against free, in the same
experiment.

The price of overnight cash is an estimated curve over reserves and the cash of others at the Fed. It stands for all who lend cash and
is no decision of banks, so it is frozen in a row of its own, `cash_market`: what it moves is not counted as anybody's reaction."""
CLOSING = """\
The largest change over the experiments when one decision alone keeps its opening value. A decision that moves nothing by itself may
matter beside others of its sector, which take its place when it is frozen."""


def document(result: Freezing) -> str:
    """The findings as Markdown: a table for each measure, the largest of each group, and a row for each decision."""
    lines = ["# Who reacts", "", f"Made by `{COMMAND}`: {result.periods} weeks from {START.isoformat()}.", "", OPENING]
    for m in MEASURES:
        lines += ["", f"## {m.title}, {m.unit}", "", f"| frozen | {' | '.join(EXPERIMENTS)} |", "|---|" + "---:|" * len(EXPERIMENTS)]
        for group in GROUPS:
            cells = " | ".join(shown(result.changes[group, e, m.variable]) for e in EXPERIMENTS)
            lines.append(f"| {group} | {cells} |")
    if not all(np.isfinite(v) for v in result.changes.values()):
        lines += ["", "A dash: the frozen economy has no solution in that experiment."]
    lines += ["", "## The most that each moves", ""]
    for group in GROUPS:
        most = [(m, *result.largest(group, m)) for m in MEASURES]
        words = ", ".join(f"{shown(value)} {m.unit} of {m.title} ({name})" for m, value, name in most)
        lines.append(f"- **{group}**: {words}{'' if result.noticed(group) else '; not measurable in any experiment'}")
    limits = ", ".join(f"{m.noticed:g} {m.unit} of {m.title}" for m in MEASURES)
    lines += ["", f"Measurable means at least {limits}: little, beside a spread of some bp and reserves of some thousand bn."]
    lines += ["", "## Decisions one by one", "", CLOSING, ""]
    lines += [f"| of | decision | {' | '.join(f'{m.title}, {m.unit}' for m in MEASURES)} | measurable |", "|---|---|---:|---:|---:|---|"]
    for name, group in ALONE.items():
        cells = " | ".join(shown(result.largest(name, m)[0]) for m in MEASURES)
        lines.append(f"| {group} | `{name}` | {cells} | {'yes' if result.noticed(name) else 'no'} |")
    idle = [f"`{name}`" for name in ALONE if not result.noticed(name)]
    lines += ["", f"Not measurable alone, {len(idle)} of {len(ALONE)}: {', '.join(idle) or 'none'}.", ""]
    return "\n".join(lines)
