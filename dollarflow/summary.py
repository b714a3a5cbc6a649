"""A run in a short table: headline variables at the start, the quarter points and the end, in the units that economists write."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dollarflow import departures
from dollarflow.departures import ANCHORED
from model.language.units import FLOW, ONE, RATE, USD, Unit

if TYPE_CHECKING:
    from dollarflow.solved import Solved

GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    "rates": (
        ("sofr", "SOFR"),
        ("effr", "EFFR"),
        ("iorb", "IORB"),
        ("on_rrp_rate", "ON RRP rate"),
        ("srf_rate", "SRF rate"),
        ("bill_rate", "bills, rate"),
        ("yield_notes", "notes, yield"),
        ("yield_bonds", "bonds, yield (class of about 8 years duration)"),
        ("deposit_rate", "deposits"),
    ),
    "spreads": (("sofr_iorb", "SOFR - IORB"), ("basis", "futures basis"), ("term_premium", "term premium")),
    "money markets": (
        ("reserves", "reserves"),
        ("on_rrp", "ON RRP"),
        ("srf", "SRF"),
        ("tga", "TGA"),
        ("repo_triparty", "repo, tri-party"),
        ("repo_dvp", "repo, DVP"),
        ("mmf_shares", "money fund shares"),
    ),
    "debt and money": (
        ("debt", "federal debt"),
        ("bills", "bills"),
        ("gdp", "GDP, annual rate"),
        ("deficit_average", "deficit, smoothed over a year"),
        ("money", "money"),
        ("m2", "M2"),
    ),
    "funds and the Fed": (
        ("hf_leverage", "hedge fund leverage"),
        ("hf_equity", "hedge fund equity"),
        ("fed_net_income", "Fed net income"),
        ("deferred_asset", "Fed deferred asset"),
    ),
}
FIMA = "srf__foreign_official__fed"
UNFILLED = "fed_unfilled_"
NOTICED = 0.05
"""Part of an order that stays unfilled, USD bn, from which a summary mentions it."""
SPREADS = ("sofr_iorb", "basis", "term_premium", "dealer_wedge")


def written(number: float, unit: Unit, name: str = "") -> str:
    """A figure as economists write it: per cent, basis points, billions or trillions.

    Examples
    --------
    >>> written(0.0427, RATE), written(0.0012, RATE, "sofr_iorb"), written(2827.9, USD), written(30_100.0, USD)
    ('4.27 %', '+12.0 bp', '2,828 bn', '30.10 tn')
    """
    if not math.isfinite(number):
        return ""
    if unit == RATE:
        return f"{number * 1e4:+.1f} bp" if name in SPREADS else f"{number * 100:.2f} %"
    if unit in (USD, FLOW):
        a_year = "/yr" if unit == FLOW and name != "gdp" else ""
        size = abs(number)
        if size >= 10_000:
            return f"{number / 1000:,.2f} tn{a_year}"
        return f"{number:,.0f} bn{a_year}" if size >= 1000 else f"{number:,.1f} bn{a_year}"
    return f"{number:.2f}" if unit == ONE else f"{number:.4g}"


def columns(periods: int) -> list[int]:
    """The opening, the quarter points and the end, without repeats."""
    return sorted({round(periods * quarter / 4) for quarter in range(5)})


def table(run: Solved) -> list[list[str]]:
    """Rows of text: the dates, then a group's name alone, then its variables."""
    shown = columns(run.path.periods)
    rows = [["", *(run.dates[p].isoformat() for p in shown)]]
    units = run.path.system.variables
    for group, names in GROUPS.items():
        present = [(name, label) for name, label in names if name in run.path]
        if present:
            rows.append([group])
        for name, label in present:
            rows.append([f"  {label}", *(written(float(run[name][p]), units[name].unit, name) for p in shown)])
    if len(rows) == 1:
        for item in run.chart.instruments:
            rows.append([item.name, *(written(float(run[item.name][p]), USD) for p in shown)])
    return rows


def aligned(rows: list[list[str]]) -> str:
    """Rows as lines: the first column to the left, figures to the right."""
    count = max(len(row) for row in rows)
    widths = [max(len(row[j]) for row in rows if len(row) > (j if j else 1)) for j in range(count)]
    lines = []
    for row in rows:
        head = f"{row[0]:<{widths[0]}}" if len(row) > 1 else row[0]
        lines.append((head + "".join(f"  {field:>{widths[j]}}" for j, field in enumerate(row[1:], 1))).rstrip())
    return "\n".join(lines)


