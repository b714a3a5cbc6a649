"""The audit's checks of coupon instruments: value, revaluation and amortisation of (N, C) bundles at the path's yields and parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.accounting.bundles import bundle_value, issuers
from model.accounting.checks import books, called
from model.accounting.ledger import Books
from model.accounting.violation import Violation, amount, find
from model.language.accounts import Cell, Instrument, Valuation, coupon, face, primary, revaluation, value
from model.periods.path import Path

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Class:
    """A coupon instrument of one issuer with its paths: yield, amortisation and period by row, bundles by row and cell.

    Parameters
    ----------
    name, cells
        What it is and who holds it.
    price, rate, dt
        Shape (periods + 1, 1): yield and amortisation per year, years.
    face, coupon, value
        Shape (periods + 1, cells), USD bn (the coupon per year).
    """

    name: str
    cells: tuple[Cell, ...]
    price: Floats
    rate: Floats
    dt: Floats
    face: Floats
    coupon: Floats
    value: Floats

    @property
    def keep(self) -> Floats:
        """Share of face that survives each period, shape (periods + 1, 1)."""
        return np.asarray(np.exp(-self.rate * self.dt))


def coupon_classes(ledger: Books) -> Iterator[Class]:
    """Every coupon instrument of every issuer."""
    for item in ledger.chart.instruments:
        if item.valuation is Valuation.COUPON:
            for issuer in issuers(item):
                yield coupon_class(ledger, item, tuple(c for c in ledger.chart.cells(item.name) if c.issuer == issuer))


def coupon_class(ledger: Books, item: Instrument, cells: tuple[Cell, ...]) -> Class:
    """The paths of one class."""
    if item.price_yield is None or item.amortisation is None:
        raise ValueError(f"{item.name!r} is not a coupon instrument: it has no amortisation or no yield")
    return Class(
        item.name,
        cells,
        ledger.path[item.price_yield.base][:, None],
        ledger.path[item.amortisation.name][:, None],
        ledger.dt[:, None],
        ledger.block([face(c).base for c in cells]),
        ledger.block([coupon(c).base for c in cells]),
        ledger.block([value(c).base for c in cells]),
    )


def check_valuation(path: Path) -> list[Violation]:
    """Every holding of notes and bonds is worth (C·dt + a'·N) / (y·dt + a') at the path's yield, the opening included."""
    ledger = books(path)
    found: list[Violation] = []
    for kind in () if ledger is None else coupon_classes(ledger):
        worth = bundle_value(kind.face, kind.coupon, kind.price, kind.rate, kind.dt)
        gap = kind.value - worth

        def say(t: int, j: int, day: str, kind: Class = kind, gap: Floats = gap, worth: Floats = worth) -> str:
            stated, due = amount(kind.value[t, j], gap[t, j]), amount(worth[t, j], gap[t, j])
            return f"{called(kind.cells[j])} is valued at {stated} {day}, but its face and coupon are worth {due} at {kind.price[t, 0]:.4%}"

        scale = np.abs(kind.value) + np.abs(kind.face) + 1e-3 * np.abs(kind.value).sum(axis=1, keepdims=True)
        found += find("valuation", gap, scale, [c.key for c in kind.cells], say, dates=path.dates, first=0)
    return found


def check_revaluation(path: Path) -> list[Violation]:
    """Notes and bonds are revalued by what survived at today's yield less yesterday's value, redemptions at par apart."""
    ledger = books(path)
    found: list[Violation] = []
    for kind in () if ledger is None else coupon_classes(ledger):
        keep = kind.keep[1:]
        survived = bundle_value(kind.face[:-1] * keep, kind.coupon[:-1] * keep, kind.price[1:], kind.rate[1:], kind.dt[1:])
        due = survived - kind.value[:-1] + (1 - keep) * kind.face[:-1]
        booked = np.stack([path[revaluation(c).base][1:] for c in kind.cells], axis=1)
        gap = booked - due

        def say(t: int, j: int, day: str, kind: Class = kind, gap: Floats = gap, booked: Floats = booked, due: Floats = due) -> str:
            stated, right = amount(booked[t, j], gap[t, j]), amount(due[t, j], gap[t, j])
            return f"{called(kind.cells[j])} is revalued by {stated} bn {day}, but its yield moved it by {right}"

        scale = np.abs(kind.value[:-1]) + np.abs(booked) + 1e-3 * np.abs(kind.value[:-1]).sum(axis=1, keepdims=True)
        found += find("revaluation", gap, scale, [c.key for c in kind.cells], say, dates=path.dates)
    return found


def check_redemption(path: Path) -> list[Violation]:
    """Face and coupon of a class change only by amortisation and by new issues at par: trades among holders move none of it."""
    ledger = books(path)
    found: list[Violation] = []
    for kind in () if ledger is None else coupon_classes(ledger):
        issued = ledger_primary(path, kind)
        for what, stock, fresh in (("face", kind.face, issued), ("coupon", kind.coupon, issued * kind.price[1:])):
            outstanding = stock.sum(axis=1, keepdims=True)
            due = outstanding[:-1] * kind.keep[1:] + fresh
            gap = outstanding[1:] - due

            def say(
                t: int,
                _: int,
                day: str,
                name: str = f"{what} of {kind.name}",
                stock: Floats = outstanding,
                due: Floats = due,
                gap: Floats = gap,
            ) -> str:
                held, right = amount(stock[t + 1, 0], gap[t, 0]), amount(due[t, 0], gap[t, 0])
                return f"the {name} leaks {amount(abs(gap[t, 0]), gap[t, 0])} bn {day}: holders {held}, survivors and new issues {right}"

            found += find("redemption", gap, np.abs(stock[1:]).sum(axis=1, keepdims=True), [f"{kind.name}__{what}"], say, dates=path.dates)
    return found


def ledger_primary(path: Path, kind: Class) -> Floats:
    """New issues at par of a class from period 1 on, shape (periods, 1)."""
    return np.asarray(np.sum([path[primary(c).base][1:] for c in kind.cells], axis=0))[:, None]
