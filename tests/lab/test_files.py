"""Scenario files: what the page saves is what the command line runs; what it loads comes back; bad files get a message."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dollarflow.cli import call
from dollarflow.errors import BadInput
from dollarflow.lab import downloads, loading
from dollarflow.lab.knobs import KNOBS
from dollarflow.lab.settings import KEYS, MOST_BYTES, Setting, received
from dollarflow.lab.solving import Refused, compared, scenario_of
from dollarflow.lab.toml_text import scenario_text
from dollarflow.scenarios import library
from model.scenarios.scenario import Scenario, read_scenario

TURNED = Setting(
    periods=20, knobs={"deficit": 1.5, "tga": 600.0, "rmp": 30.0, "srf": 5.0, "srf_cleared": 1.0, "official": 200.0}, title="Ünusual “name”"
)


def encoded(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return "data:application/toml;base64," + base64.b64encode(raw).decode()


@pytest.mark.parametrize("item", library(), ids=lambda item: item.name)
def test_a_scenario_s_text_reads_back_to_the_same_scenario(item: Scenario) -> None:
    assert read_scenario(scenario_text(item), item.name).model_dump() == item.model_dump()


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1), st.text(), st.floats(-1e15, 1e15))
def test_any_words_and_numbers_survive(title: str, story: str, number: float) -> None:
    if any(0xD800 <= ord(sign) <= 0xDFFF for sign in title + story):
        return
    item = Scenario.model_validate({"name": "x", "title": title, "story": story, "parameters": {"bill_share": number, "ä b\n": 1.0}})
    assert read_scenario(scenario_text(item), "x").model_dump() == item.model_dump()


def test_the_saved_file_run_on_the_command_line_gives_the_page_s_bytes(tmp_path: Path) -> None:
    saved = downloads.toml_file(TURNED, None)
    file = tmp_path / saved["filename"]
    file.write_text(saved["content"], encoding="utf-8")
    assert call(["run", str(file), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert (tmp_path / "out" / "path.csv").read_text() == downloads.csv_file(TURNED, None)["content"]
    packed = base64.b64decode(downloads.zip_file(TURNED, None)["content"])
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path / "unpacked")
    folder = tmp_path / "unpacked" / file.stem
    assert (folder / file.name).read_text() == saved["content"]
    for name in ("holdings.csv", "transactions.csv", "revaluations.csv", "payments.csv"):
        assert (folder / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    assert call(["audit", str(folder), "--quiet"]) == 0


def test_saving_and_loading_gives_the_knobs_back() -> None:
    back = loading.uploaded(encoded(downloads.toml_file(TURNED, None)["content"]), "mine.toml")
    assert back == TURNED
    assert scenario_of(back)[0].model_dump() == scenario_of(TURNED)[0].model_dump()


def test_what_no_knob_makes_is_carried_along_and_saved_again() -> None:
    found = loading.library("haircut_floor")
    assert "hf_haircut_floor" in found.carried
    turned = replace(found, knobs={"deficit": 1.0}, first=5)
    text = downloads.toml_file(turned, None)["content"]
    assert loading.loaded(text, "again") == turned
    asked = read_scenario(text, "x")
    assert [shock.variable for shock in asked.shock] == ["hf_haircut_floor", "tax_rate"]
    assert asked.expect == scenario_of(found)[0].expect


def test_a_library_scenario_s_shock_becomes_a_knob() -> None:
    found = loading.library("cleared_srf")
    assert (found.knobs, found.first) == ({"srf_cleared": 1.0}, 10)


def test_a_loaded_scenario_is_compared_with_the_baseline_that_it_names() -> None:
    found = compared(loading.library("srf_off"))
    assert found.base.scenario.name == "baseline"
    assert found.base.dates == found.run.dates


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = ", "broken TOML"),
        ("title = 'x'\nshocks = 1", "unknown key 'shocks'"),
        ("title = 'x'\n[[shock]]\nvariable = 'tax_rat'\nset = 0.1", "unknown variable 'tax_rat'"),
        ("title = 'x'\n[horizon]\nperiods = 100000", "1 to 520"),
        ("title = 'x'\n[horizon]\nperiods = 0", "1 to 520"),
        ("title = 'x'\n[horizon]\nstart = 1999-01-01", "no balance sheets of 1999-01-01"),
        ("title = 'x'\n[horizon]\nend = 2025-10-01", "the-file.toml"),
        ("title = 'x'\n[parameters]\nbill_share = inf", "finite"),
        ("title = 'x'\n[switch]\nparameters = '../../secret'", "no parameter set"),
        ("title = 'x'\n[switch]\nnothing = true", "unknown switch"),
        ("x" * (MOST_BYTES + 4), "larger than 64 KiB"),
        (b"\xff\xfe\x00", "not UTF-8"),
        ("", "title is missing"),
        ("a=" + "[" * 20_000, "nested too deep"),
    ],
)
def test_a_bad_file_gets_one_message(text: str | bytes, told: str) -> None:
    with pytest.raises(Refused, match=told.replace("(", r"\(")) as found:
        loading.uploaded(encoded(text), "the-file.toml")
    assert "Traceback" not in str(found.value)


@pytest.mark.parametrize("contents", [None, 5, "nothing", "data:;base64,***", {"a": 1}])
def test_what_is_no_upload_gets_a_message(contents: object) -> None:
    with pytest.raises(Refused):
        loading.uploaded(contents, None)


def test_a_file_cannot_name_a_file_of_the_server_as_its_baseline() -> None:
    found = loading.loaded("title = 'x'\nbaseline = '/etc/other.toml'\n[[shock]]\nvariable = 'srf_cap'\nset = 9.0", "x.toml")
    answer = compared(found)
    assert answer.base is answer.run


def test_an_unknown_library_scenario_is_refused() -> None:
    with pytest.raises(Refused, match="no scenario of the library"):
        loading.library("../baseline")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"periods": -1}, "out of range"),
        ({"periods": 1e300}, "out of range"),
        ({"periods": float("nan")}, "not a whole number"),
        ({"periods": True}, "not a whole number"),
        ({"first": 53}, "out of range"),
        ({"start": "2025-13-01"}, "not a date"),
        ({"start": ["a"]}, "not a date"),
        ({"clock": "hourly"}, "allowed are weekly"),
        ({"clock": {}}, "allowed are weekly"),
        ({"knobs": {"deficit": float("inf")}}, "finite"),
        ({"knobs": {"deficit": 1e9}}, "out of range"),
        ({"knobs": {"deficit": "1"}}, "finite"),
        ({"knobs": {"__class__": 1}}, "no knob"),
        ({"knobs": [1]}, "table"),
        ({"carried": 3}, "no text"),
        ({"carried": "x" * 1_000_000}, "no text"),
        ({"carried": "title = '\ud800'"}, "no text"),
        ({"more": 1}, "no setting"),
    ],
)
def test_what_the_browser_sends_is_checked(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        received({**Setting().plain(), **change})


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2025-10-29", "weekly", "deficit", 52]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "deficit", "x"]), inner, max_size=7),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(KEYS, JSON)) | JSON, JSON)
def test_anything_that_is_sent_is_a_setting_or_bad_input(data: object, title: object) -> None:
    try:
        found = received(data, title)
    except BadInput as refused:
        found, size = None, len(str(refused))
    if found is None:
        assert 0 < size < 500
    else:
        assert received(found.plain(), found.title) == found


@pytest.mark.slow
def test_the_report_shows_the_run_beside_its_baseline() -> None:
    text = downloads.report_file(replace(TURNED, periods=8, knobs={"deficit": 1.0}, first=2), None)["content"]
    assert text.lstrip().startswith("<!DOCTYPE html>")
    assert "baseline" in text


def test_each_knob_s_own_text_is_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "lab.md").read_text(encoding="utf-8")
    for knob in KNOBS:
        assert knob.label in guide
        for move in knob.moves:
            assert f"`{move.variable}`" in guide


@pytest.mark.parametrize("title", ["", "   ", None, 5, "\ud800half", "x" * 5000, '"""\n[shock]', "<b>bold</b>", "../../etc/passwd"])
def test_any_name_makes_a_file_that_reads_back(title: object) -> None:
    saved = downloads.toml_file(received(replace(TURNED, title="").plain(), title), None)
    assert saved["content"].encode()
    assert saved["filename"].removesuffix(".toml").replace("_", "").isalnum()
    assert read_scenario(saved["content"], "x").title


@pytest.mark.slow
@pytest.mark.parametrize("item", library(), ids=lambda item: item.name)
def test_a_library_scenario_on_the_page_is_the_library_s(item: Scenario) -> None:
    found = scenario_of(loading.library(item.name))[0]
    for part in ("parameters", "switch", "exogenise", "expect"):
        assert getattr(found, part) == getattr(item, part)
    assert sorted(map(repr, found.shock)) == sorted(map(repr, item.shock))
