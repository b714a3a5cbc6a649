"""A balanced-growth state of the economy, solved for: every amount grows with trend income, every rate stays.

The state is a fixed point of one period of the model in deflated variables. Trends are switched off, everything nominal (thresholds,
widths, programmes) grows with income as its unit says, and six things that theory leaves free are solved for with the state: the tax rate
(so that the deficit is growth times debt), loan growth, the share of profit that the Fed remits (so that its capital grows), and the pace
at which it adds to its three portfolios.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.language.symbols import Variable
from model.periods.inputs import InputError
from model.periods.path import Path
from tests.economy.laboratory import OPTIONS, Experiment, baseline, experiment

Floats = NDArray[np.float64]
DAY, CLOCK, BURN_IN = "2025-12-31", "monthly", 24
FREE_PARAMETERS = ("tax_rate", "loan_growth", "remittance_share")
FREE_POLICY = ("qe_notes", "qe_bonds", "qe_agency")
NO_TRENDS = {"usd_share_trend": 0.0, "mmf_drift_speed": 0.0, "qe_unexpected": 0.0, "remittance_share": 0.99}
POLICY = {"rmp_on": 1.0, "rmp_floor": 0.0, "qt_cap_treasury": 0.0, "qt_cap_agency": 0.0}
CLOCKWORK = frozenset({"years"})
"""Variables that count time."""


@dataclass(frozen=True)
class Balanced:
    """A balanced-growth state and how it was found.

    Parameters
    ----------
    setting
        The experiment that starts in it.
    growth
        Growth factor of a period.
    error
        Largest distance from the fixed point, stocks over a hundredth of GDP.
    """

    setting: Experiment
    growth: float
    error: float

    def path(self, periods: int) -> Path:
        """The path from the state on, hidden identities included."""
        return extended(self.setting, periods, self.growth).run()


def extended(setting: Experiment, periods: int, growth: float) -> Experiment:
    """The experiment over a number of periods, with everything nominal growing as its unit says."""
    units = {n: v.unit for n, v in setting.system.variables.items()} | {p.name: p.unit for p in setting.system.parameters}
    level = np.power(growth, np.arange(periods + 1, dtype=np.float64))
    given = {n: float(v[0]) * level ** float(units[n].usd) for n, v in setting.exogenous.items() if n in setting.system.given}
    paths = {n: v * level ** float(units[n].usd) for n, v in setting.parameters.items() if n in units and units[n].usd}
    return replace(setting, exogenous=given, paths=paths, dates=experiment(periods, CLOCK, DAY, False, False).dates)


class Search:
    """The deflated one-period map and its fixed point."""

    def __init__(self) -> None:
        start = experiment(1, CLOCK, DAY, False, False)
        system = replace(start.system, hidden=())
        self.growth = float(np.exp(start.parameters["growth"] * start.exogenous["dt"][1]))
        self.power = {n: float(v.unit.usd) for n, v in system.variables.items()}
        burned = baseline(BURN_IN, CLOCK, DAY, False, False)
        larger = burned["trend_gdp"][-1] / burned["trend_gdp"][0]
        first = {n: float(burned[n][-1] / larger ** self.power[n]) for n in system.unknowns} | {"years": 0.0, "deferred_asset": 0.0}
        first |= dict.fromkeys(("fed_equity", "fed_equity__fed__treasury", "fed_net_worth_book"), first["fed_capital"])
        past = {s.base for s in system.symbols if isinstance(s, Variable) and s.time < 0}
        self.names = sorted(past - CLOCKWORK - set(system.given))
        policy = {n: np.full(2, value) for n, value in POLICY.items()}
        for kind in ("notes", "bonds", "agency"):
            key = f"{kind}__private__fed" if kind == "agency" else f"{kind}__treasury__fed"
            policy[f"qe_{kind}"] = np.full(2, first[key] * np.log(self.growth) / start.exogenous["dt"][1])
        numbers = {**start.parameters, **NO_TRENDS, "loan_growth": start.parameters["growth"]}
        self.setting = replace(start, system=system, opening=first, parameters=numbers, exogenous={**start.exogenous, **policy}, paths={})
        gdp = first["gdp"]
        self.units = np.array([gdp / 100 if self.power[n] else 1e-3 if system.variables[n].unit.year else 1e-2 for n in self.names])
        own = np.maximum(np.abs([first[n] for n in self.names]), 0.1 * self.units)
        self.scale = np.array([*own, *[0.2] * len(FREE_PARAMETERS), *[500.0] * len(FREE_POLICY)])
        self.start = np.array(
            [
                *[first[n] for n in self.names],
                *[numbers[n] for n in FREE_PARAMETERS],
                *[float(self.setting.exogenous[n][0]) for n in FREE_POLICY],
            ]
        )

    def at(self, point: Floats) -> Experiment:
        """The experiment that starts from a point."""
        count, more = len(self.names), len(FREE_PARAMETERS)
        numbers = dict(zip(FREE_PARAMETERS, point[count : count + more].tolist(), strict=True))
        pace = {n: np.full(2, v) for n, v in zip(FREE_POLICY, point[count + more :], strict=True)}
        opening = dict(zip(self.names, point[:count].tolist(), strict=True))
        return replace(
            self.setting,
            opening={**self.setting.opening, **opening},
            parameters={**self.setting.parameters, **numbers},
            exogenous={**self.setting.exogenous, **pace},
        )

    def distance(self, point: Floats) -> Floats:
        """How far one deflated period moves each lagged variable, in units of its scale."""
        path = extended(self.at(point), 1, self.growth).run(replace(OPTIONS, correct_hidden=False))
        moved = np.array([path[n][1] / self.growth ** self.power[n] for n in self.names])
        return np.asarray((moved - point[: len(self.names)]) / self.units)

    def derivatives(self, point: Floats, here: Floats) -> Floats:
        """Forward differences of the distance by every coordinate."""
        columns = []
        for j, size in enumerate(self.scale):
            moved = point.copy()
            moved[j] += 1e-5 * size
            columns.append((self.distance(moved) - here) / 1e-5)
        return np.column_stack(columns)

    def step(self, point: Floats, change: Floats) -> tuple[Floats, Floats]:
        """The next point, nearer where a full step leaves the bounds of a parameter."""
        for _ in range(8):
            try:
                return point + change, self.distance(point + change)
            except InputError:
                change = change / 2
        raise AssertionError("no step stays within the bounds of the parameters")

    def solve(self, rounds: int = 40) -> Balanced:
        """Newton's method with the smallest step where ratios are free, its derivatives kept once they are good enough."""
        point, inverse = self.start, None
        here = self.distance(point)
        for _ in range(rounds):
            error = float(np.abs(here).max())
            if error < 1e-11:
                break
            if inverse is None or error > 1e-3:
                inverse = np.linalg.pinv(self.derivatives(point, here), rcond=1e-8)
            point, here = self.step(point, -self.scale * (inverse @ here))
        whole = replace(self.at(point), system=experiment(1, CLOCK, DAY, False, False).system)
        return Balanced(whole, self.growth, float(np.abs(here).max()))
