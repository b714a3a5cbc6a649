"""Opening balance sheets: published figures mapped to the chart's cells, valued at the day's yields and closed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from calibration.balancing import Vector, balance, contradictions
from calibration.levels import opening_levels
from calibration.newer import cached_in_use
from calibration.parameters import load_parameters
from calibration.quarters import FIRST, LAST, is_end_of_quarter, is_quarter_end, not_compiled, quarter_figures
from calibration.restating import restated
from calibration.strain import LIMIT, Suspect, in_words, suspects
from calibration.tables import DataError, Observation, observations
from equations.accounts import BANKS, CHART, FED, HF, MMF
from model.language.accounts import Cell, Valuation

WEEK = 1 / 52
TOLERANCE = 1e-6
DUST = 1e-9
PREMIUM = "fed_premium"
CLOSED = (FED, BANKS, MMF, HF)

COUPON_CELLS = tuple(c for c in CHART.cells() if CHART.instrument(c.instrument).valuation is Valuation.COUPON)
OTHER_CELLS = tuple(c for c in CHART.cells() if CHART.instrument(c.instrument).valuation is not Valuation.COUPON)
UNKNOWNS = (*(c.key for c in OTHER_CELLS), *(f"{c.key}__{part}" for c in COUPON_CELLS for part in ("face", "coupon")))
POSITION = {name: index for index, name in enumerate(UNKNOWNS)}
CELLS = {c.key: c for c in CHART.cells()}


@dataclass(frozen=True)
class Adjustment:
    """What balancing did to one figure, in USD bn (ratios are stated on their base)."""

    date: date
    figure: str
    published: float
    balanced: float
    std: float
    confidence: str
    basis: str
    timing: str
    source: str

    @property
    def adjustment(self) -> float:
        """Balanced less published, USD bn."""
        return self.balanced - self.published

    @property
    def deviations(self) -> float:
        """The adjustment in deviations; 0 for a figure that is kept exactly."""
        return self.adjustment / self.std if self.std else 0.0


@dataclass(frozen=True)
class OpeningBalance:
    """The balance sheets of the eight sectors on one day.

    Parameters
    ----------
    date
        The day.
    dt
        Period length in years that the coupon securities are valued for.
    cells
        End-of-day value of every cell, USD bn.
    faces, coupons
        Face (USD bn) and annual coupon (USD bn per year) of every coupon cell.
    adjustments
        Published and balanced value of every figure used.
    misfit
        Sum of squared scaled adjustments.
    """

    date: date
    dt: float
    cells: Mapping[str, float]
    faces: Mapping[str, float]
    coupons: Mapping[str, float]
    adjustments: tuple[Adjustment, ...]
    misfit: float

    def assets(self, sector: str) -> float:
        """Value of what a sector holds, USD bn."""
        return math.fsum(self.cells[c.key] for c in CHART.cells() if c.holder == sector)

    def liabilities(self, sector: str) -> float:
        """Value of what a sector has issued, own equity included, USD bn."""
        return math.fsum(self.cells[c.key] for c in CHART.cells() if c.issuer == sector)

    def total(self, instrument: str) -> float:
        """Sum of an instrument's cells, USD bn."""
        return math.fsum(self.cells[c.key] for c in CHART.cells(instrument))

    @property
    def strained(self) -> tuple[Adjustment, ...]:
        """The figures that balancing moved by more than :data:`calibration.strain.LIMIT` deviations, the worst first."""
        far = (item for item in self.adjustments if abs(item.deviations) > LIMIT)
        return tuple(sorted(far, key=lambda item: -abs(item.deviations)))

    def table(self, least: float = 0.0) -> str:
        """The adjustments of at least ``least`` USD bn as text, largest first."""
        rows = sorted((a for a in self.adjustments if abs(a.adjustment) >= least), key=lambda a: -abs(a.adjustment))
        head = f"{'figure':<62} {'published':>11} {'balanced':>11} {'adjustment':>11} {'std':>8}"
        body = [f"{a.figure:<62} {a.published:>11,.1f} {a.balanced:>11,.1f} {a.adjustment:>+11,.1f} {a.std:>8,.1f}" for a in rows]
        return "\n".join([f"opening {self.date}, USD bn", head, *body])


def opening_dates() -> tuple[date, ...]:
    """The days that opening balance sheets exist for."""
    return tuple(sorted({o.date for o in observations()}))


