"""Treasury International Capital (TIC): foreign holdings of Treasury securities.

Three documented layouts at ticdata.treasury.gov/resource-center/data-chart-center/tic/Documents.

* ``slt_table5.txt``, major foreign holders, billions, the latest 13 months: title lines, a header ``Country<TAB>2026-07<TAB>2026-06…``
  (latest first), a row a country, ``All Other``, ``Grand Total``, ``Of Which: Foreign Official``, ``Of Which: Foreign Official Treasury
  Bills``, ``Of Which: Foreign Official T-Bonds & Notes``, an empty line, notes.
* ``mfhhis01.txt``, the same since 2000 in one block a year: a line of months, a line ``Country<TAB>2025<TAB>2025…``, a rule of dashes,
  a row a country (``"China, Mainland"`` in quotes), ``Grand Total``, ``Of which:``, ``For. Official``, ``Treasury Bills``, ``T-Bonds &
  Notes``. Until 2011 each June stands in two columns where an annual survey broke the series; the later basis is the left one, the
  other *for comparison only*.
* ``slt_table3.txt``, all countries, millions: title lines and a machine-readable header
  ``country<TAB>country_code<TAB>date<TAB>for_treas_pos…``; ``n.a.`` where a cell is suppressed.

``mfh.txt`` (fixed width) stopped in January 2023 and is not read. Countries can end with a footnote mark (``5/``). Officials' bills and
coupons must sum to officials' holdings, and holders to the grand total, within rounding.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from calibration.sources.findings import Finding, SourceError, fail
from calibration.sources.periods import month_end, month_name, parse
from calibration.sources.published import Published, collect, number
from calibration.sources.structure import column, rows_of

PUBLISHER = "TIC"
FOOTNOTE = re.compile(r"\s+\d+/$")
RULE = re.compile(r"-{3,}")
MONTH_COLUMN = re.compile(r"\d{4}-\d{2}")
TABLE3 = ("country", "country_code", "date", "for_treas_pos")
TABLE3_VALUES = ("for_treas_pos", "for_treas_net", "for_lt_treas_pos", "for_lt_treas_net", "for_lt_treas_valchg", "for_st_treas_pos")
TOTAL, OFFICIAL, BILLS, COUPONS = "Grand Total", "Foreign Official", "Foreign Official Bills", "Foreign Official Coupons"
ROWS = {
    "of which: foreign official": OFFICIAL,
    "of which: foreign official treasury bills": BILLS,
    "of which: foreign official t-bonds & notes": COUPONS,
    "for. official": OFFICIAL,
    "treasury bills": BILLS,
    "t-bonds & notes": COUPONS,
    "grand total": TOTAL,
}
TENTH = 0.15
JUNE, LAST_BREAK = 6, 2011
YEARS_OF = re.compile(r"(19|20)\d{2}")


def recognises_table5(text: str) -> bool:
    """Whether a body is SLT table 5."""
    return any(line.split("\t")[0].strip() == "Country" and MONTH_COLUMN.search(line) for line in text[:4000].splitlines())


def recognises_history(text: str) -> bool:
    """Whether a body is the history by years."""
    return any(line.split("\t")[0].strip() == "Country" and YEARS_OF.fullmatch(second(line)) for line in text[:6000].splitlines())


def recognises_table3(text: str) -> bool:
    """Whether a body is SLT table 3."""
    return "country\tcountry_code\tdate\t" in text[:8000].lower()


def second(line: str) -> str:
    """The second cell of a line."""
    cells = line.split("\t")
    return cells[1].strip() if len(cells) > 1 else ""


def holder(cell: str) -> str:
    """A row's holder in the words used here, without quotes and footnote marks."""
    name = FOOTNOTE.sub("", cell.strip().strip('"').strip())
    return ROWS.get(name.lower(), name)


def read_table5(text: str, origin: str) -> tuple[Published, ...]:
    """Holdings by holder, identified as ``holdings.Japan``.

    Raises
    ------
    SourceError
        No header or no grand total (``changed columns``, ``truncated body``), a short row, officials or holders that do not sum.
    """
    lines = text.lstrip("\ufeff").splitlines()
    start = next(place for place, line in enumerate(lines) if line.split("\t")[0].strip() == "Country")
    months = [parse(cell, f"{origin}, header") for cell in lines[start].rstrip("\t").split("\t")[1:]]
    refuse_repeated(months, f"{origin}, header")
    pairs: dict[str, list[tuple[date, float | None]]] = {}
    for place, line in enumerate(lines[start + 1 :], start=start + 2):
        if not line.strip():
            break
        add_row(pairs, line, months, f"{origin}, line {place}")
    return finish(pairs, origin)


def read_history(text: str, origin: str) -> tuple[Published, ...]:
    """The same from the history by years.

    Raises
    ------
    SourceError
        As :func:`read_table5`.
    """
    lines = text.lstrip("\ufeff").splitlines()
    pairs: dict[str, list[tuple[date, float | None]]] = {}
    months: list[date] = []
    for place, line in enumerate(lines):
        cells = [cell.strip() for cell in line.rstrip().split("\t")]
        where = f"{origin}, line {place + 1}"
        if cells[0] == "Country" and YEARS_OF.fullmatch(second(line)):
            names = [cell for cell in lines[place - 1].split("\t") if cell.strip()]
            years = [cell for cell in cells[1:] if cell]
            if len(names) != len(years) or not all(YEARS_OF.fullmatch(year) for year in years):
                raise fail("changed columns", where, f"{len(names)} months above {len(years)} years: {' '.join(years)}")
            months = [month_end(int(year), month_name(name, where)) for name, year in zip(names, years, strict=True)]
            refuse_repeated([month for month in months if not is_break(month)], where)
        elif months and cells[0] and len(cells) > 1 and not RULE.match(cells[1]) and number_like(cells[1]):
            add_row(pairs, line, months, where)
    return finish(pairs, origin)


