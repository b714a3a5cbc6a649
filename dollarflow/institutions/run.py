"""A generated economy under a shock, audited, beside the same economy in calm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from calibration.institutions.generate import Generated, Plan, generate
from calibration.institutions.shocks import Shock, WhatIf, given_paths, shocks
from dollarflow.errors import Failed
from equations.accounts import BANKS, HF, MMF
from equations.cells import cell
from equations.institutions.accounts import CHART, SEVERAL
from model.accounting.audit import Report
from model.contagion import Obligations, obligations
from model.language.accounts import net_worth, value
from model.members.audit import audit_members
from model.members.path import MemberPath
from model.members.program import compile_lifted
from model.members.solver import MemberFailure, solve_members

Floats = NDArray[np.float64]
EQUITY = value(cell("hedge_fund_equity", "private")).base


@dataclass(frozen=True)
class Failure:
    """An institution that failed.

    Parameters
    ----------
    name, sector, week
        Who and when: the first week without equity.
    equity
        Opening equity, USD bn.
    leverage
        Opening assets over equity.
    loss
        What its lenders, or for banks lenders and guarantee, did not get in all, USD bn.
    """

    name: str
    sector: str
    week: int
    equity: float
    leverage: float
    loss: float


@dataclass(frozen=True)
class Run:
    """A simulation of generated institutions.

    Parameters
    ----------
    generated, shock, what_if
        What was run.
    path, calm
        With the shock, and without.
    report
        The audit of the path.
    """

    generated: Generated
    shock: Shock
    what_if: WhatIf | None
    path: MemberPath
    calm: MemberPath
    report: Report

    @property
    def periods(self) -> int:
        """Number of weeks."""
        return self.path.periods

    def sum(self, name: str) -> Floats:
        """A variable summed over members by week, zero in the opening where it has no value, shape (weeks + 1,)."""
        return np.asarray(np.nan_to_num(self.path[name]).sum(axis=1))

    def network(self, week: int) -> Obligations:
        """The debts between institutions at the end of a week."""
        return obligations(self.path, week, SEVERAL)

    @cached_property
    def losses(self) -> dict[str, Floats]:
        """Net worth of each sector less what it would be in calm, by week, USD bn; the sectors sum to zero."""
        return {
            sector.name: self.path[net_worth(sector.name).base].sum(axis=1) - self.calm[net_worth(sector.name).base].sum(axis=1)
            for sector in CHART.sectors
        }

    def failed(self, sector: str) -> NDArray[np.bool_]:
        """Who has failed by the end of each week, shape (weeks + 1, members)."""
        if sector == MMF:
            lost = np.nan_to_num(self.path["mmf_loss_rate"]) > BROKEN
            return np.asarray(np.logical_or.accumulate(lost, axis=0))
        return np.asarray(self.path[{HF: "hf_failed", BANKS: "bank_failed"}[sector]] > 0)

    @cached_property
    def failures(self) -> tuple[Failure, ...]:
        """Funds and banks without equity, and money funds whose shares lost more than half a cent in the dollar, by week and size."""
        found = []
        for sector, equity, loss in (
            (HF, EQUITY, "hf_write_off"),
            (BANKS, "bank_equity__banks__private", "bank_shortfall"),
            (MMF, "mmf_shares__mmf__private", None),
        ):
            state, people = self.failed(sector), self.path.lifted.population
            network = self.network(0)
            mine = [i for i, s in enumerate(network.sectors) if s == sector]
            own = np.maximum(network.capital[mine], 1e-12)
            assets = own + network.owed[mine]
            for member in np.flatnonzero(state[-1]).tolist():
                lost = 0.0 if loss is None else float(np.nansum(self.path[loss][:, member]))
                opening = float(self.path[equity][0, member])
                week = int(np.argmax(state[:, member]))
                found.append(Failure(people.name(sector, member), sector, week, opening, float(assets[member] / own[member]), lost))
        return tuple(sorted(found, key=lambda f: (f.week, -f.loss, -f.equity)))


BROKEN = 0.005
"""Loss of a money fund's shares in a week that counts as breaking the buck."""


def run_institutions(
    plan: Plan,
    shock: Shock,
    periods: int,
    what_if: WhatIf | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """The institutions of a plan under a shock.

    Raises
    ------
    DataError
        A plan that cannot be generated.
    Failed
        A week without a solution that could be found.
    """
    generated = generate(plan if what_if is None else what_if.plan(plan))
    lifted = generated.lifted
    program = compile_lifted(lifted)

    def solve(event: Shock, told: Callable[[int, int], None] | None = None) -> MemberPath:
        return solve_members(
            lifted,
            generated.opening,
            parameters=generated.parameters,
            exogenous=given_paths(generated.rates, event, periods, what_if, np.asarray(generated.opening[EQUITY])),
            periods=periods,
            program=program,
            progress=told,
        )

    try:
        path, calm = solve(shock, progress), solve(shocks()["calm"])
    except MemberFailure as error:
        raise Failed(f"dollarflow: {error}") from None
    return Run(generated, shock, what_if, path, calm, audit_members(path))
