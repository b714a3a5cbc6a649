"""The audit's checks: pure functions from a path to what is wrong on it.

Each recomputes a law of accounting from the path's figures and the chart of accounts; none reads the equations that produced them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model.accounting.bundles import issuers
from model.accounting.identities import pays_interest, total_revaluation
from model.accounting.ledger import Books
from model.accounting.violation import Violation, amount, find
from model.language.accounts import Cell, Valuation, interest, net_worth, revaluation, secondary, total
from model.periods.path import Path

Floats = NDArray[np.float64]
Check = Callable[[Path], list[Violation]]


def books(path: Path) -> Books | None:
    """The path's books, or None where its system has no chart of accounts."""
    return None if path.system.chart is None else Books(path, path.system.chart)


def called(cell: Cell) -> str:
    """A cell in words."""
    return f"{cell.instrument} of {cell.issuer} held by {cell.holder}"


def check_numbers(path: Path) -> list[Violation]:
    """Every variable is a finite number in every solved period, and every cell in the opening too."""
    broken = np.where(np.isfinite(path.values), 0.0, 1.0)
    broken[0] = 0.0
    if path.system.chart is not None:
        for cell in path.system.chart.cells():
            broken[0, path.index[cell.key]] = 0.0 if np.isfinite(path[cell.key][0]) else 1.0
    return find(
        "numbers",
        broken,
        np.ones_like(broken),
        path.columns,
        lambda t, j, day: f"{path.columns[j]} is {path.values[t, j]} {day}",
        dates=path.dates,
        first=0,
    )


def check_certificates(path: Path) -> list[Violation]:
    """The solver's certificate of every period: every equation holds to within the tolerance."""
    gap = path.certificates[1:, None]
    return find(
        "certificates",
        gap,
        np.ones_like(gap),
        ["certificate"],
        lambda t, j, day: f"an equation is off by {gap[t, 0]:.2e} of its terms {day}",
        dates=path.dates,
    )


def check_hidden(path: Path) -> list[Violation]:
    """The redundant equations hold: those that the system names, and the balance sheet of every sector that issues equity.

    A gap is measured by the largest size that its terms have had so far: a sector that is wound up keeps old rounding.
    """
    names = [hidden.name for hidden in path.system.hidden]
    gaps, scales = path.hidden_gaps[1:], np.maximum.accumulate(path.hidden_scales[1:], axis=0)
    found = find(
        "hidden",
        gaps,
        scales,
        names,
        lambda t, j, day: f"the hidden identity {names[j]} is off by {amount(gaps[t, j], gaps[t, j])} bn {day}",
        dates=path.dates,
    )
    ledger = books(path)
    if ledger is None:
        return found
    equities = [i for i in ledger.chart.instruments if i.valuation is Valuation.EQUITY]
    owners = {s for item in equities for s in issuers(item)}
    chosen = [j for j, s in enumerate(ledger.sectors) if s in owners]
    held, owed = (ledger.stocks @ side[:, chosen] for side in (ledger.holder, ledger.issuer))
    gap = held - owed
    return found + find(
        "hidden",
        gap,
        np.maximum.accumulate(np.abs(ledger.stocks) @ (ledger.holder + ledger.issuer)[:, chosen], axis=0),
        [ledger.sectors[j] for j in chosen],
        lambda t, j, day: (
            f"the balance sheet of {ledger.sectors[chosen[j]]} is off by {amount(gap[t, j], gap[t, j])} bn {day}: "
            f"assets {amount(held[t, j], gap[t, j])}, liabilities and equity {amount(owed[t, j], gap[t, j])}"
        ),
        dates=path.dates,
        first=0,
    )


