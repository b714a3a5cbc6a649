"""The catalogue: complete, consistent, and telling what it does not know."""

from __future__ import annotations

from collections import Counter
from importlib import resources

import pytest

from calibration.sources import FORMATS, SourceError, catalogue
from calibration.sources.entries import Term, problems, terms_of
from calibration.sources.findings import CHECKS, Finding, errors
from calibration.sources.names import nearest
from calibration.tables import rate_series

KNOWN = catalogue()


def test_tables_are_consistent() -> None:
    assert problems(KNOWN.entries, KNOWN.targets, KNOWN.identities) == []
    assert max(Counter(item.key for item in KNOWN.entries).values()) == 1
    assert max(Counter(item.figure for item in KNOWN.targets).values()) == 1


def test_every_publisher_has_a_reader_terms_and_series() -> None:
    assert {item.publisher for item in FORMATS} == set(KNOWN.publishers) == {item.publisher for item in KNOWN.entries}
    for publisher in KNOWN.publishers.values():
        assert publisher.licence
        assert publisher.vintage
        assert publisher.address.startswith("https://")
    assert all(item.licence and item.vintage for item in KNOWN.entries)


def test_keys_are_named_by_variable_and_no_key_is_in_the_tables() -> None:
    assert KNOWN.publishers["FRED"].key_variable == "FRED_API_KEY"
    text = resources.files("calibration").joinpath("catalogue", "publishers.toml").read_text(encoding="utf-8")
    assert "api_key =" not in text.replace("key_name", "")


def test_every_series_of_the_history_but_take_up_days_is_mapped() -> None:
    mapped = {item.history for item in KNOWN.targets if item.history}
    assert mapped == {item.series for item in rate_series()} - {"srf"}


def test_timings_say_what_a_figure_is_of() -> None:
    assert KNOWN.entry("FRED", "WRBWFRBL").timing == "Wednesday level"
    assert KNOWN.entry("FRED", "WRESBAL").timing == "week average"
    assert KNOWN.entry("Federal Reserve Board", "H41/H41/RESPPLLDT_N.WW").unit == "USD mn"
    assert KNOWN.target("treasury_general_account_wed").terms == (Term(1.0, "tga"),)
    assert KNOWN.target("treasury_general_account_quarter_end_day").terms == (Term(1.0, "tga_day"),)


@pytest.mark.parametrize(
    ("publisher", "series", "suggested"),
    [
        ("FRED", "WALLC", "WALCL"),
        ("FRED", "SOFT", "SOFR"),
        ("OFR", "MMF-MMF_RP_wRF-M", "MMF-MMF_RP_wFR-M"),
        ("CFTC", "TFF.42601.Lev_Money_Positions_Long_All", "TFF.042601"),
    ],
)
def test_a_misspelt_series_names_the_nearest(publisher: str, series: str, suggested: str) -> None:
    with pytest.raises(SourceError, match="not mapped; nearest: ") as caught:
        KNOWN.entry(publisher, series)
    assert suggested in str(caught.value)


def test_unknown_names_publishers_and_figures() -> None:
    with pytest.raises(SourceError, match=r"no publisher 'Fred'.*FRED"):
        KNOWN.entry("Fred", "WALCL")
    with pytest.raises(SourceError, match="nearest: fed_assets"):
        KNOWN.named("fed_asset")
    with pytest.raises(SourceError, match="nearest: fed_total_assets"):
        KNOWN.target("fed_total_asset")
    with pytest.raises(SourceError, match=r"no reader provides it.*COFER"):
        KNOWN.target("fx_reserves_usd_share")


def test_sums_of_series() -> None:
    assert terms_of("") == ()
    assert terms_of("a - 0.2 b + c_1") == (Term(1.0, "a"), Term(-0.2, "b"), Term(1.0, "c_1"))
    with pytest.raises(ValueError, match="no series"):
        terms_of("a * b")


def test_nearest_ignores_case() -> None:
    assert nearest("walcl", ["SOFR", "WALCL"]) == ("WALCL",)
    assert nearest("zzzz", ["SOFR"]) == ()


def test_findings_have_known_names_only() -> None:
    with pytest.raises(ValueError, match="no check is called"):
        Finding("smell", "x", "y")
    with pytest.raises(ValueError, match="no check is called"):
        errors([], accepted=["smell"])
    assert errors([Finding("gap", "x", "y"), Finding("revision", "x", "y", "note")], accepted=["gap"]) == ()
    assert all(name == name.lower() for name in CHECKS)
