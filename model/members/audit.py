"""The audit of a generated economy: the laws of accounting for every member of every sector and every link of every cell.

Each check recomputes a law from the path's figures, the chart of accounts and the links; none reads the equations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import numpy as np

from model.accounting.audit import Report
from model.accounting.identities import Payment, payments, pays_interest
from model.accounting.violation import FLOOR, TOLERANCE, Violation, amount, find
from model.language.accounts import Cell, Valuation, coupon, interest, net_worth, revaluation, total, transaction, value
from model.members.lifting import Floats
from model.members.path import MemberPath
from model.members.population import Population

Side = Literal["issuer", "holder"]
MemberCheck = Callable[[MemberPath], list[Violation]]
SHARE_FLOOR = FLOOR * 1e-4
"""Share of a sector's average balance sheet below which a member's rounding is measured against the sector's."""


def member_names(people: Population, sector: str) -> list[str]:
    """Names of a sector's members."""
    return [people.name(sector, i) for i in range(people.size(sector))]


def cell_names(people: Population, cell: Cell) -> list[str]:
    """A cell's values in words."""
    pairs = zip(people.side(cell, "issuer").tolist(), people.side(cell, "holder").tolist(), strict=True)
    return [f"{cell.instrument} of {people.name(cell.issuer, i)} held by {people.name(cell.holder, h)}" for i, h in pairs]


def by_member(people: Population, cell: Cell, side: Side, values: Floats) -> Floats:
    """Sums of a cell's values by issuer or holder, shape (periods, members)."""
    members, size = people.side(cell, side), people.size(getattr(cell, side))
    if values.shape[1] == size and np.array_equal(members, np.arange(size)):
        return values
    return np.stack([np.bincount(members, row, minlength=size) for row in values])


def _payment_sums(people: Population, paid: Payment, sector: str, values: Floats) -> Floats:
    """A payment's amounts by member of one of its two sectors."""
    cell = next((c for c in people.chart.cells(paid.instrument) if c.issuer == paid.payer and c.holder == paid.payee), None)
    if paid.kind in ("interest", "coupon") and cell is not None:
        return by_member(people, cell, "issuer" if sector == paid.payer else "holder", values)
    size = people.size(sector)
    return values if values.shape[1] == size else values.sum(axis=1, keepdims=True)


def _size(path: MemberPath, sector: str) -> Floats:
    """What the rounding of a sector's members is measured against, shape (periods, 1)."""
    people = path.lifted.population
    cells = [c for c in people.chart.cells() if sector in (c.issuer, c.holder)]
    whole = np.sum([np.abs(path[value(c).base][1:]).sum(axis=1) for c in cells], axis=0)
    return np.asarray(SHARE_FLOOR * whole)[:, None] / people.size(sector)


def _stocks(path: MemberPath, sector: str, side: Side, skip_equity: bool = False) -> tuple[Floats, Floats]:
    """A sector's assets or debts by member and their sizes, shape (periods + 1, members)."""
    people = path.lifted.population
    shape = (path.periods + 1, people.size(sector))
    result, size = np.zeros(shape), np.zeros(shape)
    for cell in people.chart.cells():
        own = people.chart.instrument(cell.instrument).valuation is Valuation.EQUITY and cell.issuer == sector
        if getattr(cell, side) == sector and not (skip_equity and own):
            values = path[value(cell).base]
            result = result + by_member(people, cell, side, values)
            size = size + by_member(people, cell, side, np.abs(values))
    return result, size


def check_numbers(path: MemberPath) -> list[Violation]:
    """Every unknown is a finite number in every solved period."""
    found = []
    for name, values in sorted(path.values.items()):
        broken = ~np.isfinite(values[1:])
        if broken.any():
            t, j = (int(k[0]) for k in np.nonzero(broken))
            found.append(
                Violation(
                    "numbers", name, t + 1, None, float("nan"), float("inf"), int(broken.any(axis=1).sum()), f"{name}[{j}] is no number"
                )
            )
    return found


