"""The headline table: a run beside its baseline in the figures that one looks at first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dollarflow.lab.money import m2_sources, total
from dollarflow.lab.solving import Answer
from dollarflow.reports.measures import BASIS_POINTS, BILLIONS, PERCENT, SHARE, Measure
from dollarflow.simulation import Simulation


@dataclass(frozen=True)
class Line:
    """One figure of a run: what it is, how it is written, and how it is read from the run."""

    label: str
    measure: Measure
    read: Callable[[Simulation], float]
    difference: Measure | None = None


def last(name: str) -> Callable[[Simulation], float]:
    """A variable at the run's end."""
    return lambda run: float(run[name][-1])


def bills_share(run: Simulation) -> float:
    """Bills over debt at the end."""
    return float(run["bills"][-1] / run["debt"][-1])


POINTS = Measure("share", "percentage points", 100.0, 1, " pp")
LINES = (
    Line("SOFR, end", PERCENT, last("sofr"), BASIS_POINTS),
    Line("SOFR − IORB, mean", BASIS_POINTS, lambda run: float(np.mean((run["sofr"] - run["iorb"])[1:]))),
    Line("SOFR − IORB, highest", BASIS_POINTS, lambda run: float(np.max((run["sofr"] - run["iorb"])[1:]))),
    Line("SRF take-up, highest", BILLIONS, lambda run: float(np.max(run["srf__banks__fed"][1:]))),
    Line("Reserves, end", BILLIONS, last("reserves")),
    Line("ON RRP, end", BILLIONS, last("on_rrp")),
    Line("TGA, end", BILLIONS, last("tga")),
    Line("Debt, change", BILLIONS, lambda run: float(run["debt"][-1] - run["debt"][0])),
    Line("M2, change", BILLIONS, lambda run: sum(m2_sources(run).values())),
    Line("Bills over debt, end", SHARE, bills_share, POINTS),
    Line("Fed's Treasuries, end", BILLIONS, lambda run: sum(float(run[f"{k}__treasury__fed"][-1]) for k in ("bills", "notes", "bonds"))),
    Line("Money fund shares, end", BILLIONS, lambda run: float(total(run, "mmf_shares")[-1])),
    Line("Bond yield, end", PERCENT, last("yield_bonds"), BASIS_POINTS),
    Line("Hedge fund leverage, end", Measure("ratio", "ratio", 1.0, 1, ""), last("hf_leverage")),
)


def rows(answer: Answer) -> list[tuple[str, str, str, str]]:
    """Label, baseline, scenario and difference of each figure; no difference where the two runs end on other dates."""
    same = answer.run.dates == answer.base.dates
    found = []
    for item in LINES:
        before, after = item.read(answer.base), item.read(answer.run)
        apart = (item.difference or item.measure).text(after - before, signed=True) if same else "other dates"
        found.append((item.label, item.measure.text(before), item.measure.text(after), apart))
    return found


def strip(answer: Answer) -> str:
    """What the knobs do, in a line for narrow screens; without turned knobs, where the run ends."""
    run, base = answer.run, answer.base
    changed = run is not base and run.dates == base.dates
    figures = (
        ("SOFR", last("sofr"), PERCENT, BASIS_POINTS),
        ("SRF peak", lambda which: float(np.max(which["srf__banks__fed"][1:])), BILLIONS, BILLIONS),
        ("reserves", last("reserves"), BILLIONS, BILLIONS),
    )
    parts = []
    for label, read, level, difference in figures:
        text = difference.text(read(run) - read(base), signed=True) if changed else level.text(read(run))
        parts.append(f"{label} {text}")
    return " · ".join(parts)


def verdict(answer: Answer) -> str:
    """What the audit says of the scenario's run."""
    run = answer.run
    if run.sound:
        return f"Audit passed: {len(run.checks)} checks in each of {run.path.periods} periods."
    return f"Audit FAILED: {run.violations[0]}" + (f" and {len(run.violations) - 1} more" if len(run.violations) > 1 else "")