def prices(dt: float, yields: Mapping[str, float], decay: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Weights (on the annual coupon, on face) that value a bundle of each class: (C·dt + a'N)/(y·dt + a')."""
    weights = {}
    for name, y in yields.items():
        amortised = -math.expm1(-decay[name] * dt)
        weights[name] = (dt / (y * dt + amortised), amortised / (y * dt + amortised))
    return weights


def weights_of(day: date, dt: float = WEEK, amortisation: tuple[float, float] | None = None) -> dict[str, tuple[float, float]]:
    """The weights of :func:`prices` at the yields of a day; without an amortisation of notes and of bonds for the calibrated one."""
    rates, parameters = opening_levels(day), load_parameters()
    decay = amortisation or (parameters["a_notes"], parameters["a_bonds"])
    return prices(dt, {"notes": rates["yield_notes"], "bonds": rates["yield_bonds"]}, dict(zip(("notes", "bonds"), decay, strict=True)))


def coefficients(cell: Cell, weights: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """A cell's value as a linear form of the unknowns."""
    if cell.key in POSITION:
        return {cell.key: 1.0}
    on_coupon, on_face = weights[cell.instrument]
    return {f"{cell.key}__coupon": on_coupon, f"{cell.key}__face": on_face}


def linear_form(text: str, weights: Mapping[str, tuple[float, float]], figure: str) -> Vector:
    """The row of a signed sum such as ``"a + b - c"`` over the unknowns and cell values.

    Raises
    ------
    DataError
        A name that is no stock of the chart.
    """
    row = np.zeros(len(UNKNOWNS))
    sign = 1.0
    for token in text.split():
        if token in ("+", "-"):
            sign = 1.0 if token == "+" else -1.0
        elif token in POSITION:
            row[POSITION[token]] += sign
        elif token in CELLS:
            for name, weight in coefficients(CELLS[token], weights).items():
                row[POSITION[name]] += sign * weight
        else:
            raise DataError(f"calibration/data/observations.csv, figure {figure!r}: {token!r} is no stock of the chart")
    return row


def identities(weights: Mapping[str, tuple[float, float]]) -> Vector:
    """Rows that close a balance sheet: the Fed (first), banks, money funds and hedge funds.

    They are zero but for the Fed's, whose coupon securities enter at face: it is short by the premiums in their book value.
    """
    rows = []
    for sector in CLOSED:
        row = np.zeros(len(UNKNOWNS))
        for cell in CHART.cells():
            sign = (cell.holder == sector) - (cell.issuer == sector)
            if not sign:
                continue
            book = sector == FED and cell in COUPON_CELLS
            form = {f"{cell.key}__face": 1.0} if book else coefficients(cell, weights)
            for name, weight in form.items():
                row[POSITION[name]] += sign * weight
        rows.append(row)
    return np.array(rows)


def reason(day: date) -> str:
    """Why a day has no figures: an earlier quarter-end lacks some by name, other days are not among those that have them."""
    span = f"every quarter-end from {FIRST} to {LAST}"
    if day < FIRST and is_end_of_quarter(day):
        return f"there are some for {span}; this one lacks: {', '.join(not_compiled(day))}"
    return f"there are some for: {', '.join(d.isoformat() for d in opening_dates())}, and {span}"


def figures(day: date) -> tuple[Observation, ...]:
    """The figures of one day; of a quarter-end without its own, those that :mod:`calibration.quarters` makes.

    Raises
    ------
    DataError
        A day without figures; the message lists the days that have them, or what an earlier quarter-end lacks.
    """
    found = tuple(restated(o) for o in observations() if o.date == day)
    if not found and is_quarter_end(day):
        return quarter_figures(day)
    if not found:
        raise DataError(f"no opening balance sheets for {day.isoformat()}; {reason(day)}")
    return found


def rows_of(found: Sequence[Observation], weights: Mapping[str, tuple[float, float]]) -> tuple[Vector, Vector]:
    """The rows of figures over the unknowns, and their values; a ratio is a row that is zero."""
    rows = []
    for item in found:
        row = linear_form(item.parts, weights, item.figure)
        rows.append(row - item.value * linear_form(item.base, weights, item.figure) if item.base else row)
    return np.array(rows), np.array([0.0 if item.base else item.value for item in found])


def solve_opening(
    found: Sequence[Observation], weights: Mapping[str, tuple[float, float]], premium: float
) -> tuple[Vector, float, Vector, Vector]:
    """The balanced unknowns, the misfit, and the rows and values of the figures; ``premium`` is that of the Fed's Treasuries, USD bn.

    Raises
    ------
    DataError
        Exact figures that contradict each other, all of them named.
    """
    design, right = rows_of(found, weights)
    std = np.array([item.std_usd_bn for item in found])
    exact = std == 0.0
    closing = identities(weights)
    constraints = np.vstack([closing, design[exact]])
    bounds = np.concatenate([[-premium], np.zeros(len(closing) - 1), right[exact]])
    named = [*(f"balance of {sector}" for sector in CLOSED), *(item.figure for item in found if item.std_usd_bn == 0.0)]
    for gap, guilty in contradictions(constraints, bounds, named):
        raise DataError(f"exact figures contradict each other by {gap:,.3g} bn: {', '.join(guilty)}; give one of them a deviation")
    result = balance(design[~exact], right[~exact], std[~exact], constraints, bounds, UNKNOWNS)
    return result.solution, result.misfit, design, right


@cached_in_use
def balanced(day: date) -> tuple[Mapping[str, float], tuple[Adjustment, ...], float]:
    """The balanced amount of every unknown of a day, what balancing did to each figure, and the misfit."""
    found, weights = figures(day), weights_of(day)
    solution, misfit, design, right = solve_opening(found, weights, opening_levels(day)[PREMIUM])
    stock = {name: amount if abs(amount) > DUST else 0.0 for name, amount in zip(UNKNOWNS, solution.tolist(), strict=True)}
    listed = []
    for item, row, value in zip(found, design, right, strict=True):
        base = item.value * float(linear_form(item.base, weights, item.figure) @ solution) if item.base else float(value)
        fitted = float(row @ solution) + (base if item.base else 0.0)
        listed.append(Adjustment(day, item.figure, base, fitted, item.std_usd_bn, item.confidence, item.basis, item.timing, item.source))
    return stock, tuple(listed), misfit


@cached_in_use
def opening_balance(day: date | str, dt: float = WEEK, amortisation: tuple[float, float] | None = None) -> OpeningBalance:
    """The balanced opening of one day, valued for a period length and for the amortisation of notes and of bonds.

    The figures are balanced once, at the weekly clock and the calibrated amortisation. For others faces, coupons and par instruments
    stay and the value of the coupon securities, with the equity of banks and hedge funds that depends on it, is computed anew.

    Raises
    ------
    DataError
        A day without figures, or figures that can only be closed with a negative holding.
    """
    day = date.fromisoformat(day) if isinstance(day, str) else day
    stock, adjustments, misfit = balanced(day)
    now = weights_of(day, dt, amortisation)
    faces, coupons = ({c.key: stock[f"{c.key}__{part}"] for c in COUPON_CELLS} for part in ("face", "coupon"))
    cells = {c.key: stock[c.key] for c in OTHER_CELLS}
    cells |= {c.key: now[c.instrument][0] * coupons[c.key] + now[c.instrument][1] * faces[c.key] for c in COUPON_CELLS}
    cells = {c.key: cells[c.key] for c in CHART.cells()}
    for sector, instrument in ((BANKS, "bank_equity"), (HF, "hedge_fund_equity")):
        own = [c.key for c in CHART.cells(instrument)]
        assets = math.fsum(cells[c.key] for c in CHART.cells() if c.holder == sector)
        debts = math.fsum(cells[c.key] for c in CHART.cells() if c.issuer == sector and c.key not in own)
        factor = (assets - debts) / math.fsum(cells[k] for k in own)
        cells |= {k: cells[k] * factor for k in own}
    for name, value in cells.items():
        if value < -TOLERANCE and not name.startswith("fed_equity"):
            raise DataError(f"opening {day}: the figures close only with {name} = {value:,.1f}; {in_words(opening_suspects(day))}")
    return OpeningBalance(day, dt, cells, faces, coupons, adjustments, misfit)


@cached_in_use
def opening_suspects(day: date) -> tuple[Suspect, ...]:
    """The figures of a day without any one of which the others agree best; none where no single figure makes half of the misfit.

    Raises
    ------
    DataError
        A day without figures.
    """
    found, weights = figures(day), weights_of(day)
    closing = identities(weights)
    bounds = np.concatenate([[-opening_levels(day)[PREMIUM]], np.zeros(len(closing) - 1)])
    return suspects(found, *rows_of(found, weights), closing, bounds)
