"""The five laws that any result folder obeys, checked from its files alone, to a millionth of a billion dollars.

(a) value = value(-1) + transaction + revaluation in every cell; (b) for every sector and period, payments received less paid =
acquisitions of claims less own claims issued; (c) totals in path.csv are the sums of the cells; (d) interest paid is
rate(-1)·stock(-1)·dt, coupons annual coupon(-1)·dt; (e) notes and bonds are worth (C·dt + a'N)/(y·dt + a') at the path's yields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from dollarflow.results.books import Books, Floats, Key
from dollarflow.results.findings import Finding
from dollarflow.results.schema import COUPON, HOLDINGS, INTEREST, PATH, PAYMENT_KINDS, PAYMENTS, REVALUATIONS, TRANSACTIONS, line_of

TOLERANCE = 1e-6

Law = Callable[[Books], Iterator[Finding]]


def check_forms(books: Books) -> Iterator[Finding]:
    """Periods, dates and numbers of every file can be read, and every cell has a row in every period."""
    path = books.sheets[PATH]
    for i, field in enumerate(path.columns.get("period", [])):
        if field != str(i):
            yield Finding(PATH, line_of(i), "period", f"{field!r}, expected {i}")
    for name in path.header[2:]:
        found, _ = path.numbers(name, empty=True)
        for row in np.flatnonzero(~np.isfinite(found)).tolist():
            field = path.columns[name][row]
            if row or field:
                yield Finding(PATH, line_of(row), name, f"{field!r} is not a number")
    for table in (books.holdings, books.transactions, books.revaluations):
        yield from table.findings
        first = 0 if table.name == HOLDINGS else 1
        for period, k in np.argwhere(table.lines[first:] == 0):
            yield Finding(table.name, 0, "", f"no row for {_cell(table.keys[k])} in period {period + first}")
    yield from books.payments.findings


def check_accumulation(books: Books) -> Iterator[Finding]:
    """(a) Every cell's value moves by its transaction and its revaluation, and par instruments never revalue."""
    held = books.holdings
    values, moved = held.figures["value"], books.transactions.aligned("amount", held.keys)
    revalued = books.revaluations.aligned("amount", held.keys)
    gap = np.diff(values, axis=0) - (moved + revalued)[1:]
    for period, k in _off(gap):
        t = period + 1
        yield Finding(
            HOLDINGS,
            int(held.lines[t, k]),
            "value",
            f"{_cell(held.keys[k])} is {values[t, k]:.6f}; the last value {values[t - 1, k]:.6f} + transaction {moved[t, k]:.6f}"
            f" + revaluation {revalued[t, k]:.6f} leaves {gap[period, k]:+.6g} bn",
            f"values in period {t} ({_date(books, t)}) are not the last ones + transactions + revaluations",
        )
    table = books.revaluations
    for k, key in enumerate(table.keys):
        entry = books.manifest.accounts.instruments.get(key[0])
        if entry is not None and entry.valuation == "par":
            for t in np.flatnonzero(np.nan_to_num(table.figures["amount"][:, k]) != 0.0).tolist():
                line = int(table.lines[t, k])
                yield Finding(REVALUATIONS, line, "amount", f"{key[0]} is a par instrument and cannot be revalued")
    for table in (books.transactions, books.revaluations):
        for key in table.keys:
            if key not in held.at:
                yield Finding(table.name, int(table.lines[:, table.at[key]].max()), "", f"{_cell(key)} is no cell of {HOLDINGS}")


