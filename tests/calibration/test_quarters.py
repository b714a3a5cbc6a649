"""Any quarter-end from 2018 to 2025 balances: published figures kept, identities closed, what is missing named."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from calibration.opening import opening_balance, opening_dates
from calibration.quarters import is_quarter_end, missing, quarter_ends, quarter_figures, quarter_levels, stated
from calibration.state import opening_state
from calibration.tables import DataError

DATA = Path(__file__).parents[2] / "calibration" / "data"


def compiled(series: str, day: str) -> float:
    with (DATA / "quarters.csv").open(encoding="utf-8", newline="") as stream:
        return next(float(row["value"]) for row in csv.DictReader(stream) if row["series"] == series and row["date"] == day)


def test_quarter_ends_are_those_of_the_calendar() -> None:
    days = quarter_ends()
    assert (days[0], days[-1], len(days)) == (date(2018, 6, 30), date(2025, 12, 31), 31)
    assert not is_quarter_end(date(2020, 5, 31))
    assert not is_quarter_end(date(2018, 3, 31))
    with pytest.raises(DataError, match="2026-03-31 is no quarter-end"):
        quarter_figures(date(2026, 3, 31))


def test_an_earlier_quarter_end_names_what_it_lacks() -> None:
    """SOFR was first published for 2 April 2018; reserves of the end of 2017 are not among the compiled quarter-end figures."""
    with pytest.raises(DataError, match=r"from 2018-06-30 to 2025-12-31; this one lacks: reserves, sofr, .*bill_rate$"):
        opening_balance("2017-12-31")
    with pytest.raises(DataError, match=r"there are some for: 2019-06-30, .* and every quarter-end from 2018-06-30 to 2025-12-31$"):
        opening_balance("2024-02-29")


@pytest.mark.parametrize("day", [d for d in quarter_ends() if d not in opening_dates()], ids=str)
def test_every_quarter_end_closes(day: date) -> None:
    """Assets equal liabilities of banks, money funds and hedge funds; the Fed's are off by the premiums in its book alone."""
    sheet = opening_balance(day)
    for sector in ("banks", "mmf", "hedge_funds"):
        assert sheet.assets(sector) == pytest.approx(sheet.liabilities(sector), abs=1e-6)
    assert min(value for name, value in sheet.cells.items() if not name.startswith("fed_equity")) > -1e-6
    assert all(abs(item.adjustment) <= 6 * item.std + 1e-6 for item in sheet.adjustments)


def test_published_figures_of_a_quarter_are_kept() -> None:
    sheet = opening_balance("2023-03-31")
    assert sheet.total("on_rrp") == pytest.approx(2375.2, abs=0.5)
    assert sheet.cells["on_rrp__fed__mmf"] == pytest.approx(2230.84, abs=0.1)
    assert sheet.total("reserves") == pytest.approx(compiled("reserves", "2023-03-31"), abs=200)
    assert sheet.total("deposits") == pytest.approx(17242.2, abs=120)
    assert sheet.total("mmf_shares") == pytest.approx(5692.6, abs=40)


def test_emergency_credit_is_the_debt_of_banks_and_no_other_asset() -> None:
    """H.4.1: 332.7 of primary credit, BTFP and bridge banks on 29 March 2023; repurchase agreements of 255.6 on 1 January 2020.

    What is left of the Fed's assets lies near 269 and 195, that of the balanced days of 2021 and 2024.
    """
    spring, winter = opening_balance("2023-03-31").cells, opening_balance("2019-12-31").cells
    assert spring["discount_window__banks__fed"] == pytest.approx(332.7, abs=3)
    assert spring["other__private__fed"] == pytest.approx(232, abs=40)
    assert winter["discount_window__banks__fed"] == pytest.approx(255.6, abs=20)
    assert opening_balance("2019-03-31").cells["discount_window__banks__fed"] < 2


def test_missing_figures_are_named_and_sourced() -> None:
    day = date(2023, 3, 31)
    names = missing(day)
    assert "coupon securities held by foreign_official" in names
    assert not set(names) & set(stated(day))
    sources = {item.figure: item.source for item in quarter_figures(day)}
    assert "2021-12-31 and 2024-12-31" in sources["coupon securities held by foreign_official"]


def test_interpolation_reproduces_its_ends_in_the_limit() -> None:
    """A quarter before the first balanced day has that day's ratios to GDP."""
    day = date(2019, 3, 31)
    items = {item.figure: item for item in quarter_figures(day)}
    first = {item.figure: item for item in quarter_figures(date(2018, 6, 30))}
    ratio = compiled("gdp", "2019-03-31") / compiled("gdp", "2018-06-30")
    name = "other claims of foreign_official"
    assert items[name].value / first[name].value == pytest.approx(ratio)


def test_rates_of_a_quarter_are_those_of_the_day() -> None:
    levels = quarter_levels(date(2023, 6, 30))
    assert [levels[name] for name in ("rate_lower", "rate_upper", "iorb")] == pytest.approx([0.05, 0.0525, 0.0515])
    assert levels["sofr"] == pytest.approx(0.0509)
    assert levels["deficit_average"] > 1500


def test_bills_carry_the_increase_that_was_expected_and_not_the_emergency_that_was_not() -> None:
    """The range rose by 25 bp on 27 July 2023: 65 of the 91 days after June; cuts of March 2020 were in no yield of December."""
    assert quarter_levels(date(2023, 6, 30))["priced_move"] == pytest.approx(0.0025 * 65 / 91)
    assert quarter_levels(date(2019, 12, 31))["priced_move"] == 0.0
    assert quarter_levels(date(2024, 3, 31))["priced_move"] == 0.0


def test_deviations_grow_with_what_is_not_known() -> None:
    day = date(2023, 3, 31)
    std = {item.figure: item.std_usd_bn for item in quarter_figures(day)}
    assert std["coupon securities held by foreign_official"] > 100
    assert std["mmf_shares"] <= 10


def test_state_of_a_quarter_is_complete() -> None:
    assert set(opening_state("2022-12-31")) == set(opening_state("2021-12-31"))