def check_budgets(path: MemberPath) -> list[Violation]:
    """Each member's inflows equal its outflows: payments received and claims issued against payments made and claims acquired."""
    people, found = path.lifted.population, []
    for sector in (s.name for s in people.chart.sectors):
        shape = (path.periods, people.size(sector))
        gap, scale = np.zeros(shape), np.zeros(shape)
        for paid in payments(people.chart):
            for sign, end in ((1.0, paid.payee), (-1.0, paid.payer)):
                if end == sector:
                    values = path[paid.variable.base][1:]
                    gap = gap + sign * _payment_sums(people, paid, sector, values)
                    scale = scale + _payment_sums(people, paid, sector, np.abs(values))
        for cell in people.chart.cells():
            for sign, side in ((-1.0, "holder"), (1.0, "issuer")):
                if getattr(cell, side) == sector:
                    values = path[transaction(cell).base][1:]
                    gap = gap + sign * by_member(people, cell, side, values)  # type: ignore[arg-type]
                    scale = scale + by_member(people, cell, side, np.abs(values))  # type: ignore[arg-type]
        names = member_names(people, sector)

        def say(t: int, j: int, day: str, names: Sequence[str] = names, gap: Floats = gap) -> str:
            return f"the budget of {names[j]} is off by {amount(gap[t, j], gap[t, j])} bn {day}"

        found += find("budgets", gap, scale + _size(path, sector), names, say, dates=None)
    return found


def _each_cell(path: MemberPath) -> Iterator[tuple[Cell, Floats, Floats, Floats]]:
    """Every cell with its stocks, transactions and revaluations."""
    chart = path.lifted.population.chart
    for cell in chart.cells():
        moved = chart.instrument(cell.instrument).valuation is not Valuation.PAR
        stocks, acquired = path[value(cell).base], path[transaction(cell).base][1:]
        yield cell, stocks, acquired, path[revaluation(cell).base][1:] if moved else np.zeros_like(acquired)


def check_accumulation(path: MemberPath) -> list[Violation]:
    """Every link: value = opening value + acquisition + revaluation."""
    people, found = path.lifted.population, []
    for cell, stocks, acquired, gained in _each_cell(path):
        gap = stocks[1:] - stocks[:-1] - acquired - gained
        scale = np.abs(stocks[1:]) + np.abs(stocks[:-1]) + np.abs(acquired) + np.abs(gained)
        if not np.any(np.abs(gap) > TOLERANCE * (scale + _size(path, cell.holder))):
            continue
        names = cell_names(people, cell)

        def say(t: int, j: int, day: str, names: Sequence[str] = names, gap: Floats = gap) -> str:
            return f"{names[j]} does not accumulate: off by {amount(gap[t, j], gap[t, j])} bn {day}"

        found += find("accumulation", gap, scale + _size(path, cell.holder), names, say, dates=None)
    return found


def check_issues(path: MemberPath) -> list[Violation]:
    """Each instrument's total is the sum of its links."""
    people, found = path.lifted.population, []
    for item in people.chart.instruments:
        held = np.sum([path[value(c).base][1:].sum(axis=1) for c in people.chart.cells(item.name)], axis=0)[:, None]
        issued = path[total(item.name).base][1:]

        def say(t: int, _: int, day: str, name: str = item.name, held: Floats = held, issued: Floats = issued) -> str:
            return f"{name} leak {amount(issued[t, 0] - held[t, 0])} bn {day}: holders {amount(held[t, 0])}, issued {amount(issued[t, 0])}"

        found += find("issues", issued - held, np.abs(held) + np.abs(issued), [item.name], say, dates=None)
    return found


def check_interest(path: MemberPath) -> list[Violation]:
    """Every link: interest is the opening rate times the opening stock, a coupon the opening annual coupon, for the period."""
    people, found = path.lifted.population, []
    dt = path[people.chart.period.base][1:]
    for cell in people.chart.cells():
        if not pays_interest(people.chart, cell):
            continue
        rate = people.chart.instrument(cell.instrument).rate_of(cell.issuer, cell.holder)
        paid = path[interest(cell).base][1:]
        due = path[coupon(cell).base][:-1] * dt if rate is None else path[rate.base][:-1] * path[value(cell).base][:-1] * dt
        if np.any(np.abs(paid - due) > TOLERANCE * (np.abs(paid) + np.abs(due))):
            found += find(
                "interest",
                paid - due,
                np.abs(paid) + np.abs(due),
                cell_names(people, cell),
                lambda t, j, day, cell=cell: f"interest on link {j + 1} of {cell.key} is not due {day}",  # type: ignore[misc]
                dates=None,
            )
    return found


