"""Every format over HTTP: fetched from a local server, read to the numbers that it was given, and refused when cut short or absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from calibration.sources import Cache, Downloader, Patience, Published, Request, SourceError, catalogue, fetch
from calibration.sources.addresses import requests_of
from calibration.sources.library import read_cached
from tests.sources import layouts
from tests.sources.server import Publisher, Reply

WEDNESDAYS = [date(2025, 10, 22), date(2025, 10, 29)]
START, END = date(2025, 10, 1), date(2025, 10, 31)
BOARD = "/datadownload/Output.aspx"


@dataclass(frozen=True)
class Served:
    """A body at a path, what is asked for (a name of the catalogue, a publisher's identifier, or an address), and what comes back."""

    path: str
    body: str
    content_type: str
    asked: str | tuple[str, str] | Request
    values: Mapping[tuple[str, date], float]


def board(series: Mapping[str, list[str]], unit: str, multiplier: str, currency: str) -> str:
    days = [day.isoformat() for day in WEDNESDAYS]
    return layouts.board_download(series, days, unit=unit, multiplier=multiplier, currency=currency)


RATE = {"record_date": "2025-10-31", "security_type_desc": "Marketable", "security_desc": "Treasury Notes", "avg_interest_rate_amt": "3.12"}
CLOSING = "Treasury General Account (TGA) Closing Balance"
TABLE3 = "Japan\t42609\t2025-10\t1200500\t890\t1130000\t760\t-12120\t70500\t130"
GRAPH = layouts.fred_graph(["SOFR", "WALCL"], [("2025-10-28", "4.31", ""), ("2025-10-29", "4.27", "6587034")])
Z1 = layouts.z1_table({"FL633061105.Q": ["3232354.00", "3517812.00"]}, ["2025:Q3", "2025:Q4"])
MONTH = date(2025, 10, 31)
SERVED = {
    "H.4.1": Served(
        BOARD,
        board({"H41/H41/RESPPALGUOB_N.WW": ["195293", "195493"]}, "Currency", "1000000", "USD"),
        "text/csv",
        "fed_bills",
        {("H41/H41/RESPPALGUOB_N.WW", WEDNESDAYS[1]): 195493.0},
    ),
    "H.15": Served(
        BOARD,
        board({"H15/H15/RIFLGFCY10_N.B": ["3.97", "4.08"]}, "Percent:_Per_Year", "1", "NA"),
        "text/csv",
        ("Federal Reserve Board", "H15/H15/RIFLGFCY10_N.B"),
        {("H15/H15/RIFLGFCY10_N.B", WEDNESDAYS[0]): 3.97},
    ),
    "Z.1": Served(
        "/l210.csv", Z1, "text/csv", Request("Board/l210.csv", "/l210.csv", "csv"), {("Z1/Z1/FL633061105.Q", date(2025, 12, 31)): 3517812.0}
    ),
    "fredgraph": Served(
        "/graph/fredgraph.csv",
        GRAPH,
        "application/csv",
        Request("FRED/fredgraph.csv", "/graph/fredgraph.csv?id=SOFR,WALCL", "csv"),
        {("SOFR", WEDNESDAYS[1]): 4.27, ("WALCL", WEDNESDAYS[1]): 6587034.0},
    ),
    "MSPD": Served(
        "/v1/debt/mspd/mspd_table_1",
        layouts.fiscal(layouts.mspd_rows(MONTH, {"Bills": 6500000.25, "Notes": 15400000.0})),
        "application/json",
        "bills",
        {("mspd_table_1.Marketable.Bills", MONTH): 6500000.25, ("mspd_table_1.Total Marketable", MONTH): 21900000.25},
    ),
    "DTS": Served(
        "/v1/accounting/dts/operating_cash_balance",
        layouts.fiscal([layouts.cash_row(day, CLOSING, "983859") for day in WEDNESDAYS]),
        "application/json",
        "tga_day",
        {("operating_cash_balance.closing", WEDNESDAYS[1]): 983859.0},
    ),
    "MTS": Served(
        "/v1/accounting/mts/mts_table_1",
        layouts.fiscal(layouts.statement_rows(MONTH, [("October", 404.4e9, 688.7e9)], 5)),
        "application/json",
        "mts_receipts",
        {("mts_table_1.receipts", MONTH): 404.4e9, ("mts_table_1.deficit", MONTH): 284.3e9},
    ),
    "average rates": Served(
        "/v2/accounting/od/avg_interest_rates",
        layouts.fiscal([RATE]),
        "application/json",
        "rate_notes",
        {("avg_interest_rates.Treasury Notes", MONTH): 3.12},
    ),
    "TIC table 3": Served(
        "/slt_table3.txt",
        layouts.table3([TABLE3]),
        "text/plain",
        ("TIC", "slt3.42609.for_treas_pos"),
        {("slt3.42609.for_treas_pos", MONTH): 1200500.0},
    ),
}


@pytest.fixture
def online(tmp_path: Path) -> Downloader:
    pauses: list[float] = []
    return Downloader(Cache(tmp_path), online=True, patience=Patience(connect=2, read=1, tries=2), sleep=pauses.append)


def got(item: Served, server: Publisher, online: Downloader) -> Iterable[Published]:
    """What comes back."""
    known = catalogue()
    if isinstance(item.asked, str):
        bases = dict.fromkeys(known.publishers, server.address)
        return fetch([item.asked], START, END, online, bases=bases).series
    if isinstance(item.asked, Request):
        requests = [replace(item.asked, address=server.address + item.asked.address)]
    else:
        requests = requests_of(known.entry(*item.asked), known.publishers[item.asked[0]], server.address, START, END)
    return [series for request in requests for series in read_cached(request, online.get(request))]


def served(item: Served, server: Publisher, **changed: int) -> bytes:
    body = item.body.encode()
    server.serve(item.path, replace(Reply(body, content_type=item.content_type), **changed))  # type: ignore[arg-type]
    return body


@pytest.mark.parametrize("name", SERVED)
def test_every_format_comes_back_as_it_was_served(name: str, server: Publisher, online: Downloader) -> None:
    item = SERVED[name]
    body = served(item, server)
    found = {series.series: series for series in got(item, server, online)}
    for (series, day), value in item.values.items():
        assert found[series].observations[day] == value
    (kept,) = [path for path in online.cache.root.rglob("*") if path.is_file() and path.read_bytes() == body]
    assert kept.stat().st_size == len(body)
    assert [request.path for request in server.asked] == [item.path]


@pytest.mark.parametrize("name", SERVED)
def test_every_format_cut_short_or_absent_is_refused(name: str, server: Publisher, online: Downloader) -> None:
    item = SERVED[name]
    served(item, server, cut=len(item.body) // 2)
    with pytest.raises(SourceError, match="truncated body"):
        got(item, server, online)
    served(item, server, status=404)
    with pytest.raises(SourceError, match="status 404"):
        got(item, server, online)
    assert online.cache.names() == ()
