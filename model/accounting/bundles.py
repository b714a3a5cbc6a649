"""Coupon bundles: a holding of long debt as the pair (N, C) of face and annual coupon dollars.

A class amortises geometrically at rate a, so the share a' = 1 − e^(−a·dt) of every face falls due in a period. Then N and C
are linear state variables and the value at the par yield y is exact, V = (C·dt + a'·N) / (y·dt + a'): a new issue of X adds
(X, y·X) and is worth X.

A class trades in two pools: new issues at par (primary), and a secondary pool in which each seller delivers a slice of his own
surviving bundle and the buyers share what was delivered pro rata by value. Value is linear in (N, C), so every trade is worth
what is paid for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from model.language.accounts import Cell, Chart, Instrument, coupon, face, primary, revaluation, secondary, transaction, value
from model.language.equation import Equation
from model.language.symbols import Variable, maximum, minimum, where
from model.language.units import FLOW, ONE, USD

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Terms:
    """The three symbols that price a class.

    Parameters
    ----------
    price
        Par yield y, per year.
    amortisation
        Rate a, per year.
    period
        Length dt, years.
    """

    price: sp.Expr
    amortisation: sp.Expr
    period: sp.Expr

    @cached_property
    def keep(self) -> sp.Expr:
        """Share of face that survives a period, e^(−a·dt)."""
        return sp.exp(-self.amortisation * self.period)

    @cached_property
    def due(self) -> sp.Expr:
        """Share of face that falls due in a period, a' = 1 − e^(−a·dt)."""
        return 1 - self.keep

    def value(self, face: sp.Expr, coupon: sp.Expr) -> sp.Expr:
        """Value of a bundle, (C·dt + a'·N) / (y·dt + a')."""
        return (coupon * self.period + self.due * face) / (self.price * self.period + self.due)


def terms(instrument: Instrument, period: Variable) -> Terms:
    """The pricing symbols of a coupon instrument."""
    if instrument.amortisation is None or instrument.price_yield is None:
        raise ValueError(f"{instrument.name!r} is not a coupon instrument: it has no amortisation or no yield")
    return Terms(instrument.price_yield, instrument.amortisation, period)


def kept(cell: Cell) -> Variable:
    """Value today of what survived from the opening bundle, USD bn."""
    return Variable(f"{cell.key}__kept", USD, f"value today of the surviving {cell.instrument} of {cell.holder}")


def bought(cell: Cell) -> Variable:
    """Secondary purchases of a buyer, USD bn, never negative."""
    return Variable(f"{cell.key}__bought", USD, f"secondary purchases of {cell.instrument} by {cell.holder}")


def sold_face(cell: Cell) -> Variable:
    """Face that a seller delivers to the secondary pool, USD bn."""
    return Variable(f"{cell.key}__sold_face", USD, f"face of {cell.instrument} delivered by {cell.holder}")


def sold_coupon(cell: Cell) -> Variable:
    """Annual coupon that a seller delivers to the secondary pool, USD bn per year."""
    return Variable(f"{cell.key}__sold_coupon", FLOW, f"annual coupon of {cell.instrument} delivered by {cell.holder}")


def share(cell: Cell) -> Variable:
    """A buyer's share of the secondary pool, by value."""
    return Variable(f"{cell.key}__share", ONE, f"share of {cell.holder} in secondary purchases of {cell.instrument}")


def pool(instrument: str, issuer: str, what: str) -> Variable:
    """A sum over the secondary pool: ``bought`` (USD bn), ``face`` (USD bn) or ``coupon`` (USD bn per year)."""
    return Variable(f"{instrument}__{issuer}__pool_{what}", FLOW if what == "coupon" else USD, f"secondary pool of {instrument}: {what}")


def cell_equations(cell: Cell, law: Terms) -> tuple[Equation, ...]:
    """Accumulation of one coupon cell: survivors, trades, value, transaction and revaluation.

    The value is written as survivors + purchases, which equals the (N, C) formula whenever the secondary market clears; so no
    value depends on the composition of the pool, and face and coupon follow recursively.
    """
    n, c = face(cell), coupon(cell)
    v, k, x, s = value(cell), kept(cell), primary(cell), secondary(cell)
    pool_face, pool_coupon = (pool(cell.instrument, cell.issuer, what) for what in ("face", "coupon"))
    owned = sp.Gt(k, 0)
    sale = maximum(-s, 0)
    own = minimum(sale, maximum(k, 0))
    fraction = where(owned, own / k, 0)
    laws = (
        (k, law.value(n(-1) * law.keep, c(-1) * law.keep), "value today of what survived"),
        (bought(cell), maximum(s, 0), "secondary purchases"),
        (sold_face(cell), fraction * n(-1) * law.keep + (sale - own), "a seller delivers a slice of his own bundle, at par beyond it"),
        (sold_coupon(cell), fraction * c(-1) * law.keep + (sale - own) * law.price, "with that slice's coupon"),
        (
            share(cell),
            where(sp.Gt(pool(cell.instrument, cell.issuer, "bought"), 0), bought(cell) / pool(cell.instrument, cell.issuer, "bought"), 0),
            "buyers share the pool by value",
        ),
        (n, n(-1) * law.keep + x + share(cell) * pool_face - sold_face(cell), "face: survivors, issues at par, trades"),
        (
            c,
            c(-1) * law.keep + x * law.price + share(cell) * pool_coupon - sold_coupon(cell),
            "annual coupon: survivors, issues at par, trades",
        ),
        (transaction(cell), x + s - law.due * n(-1), "trades at today's price and new issues, less redemption at par"),
        (revaluation(cell), k - v(-1) + law.due * n(-1), "survivors at today's price against yesterday's value"),
        (v, k + x + s, "market value"),
    )
    return tuple(Equation(left.name, left, right, label=label, kind="identity") for left, right, label in laws)