def check_budgets(books: Books) -> Iterator[Finding]:
    """(b) What a sector receives less what it pays is what it acquires less what it issues."""
    sectors = books.manifest.accounts.sectors
    number = {name: j for j, name in enumerate(sectors)}
    gap = np.zeros((books.periods + 1, len(sectors)))
    payments = books.payments
    for i, (kind, _, payer, payee) in enumerate(payments.rows):
        if kind not in PAYMENT_KINDS:
            yield Finding(PAYMENTS, line_of(i), "kind", f"{kind!r} is not one of {', '.join(PAYMENT_KINDS)}")
        if payments.amounts[i] < 0:
            yield Finding(PAYMENTS, line_of(i), "amount", f"{float(payments.amounts[i])!r} is negative")
        for column, sector in (("payer", payer), ("payee", payee)):
            if sector not in number:
                yield Finding(PAYMENTS, line_of(i), column, f"{sector!r} is not one of the sectors {', '.join(sectors)}")
    usable = payments.periods >= 0
    for position, sign in ((3, 1.0), (2, -1.0)):
        codes = np.array([number.get(row[position], -1) for row in payments.rows], dtype=np.int64)
        chosen = usable & (codes >= 0)
        np.add.at(gap, (payments.periods[chosen], codes[chosen]), sign * payments.amounts[chosen])
    bought = books.transactions
    amounts = np.nan_to_num(bought.figures["amount"])
    for k, (_, issuer, holder) in enumerate(bought.keys):
        if holder in number:
            gap[:, number[holder]] -= amounts[:, k]
        if issuer in number:
            gap[:, number[issuer]] += amounts[:, k]
    for period, j in _off(gap):
        yield Finding(
            TRANSACTIONS,
            0,
            "",
            f"{sectors[j]} in period {period} ({_date(books, period)}): payments received less paid exceed acquisitions less issues by"
            f" {gap[period, j]:.6g} bn",
            f"budgets do not close in period {period} ({_date(books, period)})",
        )


def check_totals(books: Books) -> Iterator[Finding]:
    """(c) An instrument's total in path.csv is the sum of its cells, and a cell's own column is its figure."""
    held = books.holdings
    instruments = np.array([key[0] for key in held.keys])
    for name, entry in books.manifest.accounts.instruments.items():
        mine = instruments == name
        if not mine.any():
            yield Finding(HOLDINGS, 0, "instrument", f"no row for {name}")
            continue
        parts = {"": "value"} if entry.valuation != "coupon" else {"": "value", "__face": "face", "__coupon": "coupon"}
        for ending, column in parts.items():
            sums = held.figures[column][:, mine].sum(axis=1)
            yield from _compare(books, name + ending, sums, f"the cells' {column} in {HOLDINGS} sum to", required=not ending)
            for k in np.flatnonzero(mine).tolist():
                own = "__".join(held.keys[k]) + ending
                yield from _compare(books, own, held.figures[column][:, k], f"{HOLDINGS} has", required=False)
    for name in sorted(set(instruments) - set(books.manifest.accounts.instruments)):
        yield Finding(HOLDINGS, 0, "instrument", f"{name!r} is not an instrument of the manifest")
    for table, ending in ((books.transactions, "__tr"), (books.revaluations, "__rv")):
        for k, key in enumerate(table.keys):
            yield from _compare(books, "__".join(key) + ending, table.figures["amount"][:, k], f"{table.name} has", required=False, first=1)


