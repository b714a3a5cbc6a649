"""The CFTC's Traders in Financial Futures (TFF), futures only.

Two documented forms (cftc.gov/MarketReports/CommitmentsofTraders/HistoricalCompressed; publicreporting.cftc.gov).

* ``FinFutYY.txt`` in ``fut_fin_txt_2025.zip``: comma-separated with a header of 87 names (``Market_and_Exchange_Names``,
  ``As_of_Date_In_Form_YYMMDD``, ``Report_Date_as_YYYY-MM-DD``, ``CFTC_Contract_Market_Code``, ``Open_Interest_All``,
  ``Dealer_Positions_Long_All`` … ``FutOnly_or_Combined``), padded cells, ``.`` for too few traders to print. The file of 2006-2016 writes
  ``9/9/2014 12:00:00 AM`` under the ISO name of the date column.
* ``resource/gpe5-46if.json`` (futures only): the same in small letters, dates as ``2025-10-28T00:00:00.000``, and no ``_all`` behind the
  positions of asset managers, leveraged funds and other reportables.

Contracts are told by code: names change (``10-YEAR U.S. TREASURY NOTES`` became ``UST 10Y NOTE`` in February 2022), codes do not.
Positions are in contracts as of the report's Tuesday (Monday where Tuesday is a holiday). On each side, dealers, asset managers,
leveraged funds, other reportables and their spreads sum to all reportables, and with the non-reportable to open interest: checked in
every row read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from calibration.sources.findings import Finding, SourceError, fail
from calibration.sources.names import suggestion
from calibration.sources.periods import parse
from calibration.sources.published import Published, collect, number
from calibration.sources.structure import column, json_value, rows_of

PUBLISHER = "CFTC"
DATE, CODE, KIND = "Report_Date_as_YYYY-MM-DD", "CFTC_Contract_Market_Code", "FutOnly_or_Combined"
TRADERS = ("Dealer", "Asset_Mgr", "Lev_Money", "Other_Rept")
SIDES = ("Long", "Short")

# The Treasury contracts by code: name here and face value, USD (the rule books' contract sizes).
CONTRACTS = {
    "042601": ("2y", 200_000.0),
    "044601": ("5y", 100_000.0),
    "043602": ("10y", 100_000.0),
    "043607": ("ultra 10y", 100_000.0),
    "020601": ("bond", 100_000.0),
    "020604": ("ultra bond", 100_000.0),
}
POSITIONS = tuple(f"{who}_Positions_{side}_All" for who in TRADERS for side in (*SIDES, "Spread"))
TOTALS = ("Tot_Rept_Positions_Long_All", "Tot_Rept_Positions_Short_All", "NonRept_Positions_Long_All", "NonRept_Positions_Short_All")
FIELDS = ("Open_Interest_All", *POSITIONS, *TOTALS)
OF_TFF = POSITIONS[0]


def recognises_text(text: str) -> bool:
    """Whether a body is a TFF text file with its header."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    return "Market_and_Exchange_Names" in first and OF_TFF in first


def recognises_json(text: str) -> bool:
    """Whether a body is an answer of the public reporting environment about TFF."""
    head = text[:6000]
    return head.lstrip().startswith("[") and '"cftc_contract_market_code"' in head and '"dealer_positions_long_all"' in head


def read_text(text: str, origin: str) -> tuple[Published, ...]:
    """Positions in the Treasury contracts, identified as ``TFF.042601.Lev_Money_Positions_Long_All``.

    Raises
    ------
    SourceError
        A changed header, options counted in, a row whose categories do not sum to open interest (``identity``).
    """
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    header = [name.strip() for name in lines[0]]
    places = {name: column(header, name, origin) for name in (DATE, CODE, *FIELDS)}
    kind = header.index(KIND) if KIND in header else None
    rows = []
    for line, row in rows_of(lines, 1, len(header), origin):
        if kind is not None and row[kind] not in ("FutOnly", "F"):
            raise fail("transformed", origin, f"line {line}: {KIND} is {row[kind]!r}; take the futures-only file")
        rows.append((f"{origin}, line {line}", {name: row[place] for name, place in places.items()}))
    return series_of(rows, origin)


def read_json(text: str, origin: str) -> tuple[Published, ...]:
    """The same from an answer of the public reporting environment.

    Raises
    ------
    SourceError
        As :func:`read_text`.
    """
    answer = json_value(text, origin)
    if not isinstance(answer, list):
        raise fail("changed columns", origin, "a list of rows is documented")
    rows = []
    for place, item in enumerate(answer):
        where = f"{origin}, row {place + 1}"
        rows.append((where, {name: json_field(item, name, where) for name in (DATE, CODE, *FIELDS)}))
    return series_of(rows, origin)


def json_field(item: Mapping[str, object], name: str, where: str) -> str:
    """A row's field by the text file's name for it.

    Raises
    ------
    SourceError
        Its absence (``changed columns``).
    """
    small = name.lower().replace("-", "_")
    for candidate in (small, small.removesuffix("_all")):
        if candidate in item:
            return str(item[candidate])
    raise fail("changed columns", where, f"no field {small!r}; {suggestion(small, item)}")


def series_of(rows: Sequence[tuple[str, Mapping[str, str]]], origin: str) -> tuple[Published, ...]:
    """The positions of every Treasury contract in the rows."""
    pairs: dict[tuple[str, str], list[tuple[date, float | None]]] = {}
    findings: list[Finding] = []
    for where, row in rows:
        code = row[CODE].strip().strip('"').zfill(6)
        if code not in CONTRACTS:
            continue
        day = parse(row[DATE], where)
        values = {name: number(row[name], where) for name in FIELDS}
        findings += unequal(values, f"{CONTRACTS[code][0]} on {day.isoformat()}, {where}")
        for name, value in values.items():
            pairs.setdefault((code, name), []).append((day, value))
    if findings:
        raise SourceError(findings)
    if not pairs:
        raise fail("changed columns", origin, f"no row of a Treasury contract (codes {', '.join(CONTRACTS)})")
    return tuple(collect(PUBLISHER, f"TFF.{code}.{name}", found, unit="contracts", origin=origin) for (code, name), found in pairs.items())


def unequal(values: Mapping[str, float | None], where: str) -> list[Finding]:
    """A finding for each side of a row whose categories do not sum to the reportable total, or that to open interest."""
    findings = []
    spreads = [f"{who}_Positions_Spread_All" for who in TRADERS]
    for side in SIDES:
        parts = total(values, [*(f"{who}_Positions_{side}_All" for who in TRADERS), *spreads])
        reported = values[f"Tot_Rept_Positions_{side}_All"]
        rest = values[f"NonRept_Positions_{side}_All"]
        interest = values["Open_Interest_All"]
        if parts is not None and reported is not None and parts != reported:
            findings.append(Finding("identity", where, f"{side.lower()} categories sum to {parts:.0f}, reportable total is {reported:.0f}"))
        if reported is not None and rest is not None and interest is not None and reported + rest != interest:
            findings.append(Finding("identity", where, f"{side.lower()} total is {reported + rest:.0f}, open interest {interest:.0f}"))
    return findings


def total(values: Mapping[str, float | None], names: Iterable[str]) -> float | None:
    """The sum of values that are all there."""
    there = [values[name] for name in names]
    return None if any(value is None for value in there) else sum(value for value in there if value is not None)