def check_budgets(path: Path) -> list[Violation]:
    """Each sector's inflows equal its outflows: payments received and claims issued against payments made and claims acquired."""
    ledger = books(path)
    if ledger is None:
        return []
    received, made = ledger.amounts @ ledger.payee, ledger.amounts @ ledger.payer
    acquired, issued = ledger.transactions @ ledger.holder, ledger.transactions @ ledger.issuer
    gap = received - made - acquired + issued
    scale = np.abs(ledger.amounts) @ (ledger.payee + ledger.payer) + np.abs(ledger.transactions) @ (ledger.holder + ledger.issuer)

    def say(t: int, j: int, day: str) -> str:
        parts = {"received": received, "paid": made, "acquired": acquired, "issued": issued}
        figures = ", ".join(f"{name} {amount(part[t, j], gap[t, j])}" for name, part in parts.items())
        return f"the budget of {ledger.sectors[j]} is off by {amount(gap[t, j], gap[t, j])} bn {day}: {figures}"

    return find("budgets", gap, scale + ledger.size[1:], ledger.sectors, say, dates=path.dates)


def check_payments(path: Path) -> list[Violation]:
    """What is paid of each kind is received, once negative amounts have swapped their legs; variation margins sum to zero."""
    ledger = books(path)
    if ledger is None or not ledger.paid:
        return []
    kinds = tuple(dict.fromkeys(p.kind for p in ledger.paid))
    mine = np.array([[float(p.kind == kind) for kind in kinds] for p in ledger.paid])
    received = sum(np.maximum(ledger.amounts * s, 0) @ mine for s in (1.0, -1.0))
    net = ledger.amounts @ (mine * (ledger.payee - ledger.payer).sum(axis=1)[:, None])
    return find(
        "payments",
        net,
        np.asarray(received) + ledger.size[1:],
        kinds,
        lambda t, j, day: f"payments of {kinds[j]} do not sum to zero {day}: received less paid {amount(net[t, j], net[t, j])} bn",
        dates=path.dates,
    )


def check_issues(path: Path) -> list[Violation]:
    """Each instrument's issues equal its holdings; for coupon instruments face and annual coupon too."""
    ledger = books(path)
    if ledger is None:
        return []
    found = []
    for item in ledger.chart.instruments:
        parts = ("", "__face", "__coupon") if item.valuation is Valuation.COUPON else ("",)
        for part in parts:
            each = ledger.block([cell.key + part for cell in ledger.chart.cells(item.name)])[1:]
            held = each.sum(axis=1, keepdims=True)
            issued = path[total(item.name).base + part][1:, None]
            words = {"": "", "__face": " of face", "__coupon": " a year of coupon"}[part]

            def say(
                t: int, _: int, day: str, name: str = item.name, held: Floats = held, issued: Floats = issued, words: str = words
            ) -> str:
                gap = float(issued[t, 0] - held[t, 0])
                there, here = amount(held[t, 0], gap), amount(issued[t, 0], gap)
                return f"{name} leak {amount(abs(gap), gap)} bn{words} {day}: holders {there}, issued {here}"

            scale = np.abs(each).sum(axis=1, keepdims=True) + np.abs(issued)
            found += find("issues", held - issued, scale, [item.name + part], say, dates=path.dates)
    return found


def check_accumulation(path: Path) -> list[Violation]:
    """Each cell's value is its opening value plus transaction plus revaluation."""
    ledger = books(path)
    if ledger is None:
        return []
    before, after = ledger.stocks[:-1], ledger.stocks[1:]
    traded, revalued = ledger.transactions, ledger.revaluations
    gap = after - before - traded - revalued
    scale = np.abs(after) + np.abs(before) + np.abs(traded) + np.abs(revalued) + ledger.size[1:]

    def say(t: int, j: int, day: str) -> str:
        start, change, gain, end = (amount(part[t, j], gap[t, j]) for part in (before, traded, revalued, after))
        return f"{called(ledger.cells[j])} does not add up {day}: {start} + transaction {change} + revaluation {gain} is not {end}"

    return find("accumulation", gap, scale, [c.key for c in ledger.cells], say, dates=path.dates)


