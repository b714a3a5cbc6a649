"""The Treasury's FiscalData API: public debt, its classes and rates, operating cash, monthly statement.

Documented at fiscaldata.treasury.gov/api-documentation. Every answer is ``{"data": […], "meta": {…}, "links": {…}}``; all values are
strings, ``null`` (the word) where there is none. ``meta`` has ``count`` (rows of this page), ``labels``, ``dataTypes``, ``dataFormats``,
``total-count`` and ``total-pages``; ``links.next`` is the query of the next page (``&page%5Bnumber%5D=2&page%5Bsize%5D=100``) or null. With
``format=csv`` the header is the field names; the website's CSV has the labels instead (those of MSPD table 1 are documented, the
others follow its download page). The data set is told by its fields:

=========================  =============================================  ==========================================================
data set                   endpoint                                       fields used
=========================  =============================================  ==========================================================
debt to the penny          v2/accounting/od/debt_to_penny                 debt_held_public_amt + intragov_hold_amt = tot_pub_debt_out_amt
MSPD table 1               v1/debt/mspd/mspd_table_1                      security_type_desc, security_class_desc, total_mil_amt
average interest rates     v2/accounting/od/avg_interest_rates            security_type_desc, security_desc, avg_interest_rate_amt
operating cash (DTS)       v1/accounting/dts/operating_cash_balance       account_type, open_today_bal, close_today_bal
monthly statement table 1  v1/accounting/mts/mts_table_1                  classification_desc, current_month_gross_rcpt_amt, …_outly_amt
=========================  =============================================  ==========================================================

Quirks that change numbers: the closing cash balance is ``close_today_bal`` of *Federal Reserve Account* until 30 September 2021, of
*Treasury General Account (TGA)* until 15 April 2022, and ``open_today_bal`` of *Treasury General Account (TGA) Closing Balance* since.
Each month's statement lists the months of the prior and of the current fiscal year: the month that it reports is the last row of that
month's name. ``current_month_dfct_sur_amt`` is positive for a deficit. Cash is in millions; debt and the statement in dollars; MSPD in
millions.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from calibration.sources.findings import Finding, SourceError, fail
from calibration.sources.periods import MONTHS, parse
from calibration.sources.published import Published, collect, number
from calibration.sources.structure import column, field, items, json_object, rows_of

PUBLISHER = "Treasury"
Row = Mapping[str, Any]
Pairs = dict[str, list[tuple[date, float | None]]]
LABELS = {
    "Record Date": "record_date",
    "Security Type Description": "security_type_desc",
    "Security Class Description": "security_class_desc",
    "Debt Held by the Public (in Millions)": "debt_held_public_mil_amt",
    "Intragovernmental Holdings (in Millions)": "intragov_hold_mil_amt",
    "Total Public Debt Outstanding (in Millions)": "total_mil_amt",
    "Debt Held by the Public": "debt_held_public_amt",
    "Intragovernmental Holdings": "intragov_hold_amt",
    "Total Public Debt Outstanding": "tot_pub_debt_out_amt",
    "Security Description": "security_desc",
    "Average Interest Rate Amount": "avg_interest_rate_amt",
    "Type of Account": "account_type",
    "Closing Balance Today": "close_today_bal",
    "Opening Balance Today": "open_today_bal",
    "Classification Description": "classification_desc",
    "Current Month Gross Receipts Amount": "current_month_gross_rcpt_amt",
    "Current Month Gross Outlay Amount": "current_month_gross_outly_amt",
    "Current Month Deficit Surplus Amount": "current_month_dfct_sur_amt",
    "Source Line Number": "src_line_nbr",
}
CASH_CLOSING = {
    "Federal Reserve Account": "close_today_bal",
    "Treasury General Account (TGA)": "close_today_bal",
    "Treasury General Account (TGA) Closing Balance": "open_today_bal",
}
DOLLAR, MILLION_PART = 0.011, 0.01


@dataclass(frozen=True)
class DataSet:
    """A FiscalData set: the fields that tell it, and how its rows become series in a unit."""

    name: str
    fields: tuple[str, ...]
    unit: str
    read: Callable[[Sequence[Row], str], tuple[Pairs, list[Finding]]]


def amount(row: Row, name: str, where: str) -> float | None:
    """A row's number."""
    return number(field(row, name, where), f"{where}, {name}")


def day_of(row: Row, where: str) -> date:
    """A row's record date."""
    return parse(str(field(row, "record_date", where)), where)


