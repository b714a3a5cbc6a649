"""Addresses: what to ask each publisher for, by the catalogue's series.

The addresses are those of the publishers' documentation named in the readers. Two publishers are asked for files that hold many
series: Data Download packages are known by a code (those of H.15's constant maturities and of H.4.1's table 5 are; other
releases are downloaded by hand), the CFTC's are one archive a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from calibration.sources.catalogue import Catalogue, catalogue
from calibration.sources.download import Request
from calibration.sources.entries import Entry, Publisher
from calibration.sources.findings import fail
from calibration.sources.readers import cftc, fiscal, fred, newyork, ofr, tic

SECURED = ("SOFR", "BGCR", "TGCR")
PACKAGES = {"H15": "bf17364827e38702b42a58cf8eaa3f78", "H41": "ccfdc0c8cb86be87af324da79a6f8826"}
ENDPOINTS = {
    "debt_to_penny": "v2/accounting/od/debt_to_penny",
    "avg_interest_rates": "v2/accounting/od/avg_interest_rates",
    "mspd_table_1": "v1/debt/mspd/mspd_table_1",
    "operating_cash_balance": "v1/accounting/dts/operating_cash_balance",
    "mts_table_1": "v1/accounting/mts/mts_table_1",
}
PAGE = 10_000
SAFE = "[]:,*$"


def query(**parameters: str | int) -> str:
    """A query string; names are given with ``_of_`` for brackets, as ``page_of_size``."""
    pairs = [(name.replace("_of_", "[") + ("]" if "_of_" in name else ""), str(value)) for name, value in parameters.items()]
    return urlencode(pairs, safe=SAFE)


def requests(
    names: Sequence[str], start: date, end: date, *, known: Catalogue | None = None, bases: Mapping[str, str] | None = None
) -> tuple[Request, ...]:
    """What to fetch for series of the catalogue, from the preferred publisher of each; a file with several is asked for once.

    Parameters
    ----------
    names
        Series by the catalogue's names.
    start, end
        First and last day wanted; files that hold everything ignore them.
    known
        The catalogue.
    bases
        Other addresses by publisher, in place of the catalogue's.

    Raises
    ------
    SourceError
        An unknown series, or one whose file has to be downloaded by hand.
    """
    known = known or catalogue()
    found: dict[str, Request] = {}
    for name in names:
        entries = known.named(name)
        for entry in (item for item in entries if item.copy == entries[0].copy):
            publisher = known.publishers[entry.publisher]
            base = (bases or {}).get(entry.publisher, publisher.address).rstrip("/")
            for request in requests_of(entry, publisher, base, start, end):
                found.setdefault(request.name, request)
    return tuple(found.values())


def requests_of(entry: Entry, publisher: Publisher, base: str, start: date, end: date) -> list[Request]:
    """What to fetch for one series.

    Raises
    ------
    SourceError
        A file that has to be downloaded by hand.
    """
    first, last = start.isoformat(), end.isoformat()
    if entry.publisher == fred.PUBLISHER:
        asked = query(series_id=entry.series, file_type="json", observation_start=first, observation_end=last, limit=100000)
        address = f"{base}/fred/series/observations?{asked}"
        return [Request(f"FRED/{entry.series}.json", address, "json", publisher.key_name, publisher.key_variable)]
    if entry.publisher == newyork.PUBLISHER:
        return [newyork_request(entry, base, first, last)]
    if entry.publisher == ofr.PUBLISHER:
        monitor = "hf/v1" if entry.series.startswith("FPF-") else "v1"
        asked = query(mnemonic=entry.series, start_date=first, end_date=last)
        return [Request(f"OFR/{entry.series}.json", f"{base}/{monitor}/series/full?{asked}", "json")]
    if entry.publisher == fiscal.PUBLISHER:
        table = entry.series.split(".")[0]
        asked = query(filter=f"record_date:gte:{first},record_date:lte:{last}", sort="record_date", page_of_number=1, page_of_size=PAGE)
        return [Request(f"Treasury/{table}", f"{base}/{ENDPOINTS[table]}?{asked}", "json")]
    if entry.publisher == tic.PUBLISHER:
        files = ("slt_table5.txt", "mfhhis01.txt") if entry.series.startswith("holdings.") else ("slt_table3.txt",)
        return [Request(f"TIC/{name}", f"{base}/{name}", "text") for name in files]
    if entry.publisher == cftc.PUBLISHER:
        years = range(start.year, end.year + 1)
        return [Request(f"CFTC/fut_fin_txt_{year}.zip", f"{base}/files/dea/history/fut_fin_txt_{year}.zip", "zip") for year in years]
    return [board_request(entry, base, start, end)]


def newyork_request(entry: Entry, base: str, first: str, last: str) -> Request:
    """What to fetch from the New York Fed: a rate's history, or the results of repo or reverse-repo operations."""
    head = entry.series.split(".")[0]
    dates = query(startDate=first, endDate=last)
    if head in ("repo", "reverserepo"):
        asked = query(startDate=first, endDate=last, operationTypes="Repo" if head == "repo" else "Reverse Repo")
        return Request(f"NewYorkFed/{head}.json", f"{base}/api/rp/results/search.json?{asked}", "json")
    kind = "secured" if head in SECURED else "unsecured"
    return Request(f"NewYorkFed/{head}.json", f"{base}/api/rates/{kind}/{head.lower()}/search.json?{dates}", "json")


def board_request(entry: Entry, base: str, start: date, end: date) -> Request:
    """The Data Download package that holds a series of the Board.

    Raises
    ------
    SourceError
        A release whose package code is not known.
    """
    release = entry.series.split("/")[0]
    if release not in PACKAGES:
        text = f"no package code for release {release} (known: {', '.join(PACKAGES)}); download it by hand and use read_folder"
        raise fail("not in the catalogue", entry.series, text)
    # The form's own fields: dates as month/day/year, both CSV and series in columns.
    asked = query(
        rel=release,
        series=PACKAGES[release],
        lastobs="",
        **{"from": start.strftime("%m/%d/%Y"), "to": end.strftime("%m/%d/%Y")},
        filetype="csv",
        label="include",
        layout="seriescolumn",
        type="package",
    )
    return Request(f"Board/{release}.csv", f"{base}/datadownload/Output.aspx?{asked}", "csv")
