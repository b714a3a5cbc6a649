"""The cache: vintages, checksums, and files that are there in full or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from calibration.sources import Cache, SourceError
from calibration.sources.cache import write_whole

OCTOBER = datetime(2025, 10, 29, 20, 0, tzinfo=UTC)
DECEMBER = datetime(2025, 12, 31, 20, 0, tzinfo=UTC)


def test_a_body_is_stamped_with_vintage_and_checksum(tmp_path: Path) -> None:
    cached = Cache(tmp_path).put("FRED/SOFR.json", b"abc", address="https://api.example/x", now=OCTOBER, etag='"1"')
    stamp = json.loads((cached.path.parent / "stamp.json").read_text())
    assert stamp["sha256"] == hashlib.sha256(b"abc").hexdigest()
    assert (stamp["retrieved"], stamp["size"], stamp["etag"]) == ("2025-10-29T20:00:00+00:00", 3, '"1"')
    assert cached.stamp.vintage == date(2025, 10, 29)


def test_vintages_are_kept_and_found_by_day(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("SOFR", b"first", address="a", now=OCTOBER)
    cache.put("SOFR", b"second", address="a", now=DECEMBER)
    assert cache.latest("SOFR").read() == b"second"
    assert cache.latest("SOFR", as_of=date(2025, 11, 30)).read() == b"first"
    with pytest.raises(SourceError, match="2025-10-01 or before"):
        cache.latest("SOFR", as_of=date(2025, 10, 1))


def test_two_vintages_of_one_second_are_both_kept_in_order(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for body in (b"one", b"two", b"three"):
        cache.put("SOFR", body, address="a", now=OCTOBER)
    assert [item.read() for item in cache.vintages("SOFR")] == [b"one", b"two", b"three"]


def test_an_altered_body_is_refused_and_replaced_by_the_next_download(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cached = cache.put("SOFR", b"abc", address="a", now=OCTOBER)
    cached.path.write_bytes(b"abd")
    with pytest.raises(SourceError, match="checksum"):
        cache.latest("SOFR").read()
    cache.put("SOFR", b"abc", address="a", now=DECEMBER)
    assert cache.latest("SOFR").read() == b"abc"


def test_an_absent_name_tells_the_nearest(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("FRED/SOFR.json", b"abc", address="a", now=OCTOBER)
    with pytest.raises(SourceError, match=r"nearest: FRED/SOFR\.json"):
        cache.latest("FRED/SOFT.json")
    assert [item.stamp.name for item in cache] == ["FRED/SOFR.json"]


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../b", "", ".hidden", "a b", "a//b", "C:\\x"])
def test_names_stay_inside(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name for the cache"):
        Cache(tmp_path).folder(name)


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "body"
    write_whole(path, b"old")

    def fails(source: str, target: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"new and longer")
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["body"]
