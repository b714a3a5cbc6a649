"""The accounting identities that follow from a chart of accounts, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sympy as sp

from model.accounting.bundles import cell_equations, issuers, pool_equations, terms
from model.language.accounts import (
    Cell,
    Chart,
    Instrument,
    Valuation,
    coupon,
    face,
    interest,
    net_worth,
    revaluation,
    secondary,
    total,
    transaction,
    value,
)
from model.language.equation import Equation, Hidden
from model.language.symbols import Variable, absolute, where
from model.language.units import FLOW, USD


@dataclass(frozen=True)
class Payment:
    """A payment of the period: interest, coupon or a declared flow.

    Parameters
    ----------
    kind, instrument
        What is paid; the instrument is empty for taxes, spending and the like.
    payer, payee
        Sectors; a negative amount swaps them.
    variable
        The amount, USD bn in the period.
    """

    kind: str
    instrument: str
    payer: str
    payee: str
    variable: Variable


def identity(left: Variable, right: sp.Expr, label: str) -> Equation:
    """An equation of kind identity, named after the variable that it determines."""
    return Equation(left.name, left, right, label=label, kind="identity")


def pays_interest(chart: Chart, cell: Cell) -> bool:
    """Whether a cell pays interest or a coupon."""
    item = chart.instrument(cell.instrument)
    return item.valuation is Valuation.COUPON or item.rate_of(cell.issuer, cell.holder) is not None


@cache
def payments(chart: Chart) -> tuple[Payment, ...]:
    """Every payment of a period: interest or coupon of each cell that pays, then the declared flows."""
    paid = []
    for item in chart.instruments:
        kind = "coupon" if item.valuation is Valuation.COUPON else "interest"
        for cell in chart.cells(item.name):
            if pays_interest(chart, cell):
                paid.append(Payment(kind, item.name, cell.issuer, cell.holder, interest(cell)))
    paid.extend(Payment(flow.kind, flow.instrument, flow.payer, flow.payee, flow.variable) for flow in chart.flows)
    return tuple(paid)


def income(chart: Chart, sector: str) -> sp.Expr:
    """Payments received less payments made by a sector in a period: its saving, USD bn."""
    paid = payments(chart)
    received = [p.variable for p in paid if p.payee == sector]
    made = [-p.variable for p in paid if p.payer == sector]
    return sp.Add(*received, *made)


def budget(chart: Chart, sector: str) -> sp.Expr:
    """Receipts less payments, less acquisitions of claims, plus own claims issued: zero for every sector."""
    acquired = [-transaction(cell) for cell in chart.cells() if cell.holder == sector]
    issued = [transaction(cell) for cell in chart.cells() if cell.issuer == sector]
    return sp.Add(income(chart, sector), *acquired, *issued)


def budget_equation(chart: Chart, sector: str, buffer: Cell) -> Equation:
    """The sector's budget, solved for the transaction in its buffer.

    Raises
    ------
    ValueError
        A buffer that the sector neither issues nor holds, or that the chart does not know.
    """
    if sector not in (buffer.issuer, buffer.holder):
        raise ValueError(f"{sector!r} neither issues nor holds {buffer.key!r}, so it cannot be its buffer")
    if buffer not in tuple(chart.cells()):
        raise ValueError(f"the chart of accounts has no cell {buffer.key!r}")
    left = transaction(buffer)
    sign = 1 if sector == buffer.issuer else -1
    return identity(left, -sign * (budget(chart, sector) - sign * left), f"budget of {sector}, closed by {buffer.instrument}")


def assets(chart: Chart, sector: str) -> sp.Expr:
    """Sum of what a sector holds, USD bn."""
    return sp.Add(*(value(cell) for cell in chart.cells() if cell.holder == sector))


def liabilities(chart: Chart, sector: str) -> sp.Expr:
    """Sum of what a sector has issued, its own equity included, USD bn."""
    return sp.Add(*(value(cell) for cell in chart.cells() if cell.issuer == sector))


def hidden_balance(chart: Chart, sector: str) -> Hidden:
    """Assets less all liabilities, own equity included: the equation that holds because all others do."""
    return Hidden(f"balance_sheet__{sector}", assets(chart, sector) - liabilities(chart, sector), f"assets less liabilities of {sector}")


def clearing(chart: Chart, instrument: str, issuer: str | None = None) -> sp.Expr:
    """Net secondary purchases of a coupon instrument: zero when its market clears.

    Parameters
    ----------
    issuer
        Needed only where an instrument has several issuers, each with its own pool.

    Raises
    ------
    ValueError
        An instrument that is not traded as coupon bundles, or several issuers and none named.
    """
    item = chart.instrument(instrument)
    if item.valuation is not Valuation.COUPON:
        raise ValueError(f"{instrument!r} has no secondary pool: its valuation is {item.valuation.value!r}, not 'coupon'")
    known = issuers(item)
    if issuer is None and len(known) > 1:
        raise ValueError(f"{instrument!r} has several issuers; name one of {list(known)}")
    chosen = known[0] if issuer is None else issuer
    return sp.Add(*(secondary(cell) for cell in chart.cells(instrument) if cell.issuer == chosen))


def total_revaluation(instrument: str, issuer: str) -> Variable:
    """Revaluation of an issuer's equity in the period, USD bn: retained income and holding gains."""
    return Variable(f"rv__{instrument}__{issuer}", USD, f"retained income and holding gains of {issuer} on {instrument}")


