"""Frozen sectors: what changes in the market when one balance sheet stops reacting.

A frozen sector's decisions keep the values of the opening: amounts keep their ratio to trend GDP, rates and ratios stay what
they were. Its identities go on, so that nothing leaks. A sector whose freezing changes nothing is decoration.
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
from model.diagnosis import SolveFailure
from model.scenario import Scenario
from model.symbols import Variable
from model.system import System, nearest

Floats = NDArray[np.float64]
START = date(2025, 10, 29)
WEEK = 7
COMMAND = "dollarflow freeze --out docs/sectors.md"

DECISIONS: Mapping[str, tuple[str, ...]] = {
    "fed": ("rmp", "fed_runoff_notes", "fed_runoff_bonds", "fed_agency_reinvested"),
    "treasury": ("net_coupon_issue", "tga_target"),
    "banks": ("curve_spread", "dealer_wedge", "dealer_inventory", "bank_treasury_book", "agency_banks", "loans_private", "deposit_rate"),
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
        By (sector, experiment, measured variable); not a number where the frozen economy has no solution.
    """

    periods: int
    changes: Mapping[tuple[str, str, str], float]

    def noticed(self, sector: str) -> tuple[tuple[str, Measure], ...]:
        """The experiments and measures in which the sector's freezing is measurable."""
        return tuple((e, m) for e in EXPERIMENTS for m in MEASURES if self.changes.get((sector, e, m.variable), 0.0) >= m.noticed)


def frozen(system: System, sector: str) -> tuple[System, tuple[Variable, ...]]:
    """The system in which a sector's decisions are given from outside, and what is given.

    Raises
    ------
    BadInput
        No such sector.
    """
    if sector not in DECISIONS:
        raise BadInput(f"no sector is named {sector!r}{nearest(sector, DECISIONS)}; known: {', '.join(DECISIONS)}")
    decided = []
    for name in DECISIONS[sector]:
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
    """Every sector frozen in turn in every experiment, from 29 October 2025 on a weekly clock.

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
    total = len(DECISIONS) * len(EXPERIMENTS)
    for sector in DECISIONS:
        system, decided = frozen(free_system, sector)
        given = held(decided, free["baseline"])
        for name in EXPERIMENTS:
            try:
                run = simulate(system, opening, scenario(name), periods=periods, exogenous=given)
            except SolveFailure:
                changes |= {(sector, name, m.variable): np.nan for m in MEASURES}
            else:
                for m in MEASURES:
                    changes[sector, name, m.variable] = m.scale * float(np.abs(run[m.variable] - free[name][m.variable])[1:].max())
            if progress is not None:
                progress(len(changes) // len(MEASURES), total)
    return Freezing(periods, changes)


def shown(value: float) -> str:
    """A change in a table: three significant digits, a dash where there is no solution."""
    if not np.isfinite(value):
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 0.05 else "0"


def document(result: Freezing) -> str:
    """The findings as Markdown: a table for each measure and one sentence for each sector."""
    lines = [
        "# No sector is decoration",
        "",
        f"Made by `{COMMAND}`: {result.periods} weeks from {START.isoformat()}.",
        "One sector at a time keeps the decisions of the opening (amounts in proportion to trend GDP, rates and ratios constant)",
        "while its accounts and all others go on. The tables give the largest change of a market outcome in any week,",
        "frozen against free, in the same experiment.",
    ]
    for m in MEASURES:
        lines += ["", f"## {m.title}, {m.unit}", "", f"| frozen sector | {' | '.join(EXPERIMENTS)} |", "|---|" + "---:|" * len(EXPERIMENTS)]
        for sector in DECISIONS:
            cells = " | ".join(shown(result.changes[sector, e, m.variable]) for e in EXPERIMENTS)
            lines.append(f"| {sector} | {cells} |")
    if not all(np.isfinite(v) for v in result.changes.values()):
        lines += ["", "A dash: the frozen economy has no solution in that experiment."]
    lines += ["", "## What was frozen", ""]
    for sector, names in DECISIONS.items():
        where = result.noticed(sector)
        best = f"measurable in {len(where)} of {len(EXPERIMENTS) * len(MEASURES)} cells" if where else "not measurable in any experiment"
        lines.append(f"- **{sector}** ({best}): {', '.join(f'`{n}`' for n in names)}")
    limits = ", ".join(f"{m.noticed:g} {m.unit} of {m.title}" for m in MEASURES)
    lines += ["", f"Measurable means at least {limits}.", ""]
    return "\n".join(lines)
