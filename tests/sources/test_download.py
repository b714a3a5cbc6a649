"""Downloads against a real server: retries, resumption, redirects, time-outs, refusals, pages, and keys that never show."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from calibration.sources import Cache, Downloader, Patience, Request, SourceError, fetch, figures, prepare
from calibration.sources.keys import hide, public
from tests.sources import layouts
from tests.sources.server import Asked, Publisher, Reply

WEDNESDAY = date(2025, 10, 29)
KEY = "0123456789abcdef0123456789abcdef"
BODY = layouts.rates("SOFR", [(day, 4.0 + place / 100) for place, day in enumerate(layouts.working_days(date(2025, 10, 1), 200))]).encode()


@pytest.fixture
def paused() -> list[float]:
    return []


@pytest.fixture
def online(tmp_path: Path, paused: list[float]) -> Downloader:
    return Downloader(
        Cache(tmp_path / "cache"),
        online=True,
        patience=Patience(connect=2, read=0.4, tries=3),
        sleep=paused.append,
        environment={"FRED_API_KEY": KEY},
    )


def request(server: Publisher, path: str = "/sofr.json", **changed: str) -> Request:
    settings = {"name": "NewYorkFed/SOFR.json", "address": server.address + path, "kind": "json"} | changed
    return Request(**settings)  # type: ignore[arg-type]


def refused(check: str, action: Callable[[], object]) -> str:
    with pytest.raises(SourceError) as caught:
        action()
    assert [item.check for item in caught.value.findings] == [check], caught.value
    return str(caught.value)


def test_offline_is_the_default_and_says_what_to_do(tmp_path: Path, server: Publisher) -> None:
    downloader = Downloader(Cache(tmp_path))
    said = refused("unrecognised", lambda: downloader.get(request(server)))
    assert "online=True" in said
    assert server.asked == []


def test_a_body_is_kept_with_its_vintage_and_served_offline(tmp_path: Path, server: Publisher, online: Downloader) -> None:
    server.serve("/sofr.json", Reply(BODY, headers={"ETag": '"1"', "Last-Modified": "Wed, 29 Oct 2025 12:00:00 GMT"}))
    cached = online.get(request(server))
    assert cached.read() == BODY
    assert cached.stamp.etag == '"1"'
    again = Downloader(online.cache).get(request(server))
    assert again.stamp == cached.stamp
    assert len(server.asked) == 1
    assert not list(online.cache.root.rglob(".partial*"))


def test_an_error_of_the_server_is_tried_again_after_a_growing_pause(server: Publisher, online: Downloader, paused: list[float]) -> None:
    server.serve("/sofr.json", Reply(b"oops", 500), Reply(b"busy", 503, headers={"Retry-After": "7"}), Reply(BODY))
    assert online.get(request(server)).read() == BODY
    assert paused == [1.0, 7.0]


def test_tries_end(server: Publisher, online: Downloader, paused: list[float]) -> None:
    server.serve("/sofr.json", Reply(b"oops", 502))
    assert "status 502 after 3 tries" in refused("wrong status", lambda: online.get(request(server)))
    assert len(server.asked) == 3
    assert paused == [1.0, 2.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 204, 302])
def test_other_statuses_are_final(server: Publisher, online: Downloader, status: int) -> None:
    server.serve("/sofr.json", Reply(b"" if status == 204 else b"no such thing", status, "text/plain"))
    assert f"status {status}" in refused("wrong status", lambda: online.get(request(server)))
    assert len(server.asked) == 1


def test_a_truncated_body_is_resumed_where_it_stopped(server: Publisher, online: Downloader) -> None:
    cut = Reply(BODY, headers={"ETag": '"v1"'}, cut=1000, ranges=True)
    server.serve("/sofr.json", cut, Reply(BODY, headers={"ETag": '"v1"'}, ranges=True))
    assert online.get(request(server)).read() == BODY
    assert server.asked[1].headers["Range"] == "bytes=1000-"
    assert server.asked[1].headers["If-Range"] == '"v1"'


def test_a_file_that_changed_meanwhile_starts_anew(server: Publisher, online: Downloader) -> None:
    other = BODY.replace(b"4.01", b"4.51")
    server.serve(
        "/sofr.json", Reply(BODY, headers={"ETag": '"v1"'}, cut=1000, ranges=True), Reply(other, headers={"ETag": '"v2"'}, ranges=True)
    )
    assert online.get(request(server)).read() == other


def test_an_interrupted_download_is_resumed_by_the_next_run(server: Publisher, online: Downloader) -> None:
    server.serve("/sofr.json", Reply(BODY, headers={"ETag": '"v1"'}, cut=500, ranges=True))
    online.patience = Patience(connect=2, read=1, tries=1)
    assert "500 bytes" in refused("truncated body", lambda: online.get(request(server)))
    assert online.cache.vintages("NewYorkFed/SOFR.json") == ()
    server.serve("/sofr.json", Reply(BODY, headers={"ETag": '"v1"'}, ranges=True))
    assert online.get(request(server)).read() == BODY
    assert server.asked[-1].headers["Range"] == "bytes=500-"


def test_without_a_version_nothing_is_resumed(server: Publisher, online: Downloader) -> None:
    server.serve("/sofr.json", Reply(BODY, cut=1000), Reply(BODY))
    assert online.get(request(server)).read() == BODY
    assert "Range" not in server.asked[1].headers


def test_a_slow_server_times_out_and_is_tried_again(server: Publisher, online: Downloader) -> None:
    server.serve("/sofr.json", Reply(BODY, delay=1.2), Reply(BODY))
    assert online.get(request(server)).read() == BODY
    online.patience = Patience(connect=2, read=0.2, tries=1)
    server.serve("/slow.json", Reply(BODY, delay=0.6))
    assert "no answer in time" in refused("wrong status", lambda: online.get(request(server, "/slow.json", name="slow.json")))


def test_nobody_there(tmp_path: Path) -> None:
    downloader = Downloader(Cache(tmp_path), online=True, patience=Patience(connect=0.5, read=0.5, tries=2), sleep=lambda _: None)
    nobody = Request("x.json", "http://127.0.0.1:9/x.json", "json")
    assert "connection lost" in refused("truncated body", lambda: downloader.get(nobody))


def test_redirects_are_followed(server: Publisher, online: Downloader) -> None:
    server.serve("/sofr.json", Reply(b"", 301, headers={"Location": "/moved.json"}))
    server.serve("/moved.json", Reply(BODY))
    assert online.get(request(server)).read() == BODY


@pytest.mark.parametrize(
    ("reply", "kind", "check"),
    [
        (Reply(b"<!DOCTYPE html><html>Service retired</html>", content_type="text/html"), "csv", "wrong content"),
        (Reply(b"<html>Service retired</html>", content_type="text/csv"), "csv", "wrong content"),
        (Reply(b"date,value\n2025-10-29,1\n", content_type="text/csv"), "json", "wrong content"),
        (Reply(b'{"error": "no"}'), "csv", "wrong content"),
        (Reply(b"date,value\n", content_type="application/zip"), "zip", "wrong content"),
        (Reply(b""), "json", "truncated body"),
    ],
)
def test_a_body_of_another_kind_is_not_kept(server: Publisher, online: Downloader, reply: Reply, kind: str, check: str) -> None:
    server.serve("/file", reply)
    refused(check, lambda: online.get(request(server, "/file", kind=kind)))
    assert online.cache.names() == ()


def test_refreshing_adds_a_vintage_only_when_something_changed(server: Publisher, online: Downloader) -> None:
    server.serve("/sofr.json", Reply(BODY), Reply(BODY), Reply(BODY.replace(b"4.01", b"4.51")))
    one = online.get(request(server))
    assert online.get(request(server), refresh=True).stamp == one.stamp
    two = online.get(request(server), refresh=True)
    assert two.stamp.sha256 != one.stamp.sha256
    assert [item.stamp for item in online.cache.vintages("NewYorkFed/SOFR.json")] == [one.stamp, two.stamp]
    assert one.read() == BODY


def paged(server: Publisher, rows: list[dict[str, str]], size: int) -> None:
    def route(asked: Asked) -> Reply:
        page = int(asked.query["page[number]"][0])
        pages = -(-len(rows) // size)
        body = layouts.fiscal(rows[(page - 1) * size : page * size], page=page, pages=pages, whole=len(rows))
        return Reply(body.encode())

    server.routes["/v2/accounting/od/debt_to_penny"] = route


def test_pages_are_followed_to_the_end_and_read_as_one(server: Publisher, online: Downloader) -> None:
    rows = [
        layouts.debt_row(day, "30000000000000.00", "7000000000000.00", "37000000000000.00")
        for day in layouts.working_days(date(2025, 10, 1), 23)
    ]
    paged(server, rows, 5)
    found = fetch(["debt_day"], date(2025, 10, 1), date(2025, 10, 31), online, bases={"Treasury": server.address})
    (series,) = [item for item in found.series if item.series.endswith("tot_pub_debt_out_amt")]
    assert len(series.dates) == 23
    assert [asked.query["page[number]"] for asked in server.asked] == [[str(page)] for page in range(1, 6)]
    assert server.asked[0].query["filter"] == ["record_date:gte:2025-10-01,record_date:lte:2025-10-31"]


def test_an_answer_that_grows_between_pages_is_refused(server: Publisher, online: Downloader) -> None:
    rows = [layouts.debt_row(day, "1.00", "1.00", "2.00") for day in layouts.days(WEDNESDAY, 4)]
    replies = [
        Reply(layouts.fiscal(rows[:2], page=1, pages=2, whole=4).encode()),
        Reply(layouts.fiscal(rows[2:], page=2, pages=2, whole=5).encode()),
    ]
    server.serve("/v2/accounting/od/debt_to_penny", *replies)
    refused("missing pages", lambda: fetch(["debt_day"], WEDNESDAY, WEDNESDAY, online, bases={"Treasury": server.address}))


def fred(server: Publisher) -> None:
    pairs = [(day, f"{7_000_000 - 1000 * place}") for place, day in enumerate(layouts.days(date(2025, 7, 2), 14, 7))]
    server.serve("/fred/series/observations", Reply(layouts.fred_observations(pairs).encode()))


def test_a_fred_series_goes_from_the_address_to_a_figure(server: Publisher, online: Downloader) -> None:
    fred(server)
    found = fetch(["fed_assets"], date(2025, 7, 1), date(2025, 10, 1), online, bases={"FRED": server.address})
    assert server.asked[0].query["series_id"] == ["WALCL"]
    assert server.asked[0].query["api_key"] == [KEY]
    made = figures(prepare(found.series, found=found.findings, reference={}), ["fed_total_assets"])
    assert [(item.quarter, item.value, item.timing) for item in made] == [(date(2025, 9, 30), 6988.0, "last Wednesday of the quarter")]
    assert made[0].vintage == date(2025, 11, 6)


def everything_written(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("status", [200, 400, 429, 500])
def test_a_key_is_in_no_log_message_file_or_error(
    server: Publisher, online: Downloader, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    def route(asked: Asked) -> Reply:
        pairs = [(WEDNESDAY, "6600000")]
        echo = {"error_code": status, "error_message": f"api_key={asked.query['api_key'][0]} is not registered"}
        return Reply(
            layouts.fred_observations(pairs).encode() if status == 200 else json.dumps(echo).encode(),
            status,
            headers={"X-Echo": asked.query["api_key"][0]},
        )

    server.routes["/fred/series/observations"] = route
    caplog.set_level(logging.DEBUG)
    said = ""
    try:
        fetch(["fed_assets"], WEDNESDAY, WEDNESDAY, online, bases={"FRED": server.address})
    except SourceError as error:
        said = str(error) + repr(error.__cause__) + repr(error.findings)
    assert server.asked[0].query["api_key"] == [KEY]
    assert "HTTP Request" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in said
    assert KEY not in everything_written(online.cache.root)


def test_a_request_with_a_key_follows_no_redirect(server: Publisher, online: Downloader) -> None:
    server.serve("/fred/series/observations", Reply(b"", 302, headers={"Location": f"http://127.0.0.1:9/stolen?api_key={KEY}"}))
    said = refused("wrong status", lambda: fetch(["fed_assets"], WEDNESDAY, WEDNESDAY, online, bases={"FRED": server.address}))
    assert KEY not in said


def test_a_key_comes_from_the_environment_only(server: Publisher, online: Downloader) -> None:
    online.environment = {}
    said = refused("wrong status", lambda: fetch(["fed_assets"], WEDNESDAY, WEDNESDAY, online, bases={"FRED": server.address}))
    assert "FRED_API_KEY" in said
    assert server.asked == []


def test_secrets_are_hidden_in_any_text() -> None:
    assert hide("GET /x?api_key=abc&b=1 and abc", "abc") == "GET /x?api_key=***&b=1 and ***"
    assert public(f"https://api.example/x?series_id=SOFR&api_key={KEY}") == "https://api.example/x?series_id=SOFR&api_key=***"


def test_every_publisher_is_asked_in_its_own_way(server: Publisher, online: Downloader) -> None:
    tuesday = date(2025, 10, 28)
    server.serve(
        "/api/rp/results/search.json", Reply(layouts.operations([layouts.operation(WEDNESDAY, "Repo", 10_000_000_000, 1)]).encode())
    )
    server.serve("/v1/series/full", Reply(layouts.ofr_full({"REPO-DVP_AR_OO-P": [("2025-10-29", 4.3)]}, unit="Percent").encode()))
    server.serve("/hf/v1/series/full", Reply(layouts.ofr_full({"FPF-ALLQHF_NAV_SUM": [("2025-09-30", 4.8e12)]}).encode()))
    server.serve("/slt_table5.txt", Reply(layouts.table5_of().encode(), content_type="text/plain"))
    history = layouts.holders_history([2025]).encode()
    server.serve("/mfhhis01.txt", Reply(history, content_type="text/plain"))
    archive = zipped({"FinFutYY.txt": layouts.tff_text([layouts.tff_row(tuesday, code, (100, 1000)) for code in layouts.TFF_CODES])})
    server.serve("/files/dea/history/fut_fin_txt_2025.zip", Reply(archive, content_type="application/zip"))
    bases = dict.fromkeys(["New York Fed", "OFR", "TIC", "CFTC"], server.address)
    names = ["srf", "dvp_rate", "hf_net_assets", "tic_official", "tff_lev_short_10y"]
    found = fetch(names, date(2025, 10, 1), date(2025, 10, 31), online, bases=bases)
    series = {item.series for item in found.series}
    assert {
        "repo.accepted",
        "REPO-DVP_AR_OO-P",
        "FPF-ALLQHF_NAV_SUM",
        "holdings.Foreign Official",
        "TFF.043602.Lev_Money_Positions_Short_All",
    } <= series
    assert server.asked[0].query == {"startDate": ["2025-10-01"], "endDate": ["2025-10-31"], "operationTypes": ["Repo"]}


def zipped(members: dict[str, str]) -> bytes:
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


def test_a_release_without_a_known_package_is_named(online: Downloader) -> None:
    said = refused("not in the catalogue", lambda: fetch(["z1_fed"], WEDNESDAY, WEDNESDAY, online))
    assert "by hand" in said