def revalued(chart: Chart, cell: Cell) -> bool:
    """Whether a cell can be revalued: everything but par instruments."""
    return chart.instrument(cell.instrument).valuation is not Valuation.PAR


def holding_gains(chart: Chart, sector: str) -> sp.Expr:
    """Revaluations of a sector's assets less those of its liabilities other than its own equity, USD bn."""
    gained = [revaluation(cell) for cell in chart.cells() if cell.holder == sector and revalued(chart, cell)]
    lost = [
        -revaluation(cell)
        for cell in chart.cells()
        if cell.issuer == sector and chart.instrument(cell.instrument).valuation in (Valuation.COUPON, Valuation.BOOK)
    ]
    return sp.Add(*gained, *lost)


def equity_equations(chart: Chart, item: Instrument) -> tuple[Equation, ...]:
    """Revaluation of equity: retained income and holding gains of the issuer, shared by opening holdings."""
    equations = []
    for issuer in issuers(item):
        cells = [cell for cell in chart.cells(item.name) if cell.issuer == issuer]
        gain = total_revaluation(item.name, issuer)
        equations.append(identity(gain, income(chart, issuer) + holding_gains(chart, issuer), f"what {issuer} retains and gains"))
        opening = sp.Add(*(value(cell)(-1) for cell in cells))
        for cell in cells:
            part = (
                sp.Integer(1)
                if len(cells) == 1
                else where(sp.Gt(absolute(opening), 0), value(cell)(-1) / opening, sp.Rational(1, len(cells)))
            )
            equations.append(identity(revaluation(cell), part * gain, "share of the issuer's gain, by opening holding"))
    return tuple(equations)


def accumulation_equations(chart: Chart, item: Instrument) -> tuple[Equation, ...]:
    """``V = V(-1) + transactions + revaluation`` of every cell of an instrument."""
    if item.valuation is Valuation.COUPON:
        law = terms(item, chart.period)
        per_cell = tuple(e for cell in chart.cells(item.name) for e in cell_equations(cell, law))
        return per_cell + pool_equations(chart, item)
    equations = []
    for cell in chart.cells(item.name):
        stock = value(cell)
        change = transaction(cell) + revaluation(cell) if revalued(chart, cell) else transaction(cell)
        equations.append(identity(stock, stock(-1) + change, "opening stock plus what was acquired and gained"))
    if item.valuation is Valuation.EQUITY:
        equations.extend(equity_equations(chart, item))
    return tuple(equations)


def interest_equations(chart: Chart, item: Instrument) -> tuple[Equation, ...]:
    """Interest on the opening stock at the opening rate, or the opening annual coupon, for the period."""
    equations = []
    for cell in chart.cells(item.name):
        if item.valuation is Valuation.COUPON:
            equations.append(identity(interest(cell), coupon(cell)(-1) * chart.period, "coupons on the opening bundle"))
            continue
        rate = item.rate_of(cell.issuer, cell.holder)
        if rate is not None:
            equations.append(identity(interest(cell), rate(-1) * value(cell)(-1) * chart.period, "interest on the opening stock"))
    return tuple(equations)


def total_equations(chart: Chart, item: Instrument) -> tuple[Equation, ...]:
    """An instrument's total, and for coupon instruments the totals of face and annual coupon."""
    cells = tuple(chart.cells(item.name))
    sums = [(total(item.name), sp.Add(*map(value, cells)))]
    if item.valuation is Valuation.COUPON:
        sums.append((Variable(f"{item.name}__face", USD, f"face of all {item.name}"), sp.Add(*map(face, cells))))
        sums.append((Variable(f"{item.name}__coupon", FLOW, f"annual coupon of all {item.name}"), sp.Add(*map(coupon, cells))))
    return tuple(identity(left, right, "sum over holders") for left, right in sums)


def identities(chart: Chart) -> tuple[Equation, ...]:
    """Accumulation, interest and totals of every instrument, and every sector's net worth.

    Left open, for the system's own equations: transactions of par and equity cells, primary and secondary purchases of coupon
    cells, revaluations of book cells, the declared flows, and each market's clearing row.
    """
    equations: list[Equation] = []
    for item in chart.instruments:
        equations.extend(accumulation_equations(chart, item))
        equations.extend(interest_equations(chart, item))
        equations.extend(total_equations(chart, item))
    for sector in chart.sectors:
        left = net_worth(sector.name)
        equations.append(identity(left, assets(chart, sector.name) - liabilities(chart, sector.name), "assets less liabilities"))
    return tuple(equations)