def read_debt(rows: Sequence[Row], origin: str) -> tuple[Pairs, list[Finding]]:
    """Debt by holder; the parts must sum to the total."""
    names = ("debt_held_public_amt", "intragov_hold_amt", "tot_pub_debt_out_amt")
    pairs: Pairs = {name: [] for name in names}
    findings = []
    for place, row in enumerate(rows):
        where = f"{origin}, row {place + 1}"
        day = day_of(row, where)
        values = [amount(row, name, where) for name in names]
        for name, value in zip(names, values, strict=True):
            pairs[name].append((day, value))
        public, inside, whole = values
        if public is not None and inside is not None and whole is not None and abs(public + inside - whole) > DOLLAR:
            findings.append(Finding("identity", where, f"{day}: public {public:.2f} + intragovernmental {inside:.2f} is not {whole:.2f}"))
    return {f"debt_to_penny.{name}": found for name, found in pairs.items()}, findings


def read_mspd(rows: Sequence[Row], origin: str) -> tuple[Pairs, list[Finding]]:
    """Debt by class; holders must sum to each class and marketable classes to total marketable."""
    pairs: Pairs = {}
    findings = []
    sums: dict[date, float] = {}
    totals: dict[date, float] = {}
    for place, row in enumerate(rows):
        where = f"{origin}, row {place + 1}"
        day, whole = day_of(row, where), amount(row, "total_mil_amt", where)
        kind = str(field(row, "security_type_desc", where)).strip()
        part = str(field(row, "security_class_desc", where)).strip()
        public, inside = amount(row, "debt_held_public_mil_amt", where), amount(row, "intragov_hold_mil_amt", where)
        name = kind if part in ("_", "null", "", kind) else f"{kind}.{part}"
        pairs.setdefault(f"mspd_table_1.{name}", []).append((day, whole))
        if whole is None:
            continue
        if public is not None and inside is not None and abs(public + inside - whole) > MILLION_PART:
            findings.append(Finding("identity", where, f"{day}, {name}: public {public} + intragovernmental {inside} is not {whole}"))
        if kind == "Marketable":
            sums[day] = sums.get(day, 0.0) + whole
        elif kind == "Total Marketable":
            totals[day] = whole
    for day, whole in totals.items():
        if day in sums and abs(sums[day] - whole) > MILLION_PART:
            findings.append(
                Finding("identity", origin, f"{day}: marketable classes sum to {sums[day]:.4f} mn, total marketable is {whole:.4f}")
            )
    return pairs, findings


def read_rates(rows: Sequence[Row], origin: str) -> tuple[Pairs, list[Finding]]:
    """Average interest rates by class."""
    pairs: Pairs = {}
    for place, row in enumerate(rows):
        where = f"{origin}, row {place + 1}"
        name = str(field(row, "security_desc", where)).strip().replace("TotalMarketable", "Total Marketable")
        pairs.setdefault(f"avg_interest_rates.{name}", []).append((day_of(row, where), amount(row, "avg_interest_rate_amt", where)))
    return pairs, []


def read_cash(rows: Sequence[Row], origin: str) -> tuple[Pairs, list[Finding]]:
    """The Treasury's closing balance at the Fed, whatever the statement of the time calls it."""
    pairs: list[tuple[date, float | None]] = []
    for place, row in enumerate(rows):
        where = f"{origin}, row {place + 1}"
        closing = CASH_CLOSING.get(str(field(row, "account_type", where)).strip())
        if closing is not None:
            pairs.append((day_of(row, where), amount(row, closing, where)))
    return {"operating_cash_balance.closing": pairs}, []


def read_statement(rows: Sequence[Row], origin: str) -> tuple[Pairs, list[Finding]]:
    """Receipts, outlays and deficit of the month that each statement reports; outlays less receipts must be the deficit."""
    last: dict[date, tuple[float, int, Row]] = {}
    for place, row in enumerate(rows):
        where = f"{origin}, row {place + 1}"
        day = day_of(row, where)
        if str(field(row, "classification_desc", where)).strip()[:3].capitalize() != MONTHS[day.month - 1]:
            continue
        line = number(row.get("src_line_nbr"), where) or float(place)
        if day not in last or line > last[day][0]:
            last[day] = (line, place, row)
    names = {
        "receipts": "current_month_gross_rcpt_amt",
        "outlays": "current_month_gross_outly_amt",
        "deficit": "current_month_dfct_sur_amt",
    }
    pairs: Pairs = {f"mts_table_1.{name}": [] for name in names}
    findings = []
    for day, (_, place, row) in sorted(last.items()):
        where = f"{origin}, row {place + 1}"
        values = {name: amount(row, source, where) for name, source in names.items()}
        for name, value in values.items():
            pairs[f"mts_table_1.{name}"].append((day, value))
        given, paid, gap = values["receipts"], values["outlays"], values["deficit"]
        if given is not None and paid is not None and gap is not None and abs(paid - given - gap) > DOLLAR:
            findings.append(Finding("identity", where, f"{day}: outlays {paid:.2f} - receipts {given:.2f} is not the deficit {gap:.2f}"))
    return pairs, findings