def is_break(month: date) -> bool:
    """Whether the history by years has two columns of a month: the Junes until 2011, at which annual surveys broke the series."""
    return month.month == JUNE and month.year <= LAST_BREAK


def refuse_repeated(months: Sequence[date], where: str) -> None:
    """Refuse a month in two columns.

    Raises
    ------
    SourceError
        ``duplicated date``.
    """
    twice = sorted({month for month in months if months.count(month) > 1})
    if twice:
        raise fail("duplicated date", where, f"two columns of {', '.join(month.isoformat() for month in twice)}")


def number_like(cell: str) -> bool:
    """Whether a cell holds a number or a mark for a missing one."""
    return bool(re.fullmatch(r"-?[\d,]*\.?\d+|n\.a\.?|\*", cell))


def add_row(pairs: dict[str, list[tuple[date, float | None]]], line: str, months: Sequence[date], where: str) -> None:
    """Add a holder's row to the series so far; of a June's two columns the left one, on the later basis, counts."""
    cells = line.rstrip("\r\n").rstrip("\t").split("\t")
    values = [number(cell, where) for cell in cells[1:]]
    if len(values) != len(months):
        check = "truncated body" if len(values) < len(months) else "changed columns"
        raise fail(check, where, f"{len(values)} values for {len(months)} months")
    seen: set[date] = set()
    for month, value in zip(months, values, strict=True):
        if month not in seen:
            pairs.setdefault(holder(cells[0]), []).append((month, value))
        seen.add(month)


def finish(pairs: dict[str, list[tuple[date, float | None]]], origin: str) -> tuple[Published, ...]:
    """The series of the rows, once they sum."""
    if TOTAL not in pairs:
        raise fail("truncated body", origin, "no row 'Grand Total'")
    series = {name: collect(PUBLISHER, f"holdings.{name}", found, unit="USD bn", origin=origin) for name, found in pairs.items()}
    findings = [*officials(series, origin), *holders(series, origin)]
    if findings:
        raise SourceError(findings)
    return tuple(series.values())


def officials(series: dict[str, Published], origin: str) -> list[Finding]:
    """Findings where officials' bills and coupons do not sum to their holdings."""
    if not all(name in series for name in (OFFICIAL, BILLS, COUPONS)):
        return []
    whole, bills, coupons = (series[name].observations for name in (OFFICIAL, BILLS, COUPONS))
    return [
        Finding("identity", origin, f"{day}: officials' bills {bills[day]} + coupons {coupons[day]} is not {value}")
        for day, value in whole.items()
        if day in bills and day in coupons and abs(bills[day] + coupons[day] - value) > TENTH
    ]


def holders(series: dict[str, Published], origin: str) -> list[Finding]:
    """Findings where the holders do not sum to the grand total; rounding allows a twentieth a holder."""
    names = [name for name in series if name not in (TOTAL, OFFICIAL, BILLS, COUPONS)]
    findings = []
    for day, whole in series[TOTAL].observations.items():
        parts = [series[name].observations[day] for name in names if day in series[name].observations]
        if "All Other" in names and day in series["All Other"].observations and abs(sum(parts) - whole) > 0.05 * (len(parts) + 1) + 1e-9:
            findings.append(Finding("identity", origin, f"{day}: {len(parts)} holders sum to {sum(parts):.1f}, grand total is {whole}"))
    return findings


def read_table3(text: str, origin: str) -> tuple[Published, ...]:
    """Holdings and net sales by country code, identified as ``slt3.99996.for_treas_pos``, in millions.

    Raises
    ------
    SourceError
        A changed header, a short row, a cell that cannot be read.
    """
    lines = [line.split("\t") for line in text.lstrip("\ufeff").splitlines()]
    heads = [place for place, cells in enumerate(lines) if [cell.strip().lower() for cell in cells[:2]] == list(TABLE3[:2])]
    if len(heads) != 1:
        raise fail("changed columns", origin, f"{len(heads)} lines start with {' and '.join(TABLE3[:2])}; documented: one")
    start = heads[0]
    header = [cell.strip().lower() for cell in lines[start]]
    code, day = column(header, "country_code", origin), column(header, "date", origin)
    places = {name: column(header, name, origin) for name in TABLE3_VALUES if name in header or name == TABLE3[-1]}
    body = lines[start + 1 :]
    end = next((place for place, cells in enumerate(body) if not "".join(cells).strip() or cells[0].startswith("Notes")), len(body))
    pairs: dict[tuple[str, str], list[tuple[date, float | None]]] = {}
    for line, row in rows_of(body[:end], 0, len(header), origin):
        where = f"{origin}, line {start + 1 + line}"
        when = parse(row[day], where)
        for name, place in places.items():
            pairs.setdefault((row[code], name), []).append((when, number(row[place], where)))
    return tuple(collect(PUBLISHER, f"slt3.{who}.{name}", found, unit="USD mn", origin=origin) for (who, name), found in pairs.items())
