"""Short names for cells of the chart, so that equations read like the paper: ``held("bills", FED)`` is B_F."""

from __future__ import annotations

from functools import cache

import sympy as sp

from equations.accounts import CHART, DT
from model.language import accounts
from model.language.accounts import Cell
from model.language.symbols import Parameter, Variable


@cache
def cell(instrument: str, holder: str, issuer: str | None = None) -> Cell:
    """The cell of an instrument held by ``holder``; the issuer may be left out where there is only one."""
    found = [c for c in CHART.cells(instrument) if c.holder == holder and issuer in (None, c.issuer)]
    if len(found) != 1:
        raise KeyError(f"{instrument!r} held by {holder!r} is not one cell: {found}")
    return found[0]


def held(instrument: str, holder: str, issuer: str | None = None) -> Variable:
    """End-of-period value of a holding, USD bn."""
    return accounts.value(cell(instrument, holder, issuer))


def acquired(instrument: str, holder: str, issuer: str | None = None) -> Variable:
    """Net acquisition of a holding in the period, USD bn."""
    return accounts.transaction(cell(instrument, holder, issuer))


def received(instrument: str, holder: str, issuer: str | None = None) -> Variable:
    """Interest or coupons received on a holding in the period, USD bn."""
    return accounts.interest(cell(instrument, holder, issuer))


def face(instrument: str, holder: str) -> Variable:
    """Face of a coupon holding, USD bn."""
    return accounts.face(cell(instrument, holder))


def kept(instrument: str, holder: str) -> Variable:
    """Today's value of what survived of a coupon holding before trades, USD bn."""
    base = held(instrument, holder)
    return Variable(f"{base.base}__kept", base.unit)


def primary(instrument: str, holder: str) -> Variable:
    """New issue bought at par by a holder, USD bn."""
    return accounts.primary(cell(instrument, holder))


def secondary(instrument: str, holder: str) -> Variable:
    """Net secondary purchase at today's price, USD bn."""
    return accounts.secondary(cell(instrument, holder))


def total(instrument: str) -> Variable:
    """Total of an instrument, USD bn."""
    return accounts.total(instrument)


def adjustment(speed: Parameter | sp.Expr) -> sp.Expr:
    """Share of a gap that closes within the period at a speed per year: 1 − exp(−speed·dt)."""
    return 1 - sp.exp(-speed * DT)


def smoothed(variable: Variable, target: sp.Expr, speed: Parameter | sp.Expr) -> sp.Expr:
    """The variable's last value moved towards ``target`` at ``speed`` per year."""
    return variable(-1) + (target - variable(-1)) * adjustment(speed)