DATA_SETS = (
    DataSet("mspd_table_1", ("security_class_desc", "total_mil_amt"), "USD mn", read_mspd),
    DataSet("debt_to_penny", ("tot_pub_debt_out_amt",), "USD", read_debt),
    DataSet("avg_interest_rates", ("security_desc", "avg_interest_rate_amt"), "percent", read_rates),
    DataSet("operating_cash_balance", ("account_type", "open_today_bal", "close_today_bal"), "USD mn", read_cash),
    DataSet("mts_table_1", ("classification_desc", "current_month_gross_rcpt_amt"), "USD", read_statement),
)


def recognises_json(text: str) -> bool:
    """Whether a body is an answer of the API about one of the data sets."""
    return text.lstrip().startswith("{") and '"data"' in text[:200] and '"record_date"' in text


def recognises_csv(text: str) -> bool:
    """Whether a body is one of the data sets as CSV, by field names or by labels."""
    first = text.lstrip("\ufeff").split("\n", 1)[0].replace('"', "").strip()
    return first.startswith(("record_date,", "Record Date,"))


def read_json(text: str, origin: str) -> tuple[Published, ...]:
    """The series of an answer that is complete in one page.

    Raises
    ------
    SourceError
        A refusal, further pages, a changed field, an identity that does not hold.
    """
    return read_pages([text], origin)


def read_pages(texts: Sequence[str], origin: str) -> tuple[Published, ...]:
    """The series of an answer in all of its pages, in order.

    Raises
    ------
    SourceError
        A page that is absent or counted otherwise (``missing pages``), or as :func:`read_json`.
    """
    rows: list[Row] = []
    whole = pages = 0
    for place, text in enumerate(texts):
        where = origin if len(texts) == 1 else f"{origin}, page {place + 1}"
        answer = json_object(text, where)
        if "error" in answer:
            raise fail("wrong content", where, f"the Treasury refused: {answer['error']} {answer.get('message', '')}".rstrip())
        found = items(answer, "data", where)
        meta = field(answer, "meta", where)
        if not isinstance(meta, dict):
            raise fail("changed columns", where, "'meta' is no object")
        if meta.get("count", len(found)) != len(found):
            raise fail("truncated body", where, f"{len(found)} rows, meta.count says {meta.get('count')}")
        total, of = int(meta.get("total-count", len(found))), int(meta.get("total-pages", 1))
        if place and (total, of) != (whole, pages):
            raise fail("missing pages", where, f"the answer changed between pages: {whole} rows, then {total}; fetch it again")
        whole, pages = total, of
        rows += found
    if len(rows) != whole:
        raise fail("missing pages", origin, f"{len(rows)} of {whole} rows: {len(texts)} of {pages} pages; ask for page[size]=10000")
    return read_rows(rows, origin)


def read_csv(text: str, origin: str) -> tuple[Published, ...]:
    """The series of a CSV, by field names or by labels.

    Raises
    ------
    SourceError
        As :func:`read_json`.
    """
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    header = [LABELS.get(name.strip(), name.strip()) for name in lines[0]]
    column(header, "record_date", origin)
    return read_rows([dict(zip(header, row, strict=True)) for _, row in rows_of(lines, 1, len(header), origin)], origin)


def read_rows(rows: Sequence[Row], origin: str) -> tuple[Published, ...]:
    """The series of rows, by the data set that their fields tell.

    Raises
    ------
    SourceError
        No row, fields of no data set (``changed columns``), an identity that does not hold.
    """
    if not rows:
        raise fail("truncated body", origin, "no rows")
    for data_set in DATA_SETS:
        if all(name in rows[0] for name in data_set.fields):
            pairs, findings = data_set.read(rows, origin)
            if findings:
                raise SourceError(findings)
            return tuple(
                collect(PUBLISHER, name, found, unit=data_set.unit, origin=origin) for name, found in sorted(pairs.items()) if found
            )
    sets = "; ".join(f"{item.name}: {', '.join(item.fields)}" for item in DATA_SETS)
    raise fail("changed columns", origin, f"fields of no known data set ({', '.join(rows[0])}); known: {sets}")
