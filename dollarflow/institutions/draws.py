"""Many generated economies under one shock: how much of a result is the draw of institutions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calibration.institutions.generate import Plan
from calibration.institutions.shocks import Shock, WhatIf
from dollarflow.errors import Failed
from dollarflow.institutions.measures import bank_losses
from dollarflow.institutions.run import Run, run_institutions
from equations.accounts import BANKS, HF

Floats = NDArray[np.float64]
MOST = 10_000
"""Draws at most."""
FIGURES = (
    "funds failed",
    "banks failed",
    "written off on funds, USD bn",
    "largest bank loss, % of capital",
    "highest bond yield, %",
    "funds' book at the end, USD bn",
    "funds' capital at the end, USD bn",
)


def figures(run: Run) -> tuple[float, ...]:
    """What a run comes to, in the order of :data:`FIGURES`."""
    lost, capital = bank_losses(run)
    return (
        float(run.failed(HF)[-1].sum()),
        float(run.failed(BANKS)[-1].sum()),
        float(lost.sum()),
        100 * float((lost / capital).max()),
        100 * float(run.path["yield_bonds"].max()),
        float(run.sum("hf_book")[-1]),
        float(run.sum("hedge_fund_equity")[-1]),
    )


@dataclass(frozen=True)
class Draws:
    """The figures of many seeds.

    Parameters
    ----------
    seeds
        The seeds that were generated.
    plain, changed
        Shape (seeds, figures): under the shock, and with the what-if; the latter None without one.
    """

    seeds: tuple[int, ...]
    plain: Floats
    changed: Floats | None

    def __str__(self) -> str:
        lines = [f"{len(self.seeds)} draws, seeds {self.seeds[0]} to {self.seeds[-1]}", *self._block("", self.plain)]
        if self.changed is not None:
            lines += ["", *self._block("what if", self.changed), "", *self._block("difference", self.changed - self.plain)]
        return "\n".join(lines)

    def _block(self, title: str, values: Floats) -> list[str]:
        lines = [f"{title:36}{'mean':>10}{'s.d.':>10}{'lowest':>10}{'median':>10}{'highest':>10}"]
        spread = values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])
        for j, name in enumerate(FIGURES):
            column = values[:, j]
            parts = (column.mean(), spread[j], column.min(), np.median(column), column.max())
            lines.append(f"{name:36}" + "".join(f"{round(float(part), 2) + 0.0:10,.2f}" for part in parts))
        return lines


def draw(
    plan: Plan,
    shock: Shock,
    periods: int,
    what_if: WhatIf | None,
    count: int,
    progress: Callable[[int, int], None] | None = None,
) -> Draws:
    """The plan's economy for ``count`` seeds from the plan's on, each audited.

    Raises
    ------
    DataError
        A seed whose institutions cannot be generated.
    Failed
        A week without solution, or an audit that found something; the message names the seed.
    """
    seeds = tuple(range(plan.seed, plan.seed + count))
    plain: list[tuple[float, ...]] = []
    changed: list[tuple[float, ...]] = []
    for number, seed in enumerate(seeds, 1):
        for event, rows in ((None, plain), (what_if, changed)):
            if rows is plain or event is not None:
                run = run_institutions(replace(plan, seed=seed), shock, periods, event)
                if not run.report.sound:
                    raise Failed(f"dollarflow: seed {seed}: {run.report}")
                rows.append(figures(run))
        if progress is not None:
            progress(number, count)
    return Draws(seeds, np.array(plain), np.array(changed) if changed else None)