def headline(run: Solved) -> list[str]:
    """One sentence each on growth of money and debt, what the debt paid for, and the use of the standing repo facility."""
    from dollarflow.cumulated import debt_growth, in_words

    facts = []
    if "m2" in run.path and "debt" in run.path:
        money, debt = (float(run[name][-1] - run[name][0]) for name in ("m2", "debt"))
        ratio = f"; {money / debt:.2f} of M2 a dollar of debt" if debt else ""
        facts.append(f"M2 {money:+,.0f} bn, debt {debt:+,.0f} bn{ratio}")
    told = in_words(debt_growth(run.path.__getitem__, run.path.__contains__))
    if told:
        facts.append(told)
    if "srf" in run.path:
        use = run["srf"][1:]
        used = int((use > 1.0).sum())
        whose = ", FIMA included" if FIMA in run.path else ""
        if len(use):
            said = f"mean {use.mean():,.1f} bn, peak {use.max():,.1f} bn, above 1 bn in {used} of {len(use)} periods"
            facts.append(f"SRF after the opening{whose}: {said}")
    return facts


def notes(run: Solved) -> list[str]:
    """What the table's words cover, where they are not the statisticians' own."""
    facts = []
    if "m2" in run.path:
        facts.append("M2 is the model's: currency outside banks, residents' deposits and retail money funds")
    if "bills" in run.path:
        facts.append("bills include the short notes that money funds hold")
    if FIMA in run.path:
        facts.append("SRF includes foreign officials' repo with the Fed (FIMA)")
    found = [f"note: {'; '.join(facts)}"] if facts else []
    return [*found, f"note: {ANCHORED}"] if "opening" in run.overrides else found


def expected(run: Solved) -> list[str]:
    """What the scenario is expected to do, and which command says whether it did."""
    scenario = run.scenario
    if not scenario.expect or not scenario.baseline:
        return []
    head = f"expected, against {scenario.baseline} on the same dates (dollarflow compare of the two folders says what came of it):"
    return [head, *(f"  {item}" for item in scenario.expect)]


def unfilled(run: Solved) -> list[str]:
    """What the Fed ordered and did not get over the run, in one line; nothing where every order was filled."""
    parts = []
    for name in run.path.columns:
        if name.startswith(UNFILLED):
            orders = np.abs(np.nan_to_num(run[name][1:]))
            weeks = np.flatnonzero(orders > NOTICED)
            if len(weeks):
                first = run.dates[weeks[0] + 1]
                parts.append(f"{name.removeprefix(UNFILLED)} {orders.sum():,.1f} bn in {len(weeks)} of {len(orders)} periods, from {first}")
    return [f"Fed orders not filled (no seller, or nothing left to sell): {'; '.join(parts)}"] if parts else []


def unobserved(run: Solved) -> list[str]:
    """Rates that leave the range ever observed, a line each; nothing where none does."""
    from dollarflow.observed import notices

    return [f"note: {sentence}" for sentence in notices(run)]


def strained(run: Solved) -> list[str]:
    """Figures of the opening that balancing moves by more than three deviations, a line each; nothing for an opening from a file."""
    from calibration.agreement import strained as figures_of
    from dollarflow.starts import openings

    day = run.dates[0]
    return [f"note: opening {day}: {line}" for line in figures_of(day)] if "opening" not in run.overrides and day in openings() else []


def counted(number: int) -> str:
    """A number of violations in words."""
    return f"{number} violation{'' if number == 1 else 's'}"


def verdict(run: Solved) -> list[str]:
    """What the audit says and how exactly the equations hold."""
    certificate = float(run.path.certificates.max(initial=0.0))
    gap = max((abs(float(x)) for x in run.path.hidden_gaps.ravel()), default=0.0)
    told = f"audit passed: {len(run.checks)} checks in each of {run.path.periods} periods"
    if not run.sound:
        told = f"audit FAILED: {counted(len(run.violations))}"
    return [told, f"certificate: largest scaled residual {certificate:.1e}, largest gap of a hidden identity {gap:.1e} bn"]


def summary(run: Solved) -> str:
    """The run's title, table, headline facts and verdict."""
    scenario = run.scenario
    span = f"{run.dates[0]} to {run.dates[-1]}, {run.path.periods} periods, {run.clock} clock"
    settings = departures.in_words(run.overrides)
    head = [f"{scenario.title} ({scenario.name}): {span}", *([settings] if settings else [])]
    below = (*notes(run), "", *headline(run), *expected(run), *unfilled(run), *unobserved(run), *verdict(run))
    return "\n".join([*head, "", aligned(table(run)), *below])