def check_par(path: Path) -> list[Violation]:
    """Par instruments have no revaluation, not even a rounding-sized one."""
    ledger = books(path)
    if ledger is None:
        return []
    cells = [c for c in ledger.cells if ledger.chart.instrument(c.instrument).valuation is Valuation.PAR and revaluation(c).base in path]
    gain = ledger.block([revaluation(c).base for c in cells])[1:]
    return find(
        "par",
        gain,
        np.zeros_like(gain),
        [c.key for c in cells],
        lambda t, j, day: f"{called(cells[j])} is at par but revalued by {amount(gain[t, j], gain[t, j])} bn {day}",
        dates=path.dates,
    )


def check_negative(path: Path) -> list[Violation]:
    """No holding is negative, cells at book value apart."""
    ledger = books(path)
    if ledger is None:
        return []
    columns = [j for j, c in enumerate(ledger.cells) if ledger.chart.instrument(c.instrument).valuation is not Valuation.BOOK]
    shortfall = np.minimum(ledger.stocks[:, columns], 0.0)
    largest = np.abs(ledger.stocks).max(axis=1, initial=0.0)[:, None] * np.ones_like(shortfall)
    cells = [ledger.cells[j] for j in columns]
    return find(
        "negative",
        shortfall,
        largest,
        [c.key for c in cells],
        lambda t, j, day: f"{called(cells[j])} is negative {day}: {amount(shortfall[t, j], shortfall[t, j])} bn",
        dates=path.dates,
        first=0,
    )


def check_interest(path: Path) -> list[Violation]:
    """Interest is opening rate times opening stock times dt, a coupon opening annual coupon times dt; what issuers pay is received."""
    ledger = books(path)
    if ledger is None:
        return []
    cells = [c for c in ledger.cells if pays_interest(ledger.chart, c)]
    due = np.zeros((path.periods, len(cells)))
    for j, cell in enumerate(cells):
        rate = ledger.chart.instrument(cell.instrument).rate_of(cell.issuer, cell.holder)
        opening = path[f"{cell.key}__coupon"] if rate is None else path[rate.base] * path[cell.key]
        due[:, j] = opening[:-1] * ledger.dt[1:]
    paid = ledger.block([interest(c).base for c in cells])[1:]
    gap = paid - due
    found = find(
        "interest",
        gap,
        np.abs(paid) + np.abs(due),
        [interest(c).base for c in cells],
        lambda t, j, day: (
            f"interest on {called(cells[j])} is off by {amount(gap[t, j], gap[t, j])} bn {day}: "
            f"paid {amount(paid[t, j], gap[t, j])}, due {amount(due[t, j], gap[t, j])}"
        ),
        dates=path.dates,
    )
    return found + check_received(ledger, paid, cells)


def check_received(ledger: Books, paid: Floats, cells: list[Cell]) -> list[Violation]:
    """What holders receive is what the issuers owe on the instrument's total, where one rate is paid on all of it."""
    found = []
    for item in ledger.chart.instruments:
        columns = [j for j, cell in enumerate(cells) if cell.instrument == item.name]
        if not columns or item.rates:
            continue
        base = ledger.path[f"{item.name}__coupon"] if item.rate is None else ledger.path[item.rate.base] * ledger.path[item.name]
        owed = (base[:-1] * ledger.dt[1:])[:, None]
        received = paid[:, columns].sum(axis=1, keepdims=True)
        gap = received - owed

        def say(
            t: int, _: int, day: str, name: str = item.name, gap: Floats = gap, received: Floats = received, owed: Floats = owed
        ) -> str:
            due, got = amount(owed[t, 0], gap[t, 0]), amount(received[t, 0], gap[t, 0])
            return f"interest on {name} {day}: issuers owe {due} bn, holders receive {got}"

        scale = np.abs(owed) + np.abs(paid[:, columns]).sum(axis=1, keepdims=True)
        found += find("interest", gap, scale, [item.name], say, dates=ledger.dates)
    return found