def pool_equations(chart: Chart, instrument: Instrument) -> tuple[Equation, ...]:
    """The secondary pools of a coupon instrument, one for each issuer: what buyers paid and what sellers delivered."""
    equations = []
    for issuer in issuers(instrument):
        cells = [cell for cell in chart.cells(instrument.name) if cell.issuer == issuer]
        for what, part in (("bought", bought), ("face", sold_face), ("coupon", sold_coupon)):
            left = pool(instrument.name, issuer, what)
            equations.append(Equation(left.name, left, sp.Add(*map(part, cells)), label="secondary pool", kind="identity"))
    return tuple(equations)


def issuers(instrument: Instrument) -> tuple[str, ...]:
    """The issuers of an instrument, in order of declaration."""
    return tuple(dict.fromkeys(issuer for issuer, _ in instrument.cells))


def bundle_value(face: ArrayLike, coupon: ArrayLike, y: ArrayLike, a: ArrayLike, dt: ArrayLike) -> Floats:
    """Value of a bundle: (C·dt + a'·N) / (y·dt + a') with a' = 1 − e^(−a·dt).

    Parameters
    ----------
    face, coupon
        N in USD bn and C in USD bn per year.
    y, a, dt
        Par yield and amortisation per year, period in years. Arrays broadcast. ``a = inf`` is a one-period bill, ``a = 0`` a consol.

    Examples
    --------
    >>> round(float(bundle_value(100.0, 4.5, y=0.045, a=0.08, dt=1 / 52)), 10)
    100.0
    """
    due = -np.expm1(-np.asarray(a, float) * dt)
    return np.asarray((np.asarray(coupon, float) * dt + due * np.asarray(face, float)) / (np.asarray(y, float) * dt + due), dtype=float)


def duration(y: ArrayLike, a: ArrayLike, dt: ArrayLike) -> Floats:
    """Years of duration D = −(dV/dy)/V = dt / (y·dt + a'), the same for every coupon.

    Examples
    --------
    >>> round(float(duration(0.045, 0.08, 1 / 52)), 1)
    8.0
    """
    due = -np.expm1(-np.asarray(a, float) * dt)
    return np.asarray(np.asarray(dt, float) / (np.asarray(y, float) * dt + due), dtype=float)


def trade_bundles(
    bundles: Mapping[str, tuple[float, float]], purchases: Mapping[str, float], y: float, a: float, dt: float
) -> dict[str, tuple[float, float]]:
    """Bundles (N, C) after a secondary market that clears, each purchase worth what is paid for it.

    Parameters
    ----------
    bundles
        (face, coupon) by holder before the trades.
    purchases
        Net purchase by holder at today's value, USD bn; their sum is zero.

    Raises
    ------
    ValueError
        Purchases that do not sum to zero, or a sale of more than is held.
    """
    scale = sum(abs(p) for p in purchases.values())
    if abs(sum(purchases.values())) > 1e-9 * max(scale, 1.0):
        raise ValueError(f"secondary purchases must sum to zero, not {sum(purchases.values()):g}")
    after = dict(bundles)
    pool_face = pool_coupon = 0.0
    for holder, amount in purchases.items():
        if amount < 0:
            n, c = bundles[holder]
            owned = float(bundle_value(n, c, y, a, dt))
            if -amount > owned * (1 + 1e-12):
                raise ValueError(f"{holder} sells {-amount:g} but owns {owned:g}")
            slice_ = -amount / owned
            after[holder] = (n * (1 - slice_), c * (1 - slice_))
            pool_face, pool_coupon = pool_face + n * slice_, pool_coupon + c * slice_
    paid = sum(p for p in purchases.values() if p > 0)
    for holder, amount in purchases.items():
        if amount > 0:
            n, c = after.get(holder, (0.0, 0.0))
            after[holder] = (n + pool_face * amount / paid, c + pool_coupon * amount / paid)
    return after
