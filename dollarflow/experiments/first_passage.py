"""First passage: the date from which repo rates, or take-up of the standing facility, stay up.

Many draws of the overnight market around one run. A draw moves slack and the spread by shocks whose sizes are estimated before the run's
opening: swings of the Treasury's account, slow drift of other factors, and noise of the spread. Within each week spread and take-up are
solved together on the model's own curves (R3), (R4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from calibration.history import history
from calibration.parameters import load_parameters
from dollarflow.simulation import Simulation
from equations import repo

Floats = NDArray[np.float64]
SEED, DRAWS = 20251029, 400
ACCOUNT = (date(2023, 7, 1), date(2024, 12, 31))
NOISE = (date(2024, 2, 15), date(2025, 9, 30))
WINDOW, HALF = 13, 13
STAY = 26
DRIFT = 90.0
"""Standard deviation of a year's change of foreign pool, other deposits and currency around their trends, H.4.1, bn; set."""
LOW, HIGH, STEPS = -0.01, 0.1, 45
TAKE_UP = 10.0
TAKE_UP_CURVE = ("srf_slope", "srf_width", "srf_stigma")


@dataclass(frozen=True)
class Swing:
    """A first-order process: standard deviation of its level and correlation with the week before."""

    deviation: float
    persistence: float

    def draw(self, generator: np.random.Generator, draws: int, weeks: int) -> Floats:
        """Paths from zero, shape (draws, weeks)."""
        shocks = generator.standard_normal((draws, weeks)) * self.deviation * np.sqrt(1 - self.persistence**2)
        path = np.zeros((draws, weeks))
        for week in range(weeks):
            path[:, week] = (self.persistence * path[:, week - 1] if week else 0.0) + shocks[:, week]
        return path


def swing(values: Floats) -> Swing:
    """The process that fits a series around its mean."""
    gap = values - values.mean()
    return Swing(float(gap.std()), float((gap[1:] * gap[:-1]).sum() / (gap[:-1] ** 2).sum()))


def account_swing() -> Swing:
    """Weekly swings of the Treasury's account around its half-year mean, outside debt-limit episodes."""
    days, levels = history("tga")
    mean = np.convolve(levels, np.ones(2 * HALF + 1) / (2 * HALF + 1), mode="same")
    inside = np.array([ACCOUNT[0] <= day <= ACCOUNT[1] for day in days])
    return swing((levels - mean)[inside])


def spread_noise() -> Swing:
    """Weekly SOFR less IORB around the curve at published reserves and ON RRP, before the opening."""
    sofr, iorb, parked = (dict(zip(*history(name), strict=True)) for name in ("sofr", "iorb", "on_rrp"))
    price = overnight_curve(load_parameters())
    gaps = []
    for day, reserves in zip(*history("reserves_week_average"), strict=True):
        if NOISE[0] <= day <= NOISE[1]:
            week = [day - timedelta(days=back) for back in range(7)]
            spread = np.mean([sofr[d] - iorb[d] for d in week if d in sofr]) / 100
            cash = np.mean([parked[d] for d in week if d in parked])
            gaps.append(float(spread - price(np.asarray(reserves + cash), np.asarray(1.0))))
    return swing(np.array(gaps))


def overnight_curve(values: Mapping[str, float]) -> sp.FunctionClass:
    """The model's curve of the spread at a slack and a size of the market, as a function of arrays."""
    slack, size = sp.symbols("slack size")
    fixed = {p: sp.Float(values[p.name]) for p in repo.curve(repo.SLACK).free_symbols if getattr(p, "name", "") in values}
    expression = repo.curve(slack).xreplace(fixed).subs({repo.DEPOSITS_AVERAGE: size * values["deposits_reference"], repo.OUTWARD_SHIFT: 1})
    names = {"softplus": soft, "minimum": np.minimum, "maximum": np.maximum}
    return sp.lambdify((slack, size), expression, modules=[names, "numpy"])


def soft(x: Floats, width: float | Floats) -> Floats:
    """The smooth positive part."""
    return np.asarray(width * np.logaddexp(0.0, x / width))


def draws(run: Simulation, seed: int = SEED, count: int = DRAWS) -> tuple[Floats, Floats]:
    """Spread over IORB (decimals) and take-up (bn) of every draw, shape (count, weeks).

    Parameters
    ----------
    run
        A weekly run; its slack without take-up, floor, size of the market and policy rates are what draws move around.
    seed, count
        Of the generator, and number of draws.
    """
    values = dict(zip(run.path.parameter_names, run.path.parameter_rows[-1], strict=True))
    rows = {
        name: run[name][1:] for name in ("liquidity_slack", "srf", "floor_spread", "srf_rate", "iorb", "month_end", "quarter_end", "srf_on")
    }
    weeks = len(rows["srf"])
    size = run["deposits_average"][1:] / values["deposits_reference"]
    withheld = (values["period_end_drain"] * rows["month_end"] + values["quarter_end_drain"] * rows["quarter_end"]) * size
    multiple = 1 + values["zeta"]
    generator = np.random.default_rng(seed)
    account = account_swing().draw(generator, count, weeks)
    drift = np.cumsum(generator.standard_normal((count, weeks)), axis=1) * DRIFT / np.sqrt(52)
    noise = spread_noise().draw(generator, count, weeks)
    slack = rows["liquidity_slack"] - multiple * rows["srf"] - withheld - account - drift
    price = overnight_curve(values)
    given = {name: run.path.parameter_rows[1:, run.path.parameter_names.index(name)] for name in TAKE_UP_CURVE}
    low, high = np.full_like(slack, LOW), np.full_like(slack, HIGH)
    lent = np.zeros_like(slack)
    for _ in range(STEPS):
        middle = (low + high) / 2
        lent = (
            rows["srf_on"]
            * given["srf_slope"]
            * size
            * soft(rows["iorb"] + middle - rows["srf_rate"] - given["srf_stigma"], given["srf_width"])
        )
        asked = rows["floor_spread"] + soft(price(slack + multiple * lent, size) - rows["floor_spread"], values["floor_width"]) + noise
        low, high = np.where(asked > middle, middle, low), np.where(asked > middle, high, middle)
    return (low + high) / 2, lent


def lasting(series: Floats, level: float) -> Floats:
    """The first week of each row from which the quarter's average stays at or above a level for half a year; infinity where none."""
    means = np.lib.stride_tricks.sliding_window_view(series, WINDOW, axis=1).mean(axis=2) >= level
    stays: NDArray[np.bool_] = np.all(np.lib.stride_tricks.sliding_window_view(means, STAY - WINDOW, axis=1), axis=2)
    first = stays.argmax(axis=1).astype(np.float64)
    return np.asarray(np.where(np.any(stays, axis=1), first + 1, np.inf), dtype=np.float64)


def months(weeks: Floats) -> Floats:
    """Weeks in months."""
    return weeks * 12 / 52
