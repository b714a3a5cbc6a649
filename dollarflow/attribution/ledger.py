"""The ledger: the economy with every decision given and every price fixed, so that only accounting is left to happen.

It is derived from the economy, not written beside it: the identities, the seven budgets with their buffers and the definitions of
books and aggregates stay; whatever behaviour, policy or a market determined is held at the value of a solved path. A decision
that is then moved shows what double entry alone makes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.language.symbols import Variable
from model.language.system import System, nearest
from model.periods.path import Path
from model.solving.solver import Options, solve

Floats = NDArray[np.float64]
BOOKS = ("fed_accretion_", "fed_gain_", "fed_book__", "fed_equity_", "money_by__")
NAMED_BOOKS = frozenset({"fed_net_income", "fed_assets", "money", "m2", "m3", "dollar_liquidity", "debt", "bank_assets"})
"""Definitions that are bookkeeping, by beginning and by name: the Fed's books and income, totals, monetary aggregates, (J1)."""
EXACT = Options(correct_hidden=False)


def ledger_system(system: System) -> System:
    """The accounting of a system: decisions and prices become exogenous.

    Parameters
    ----------
    system
        The economy, whatever its switches.

    Returns
    -------
    System
        Identities, budgets and bookkeeping definitions; the hidden equations are the economy's.
    """
    kept = tuple(
        e
        for e in system.equations
        if isinstance(e.left, Variable) and (e.kind == "identity" or e.name in NAMED_BOOKS or e.name.startswith(BOOKS))
    )
    closed = replace(system, name=f"ledger of the {system.name}", equations=kept, exogenous=())
    determined = {e.left for e in kept}
    used = {s(-s.time) for s in closed.symbols if isinstance(s, Variable)}
    return replace(closed, exogenous=tuple(sorted(used - determined, key=lambda v: v.base)))


@dataclass(frozen=True)
class Ledger:
    """The accounting of a solved path, on which decisions can be moved.

    Parameters
    ----------
    source
        The path whose decisions and prices are held.
    periods
        How many of its periods are kept.
    """

    source: Path
    periods: int = 1
    system: System = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "system", ledger_system(self.source.system))

    @property
    def decisions(self) -> tuple[str, ...]:
        """Names of what can be moved."""
        return self.system.given

    @cached_property
    def base(self) -> Path:
        """The ledger with nothing moved: the source path again."""
        return self.move({})

    def held(self, name: str) -> Floats:
        """A given variable's path; where the source has no value in the opening, that of the first period."""
        series = np.array(self.source[name][: self.periods + 1])
        if np.isnan(series[0]):
            series[0] = series[1]
        return series

    def move(self, decisions: Mapping[str, float], first: int = 1, last: int | None = None) -> Path:
        """The path after decisions are moved by amounts in USD bn, from period ``first`` to ``last`` (both included).

        A stock that is moved stays moved over those periods and returns after them; a flow is moved in each of them.

        Raises
        ------
        ValueError
            A name that is no decision.
        """
        given = {name: self.held(name) for name in self.decisions}
        for name, amount in decisions.items():
            if name not in given:
                raise ValueError(f"{name!r} is no decision of the ledger{nearest(name, self.decisions)}")
            given[name][first : self.periods + 1 if last is None else last + 1] += amount
        source = self.source
        opening = {n: float(source[n][0]) for n in self.system.unknowns if np.isfinite(source[n][0])}
        wanted = {p.name for p in self.system.parameters}
        rows = {n: source.parameter_rows[: self.periods + 1, j] for j, n in enumerate(source.parameter_names) if n in wanted}
        return solve(
            self.system,
            opening,
            parameters={},
            exogenous=given,
            periods=self.periods,
            dates=None if source.dates is None else source.dates[: self.periods + 1],
            parameter_paths=rows,
            options=EXACT,
        )