def check_interest(books: Books) -> Iterator[Finding]:
    """(d) Interest is rate(-1)·value(-1)·dt and a coupon payment is coupon(-1)·dt, cell by cell."""
    held = books.holdings
    paid = np.zeros_like(held.figures["value"])
    lines = np.zeros(paid.shape, dtype=np.int64)
    for i, (kind, instrument, payer, payee) in enumerate(books.payments.rows):
        if kind not in (INTEREST, COUPON):
            continue
        when = int(books.payments.periods[i])
        straight, swapped = (instrument, payer, payee), (instrument, payee, payer)
        if straight not in held.at and swapped not in held.at:
            yield Finding(
                PAYMENTS, line_of(i), "instrument", f"{kind} on {instrument!r} from {payer} to {payee}, who hold none of each other's"
            )
        elif when >= 0:
            k = held.at.get(straight, held.at.get(swapped, 0))
            paid[when, k] += books.payments.amounts[i] if straight in held.at else -books.payments.amounts[i]
            lines[when, k] = line_of(i)
    years = books.period_length
    for k, key in enumerate(held.keys):
        entry = books.manifest.accounts.instruments.get(key[0])
        if entry is None:
            continue
        if entry.valuation == "coupon":
            due, why = held.figures["coupon"][:-1, k] * years[1:], "annual coupon(-1) × dt"
        else:
            name = entry.rates.get(f"{key[1]} {key[2]}", entry.rate)
            rate = np.zeros(books.periods + 1) if name is None else books.path(name)
            if rate is None:
                yield Finding(PATH, 1, str(name), f"the rate that {key[0]} pays is not a column")
                continue
            due, why = rate[:-1] * held.figures["value"][:-1, k] * years[1:], f"{name}(-1) × value(-1) × dt"
        gap = paid[1:, k] - due
        for (period,) in _off(gap):
            t = int(period) + 1
            yield Finding(
                PAYMENTS,
                int(lines[t, k]),
                "amount",
                f"interest on {_cell(key)} in period {t} ({_date(books, t)}) is {paid[t, k]:.9g} bn, {why} is {due[period]:.9g} bn",
                f"interest in period {t} ({_date(books, t)}) is not rate × stock × dt",
            )


def check_coupon_values(books: Books) -> Iterator[Finding]:
    """(e) A bundle of face N and annual coupon C is worth (C·dt + a'N)/(y·dt + a'), a' = 1 − exp(−a·dt)."""
    held = books.holdings
    years = books.period_length
    for k, key in enumerate(held.keys):
        entry = books.manifest.accounts.instruments.get(key[0])
        if entry is None or entry.valuation != "coupon":
            continue
        price_yield = books.path(entry.price_yield or "")
        rate = books.parameter(entry.amortisation or "")
        if price_yield is None or not np.isfinite(rate).all():
            yield Finding(PATH, 1, entry.price_yield or "", f"the yield or the amortisation rate of {key[0]} is missing")
            continue
        repaid = -np.expm1(-rate * years)
        worth = (held.figures["coupon"][:, k] * years + repaid * held.figures["face"][:, k]) / (price_yield * years + repaid)
        gap = held.figures["value"][:, k] - worth
        for (period,) in _off(gap):
            t = int(period)
            yield Finding(
                HOLDINGS,
                int(held.lines[t, k]),
                "value",
                f"{_cell(key)} in period {t} ({_date(books, t)}) is {held.figures['value'][t, k]:.9g} bn, face and coupon at"
                f" {entry.price_yield} = {price_yield[t]:.6g} are worth {worth[t]:.9g} bn",
                f"{key[0]} in period {t} ({_date(books, t)}) are not worth what their face and coupon are at {entry.price_yield}",
            )


LAWS: tuple[Law, ...] = (check_forms, check_accumulation, check_budgets, check_totals, check_interest, check_coupon_values)


def _off(gap: Floats) -> list[list[int]]:
    """Places where a gap exceeds the tolerance or is no number."""
    found: list[list[int]] = np.argwhere(~(np.abs(gap) <= TOLERANCE)).tolist()
    return found


def _cell(key: Key) -> str:
    return f"{key[0]} of {key[1]} held by {key[2]}"


def _date(books: Books, period: int) -> str:
    return books.dates[period] if period < len(books.dates) else "undated"


def _compare(books: Books, name: str, figures: Floats, says: str, *, required: bool, first: int = 0) -> Iterator[Finding]:
    """Findings where a column of path.csv differs from figures of another file."""
    own = books.path(name)
    if own is None:
        if required:
            yield Finding(PATH, 1, name, "the column is missing")
        return
    for (period,) in _off((own - figures)[first:]):
        t = int(period) + first
        yield Finding(PATH, line_of(t), name, f"{float(own[t])!r}, {says} {float(figures[t])!r}", f"{name} is not what {says}")