def check_negative(path: MemberPath) -> list[Violation]:
    """No claim at par or at market is negative, rounding apart; equity and claims at book may be."""
    people, found = path.lifted.population, []
    for cell, stocks, _, _ in _each_cell(path):
        if people.chart.instrument(cell.instrument).valuation in (Valuation.PAR, Valuation.COUPON):
            short = np.minimum(stocks[1:], 0.0)
            reference = np.maximum.accumulate(np.abs(stocks), axis=0)[1:] + _size(path, cell.holder)
            if np.any(-short > TOLERANCE * reference):
                names = cell_names(people, cell)

                def say(t: int, j: int, day: str, names: Sequence[str] = names, short: Floats = short) -> str:
                    return f"{names[j]} is {amount(short[t, j], short[t, j])} bn {day}"

                found += find("negative", short, reference, names, say, dates=None)
    return found


def check_equity(path: MemberPath) -> list[Violation]:
    """Every member that issues equity: its equity is its assets less its debts."""
    people, found = path.lifted.population, []
    for item in people.chart.instruments:
        if item.valuation is not Valuation.EQUITY:
            continue
        sector = item.cells[0][0]
        held, wide = _stocks(path, sector, "holder")
        owed, deep = _stocks(path, sector, "issuer")
        names = member_names(people, sector)
        gap = held - owed
        reference = np.maximum.accumulate(wide + deep, axis=0)

        def say(t: int, j: int, day: str, names: Sequence[str] = names, gap: Floats = gap) -> str:
            return f"the balance sheet of {names[j]} is off by {amount(gap[t, j], gap[t, j])} bn {day}"

        found += find("equity", gap, reference, names, say, dates=None, first=0)
    return found


def check_net_worth(path: MemberPath) -> list[Violation]:
    """Every member: the change of net worth is income and holding gains; a write-off is the creditor's loss and the debtor's gain."""
    people, found = path.lifted.population, []
    for sector in (s.name for s in people.chart.sectors):
        worth = path[net_worth(sector).base]
        shape = (path.periods, people.size(sector))
        gain, size = np.zeros(shape), np.zeros(shape)
        for paid in payments(people.chart):
            for sign, end in ((1.0, paid.payee), (-1.0, paid.payer)):
                if end == sector:
                    part = _payment_sums(people, paid, sector, path[paid.variable.base][1:])
                    gain, size = gain + sign * part, size + np.abs(part)
        for cell, _, _, gained in _each_cell(path):
            for sign, side in ((1.0, "holder"), (-1.0, "issuer")):
                if getattr(cell, side) == sector:
                    part = by_member(people, cell, side, gained)  # type: ignore[arg-type]
                    gain, size = gain + sign * part, size + np.abs(part)
        held, wide = _stocks(path, sector, "holder")
        owed, deep = _stocks(path, sector, "issuer")
        before = (held - owed)[:-1]
        gap, names = worth[1:] - before - gain, member_names(people, sector)
        scale = size + np.maximum.accumulate(wide + deep, axis=0)[1:]

        def say(t: int, j: int, day: str, names: Sequence[str] = names, gap: Floats = gap) -> str:
            return f"the net worth of {names[j]} moves by {amount(gap[t, j], gap[t, j])} bn without income or gain {day}"

        found += find("net_worth", gap, scale, names, say, dates=None)
    return found


def check_certificates(path: MemberPath) -> list[Violation]:
    """The solver's certificate of every period, and the hidden identities of every member."""
    gap = path.certificates[1:, None]
    found = find(
        "certificates",
        gap,
        np.ones_like(gap),
        ["certificate"],
        lambda t, j, day: f"{path.worst[t + 1]} is off by {gap[t, 0]:.2e} of its terms {day}",
        dates=None,
    )
    for name, gaps in sorted(path.hidden_gaps.items()):
        scale = np.maximum.accumulate(path.hidden_scales[name], axis=0)
        found += find(
            "hidden",
            gaps[1:],
            scale[1:],
            [f"{name}[{j + 1}]" for j in range(gaps.shape[1])],
            lambda t, j, day, name=name, gaps=gaps: f"{name} of member {j + 1} is off by {gaps[t + 1, j]:.3g} bn {day}",  # type: ignore[misc]
            dates=None,
        )
    return found


MEMBER_CHECKS: tuple[MemberCheck, ...] = (
    check_numbers,
    check_budgets,
    check_accumulation,
    check_issues,
    check_interest,
    check_negative,
    check_equity,
    check_net_worth,
    check_certificates,
)


def audit_members(path: MemberPath, checks: tuple[MemberCheck, ...] = MEMBER_CHECKS) -> Report:
    """Every check on every member and link in every solved period."""
    people = path.lifted.population
    links = sum(people.length(people.axis(cell)) for cell in people.chart.cells())
    found = tuple(violation for check in checks for violation in check(path))
    return Report(tuple(check.__name__.removeprefix("check_") for check in checks), path.periods, links, found)