def check_net_worth(path: Path) -> list[Violation]:
    """Whom-to-whom totals match the matrices: net worth is assets less liabilities for every sector, and sums to zero."""
    ledger = books(path)
    if ledger is None:
        return []
    claims = ledger.stocks[1:] @ (ledger.holder - ledger.issuer)
    stated = ledger.block([net_worth(s).base for s in ledger.sectors])[1:]
    scale = np.abs(ledger.stocks[1:]) @ (ledger.holder + ledger.issuer)
    gap = np.column_stack([stated - claims, stated.sum(axis=1)])
    scale = np.column_stack([scale, scale.sum(axis=1)])

    def say(t: int, j: int, day: str) -> str:
        if j == len(ledger.sectors):
            return f"net worths do not sum to zero {day} but to {amount(gap[t, j], gap[t, j])} bn"
        figures = f"stated {amount(stated[t, j], gap[t, j])}, from the cells {amount(claims[t, j], gap[t, j])}"
        return f"net worth of {ledger.sectors[j]} is off by {amount(gap[t, j], gap[t, j])} bn {day}: {figures}"

    return find("net_worth", gap, scale + ledger.size[1:], [*ledger.sectors, "all sectors"], say, dates=path.dates)


def check_equity(path: Path) -> list[Violation]:
    """Equity moves by the issuer's retained income and holding gains, and its cells share exactly that."""
    ledger = books(path)
    if ledger is None:
        return []
    found = []
    saved = ledger.amounts @ (ledger.payee - ledger.payer)
    own = np.array([ledger.chart.instrument(c.instrument).valuation is Valuation.EQUITY for c in ledger.cells])
    gained = ledger.revaluations @ ledger.holder - (ledger.revaluations * ~own) @ ledger.issuer
    for item in ledger.chart.instruments:
        if item.valuation is not Valuation.EQUITY:
            continue
        for issuer in issuers(item):
            place = ledger.sectors.index(issuer)
            due = (saved[:, place] + gained[:, place])[:, None]
            cells = [j for j, c in enumerate(ledger.cells) if (c.instrument, c.issuer) == (item.name, issuer)]
            booked = np.column_stack([path[total_revaluation(item.name, issuer).base][1:], ledger.revaluations[:, cells].sum(axis=1)])
            gap = booked - due
            terms = np.abs(ledger.amounts) @ (ledger.payee + ledger.payer)[:, place] + np.abs(ledger.revaluations).sum(axis=1)
            scale = terms[:, None] + ledger.size[1:] + np.zeros_like(gap)

            def say(
                t: int,
                j: int,
                day: str,
                name: str = f"{item.name} of {issuer}",
                gap: Floats = gap,
                booked: Floats = booked,
                due: Floats = due,
            ) -> str:
                what = ("moves", "is shared out")[j]
                stated, right = amount(booked[t, j], gap[t, j]), amount(due[t, 0], gap[t, j])
                return f"{name} {what} by {stated} bn {day}, but retained income and gains are {right}"

            found += find("equity", gap, scale, [total_revaluation(item.name, issuer).base, item.name], say, dates=path.dates)
    return found


def check_secondary(path: Path) -> list[Violation]:
    """Secondary trades in each coupon instrument sum to zero."""
    ledger = books(path)
    if ledger is None:
        return []
    found = []
    for item in ledger.chart.instruments:
        if item.valuation is not Valuation.COUPON:
            continue
        for issuer in issuers(item):
            cells = [c for c in ledger.chart.cells(item.name) if c.issuer == issuer]
            trades = ledger.block([secondary(c).base for c in cells])[1:]
            net = trades.sum(axis=1, keepdims=True)

            def say(t: int, _: int, day: str, name: str = item.name, net: Floats = net) -> str:
                return f"secondary trades in {name} do not clear {day}: purchases exceed sales by {amount(net[t, 0], net[t, 0])} bn"

            held = np.abs(ledger.block([c.key for c in cells])[1:]).sum(axis=1, keepdims=True)
            scale = np.abs(trades).sum(axis=1, keepdims=True) + 1e-2 * held
            found += find("secondary", net, scale, [item.name], say, dates=path.dates)
    return found
