"""Conversions: each written out by hand here, and none that the published figures do not determine."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.sources.timing import QUARTERLY_FROM, TIMINGS, TimingError, period_end, quarters, wednesdays, week_averages
from calibration.sources.units import GROUPS, UNITS, UnitError, convert, factor, from_multiplier
from tests.sources import layouts


@pytest.mark.parametrize(
    ("given_unit", "wanted", "value", "result"),
    [
        ("percent", "1/yr", 4.15, 0.0415),
        ("basis points", "percent", 25.0, 0.25),
        ("1/yr", "basis points", 0.0005, 5.0),
        ("USD mn", "USD bn", 2827917.0, 2827.917),
        ("USD", "USD bn", 37500000000000.75, 37500.00000000075),
        ("USD thousand", "USD mn", 1500.0, 1.5),
        ("USD bn", "USD mn", 1.5, 1500.0),
        ("USD tn", "USD bn", 6.6, 6600.0),
        ("USD bn", "USD bn", 7.0, 7.0),
    ],
)
def test_factors(given_unit: str, wanted: str, value: float, result: float) -> None:
    converted, missing = convert([value, None], given_unit, wanted)
    assert converted == pytest.approx(result, rel=1e-15)
    assert missing is None


def test_division_keeps_published_decimals() -> None:
    """0.044 is the double nearest to 4.40 per cent; 4.40 times 0.01, and 4.40 by 100, are not."""
    assert convert([4.15, 3.65, 4.40], "percent", "1/yr") == (0.0415, 0.0365, 0.044)
    assert 4.40 * 0.01 != 0.044 != 4.40 / 100


@pytest.mark.parametrize(
    ("given_unit", "wanted"), [("percent", "USD bn"), ("contracts", "USD bn"), ("USD bn", "USD bn/yr"), ("index", "1")]
)
def test_kinds_do_not_mix(given_unit: str, wanted: str) -> None:
    with pytest.raises(UnitError, match="different kinds"):
        factor(given_unit, wanted)


def test_unknown_units_name_the_nearest() -> None:
    with pytest.raises(UnitError, match="nearest: USD bn"):
        factor("USD bln", "USD mn")
    with pytest.raises(UnitError, match="none of those documented"):
        from_multiplier("Currency", 12.0, "USD")


@given(st.sampled_from([group for group in GROUPS if len(group) > 1]), st.data(), st.floats(-1e9, 1e9))
def test_there_and_back(group: dict[str, int], data: st.DataObject, value: float) -> None:
    one, other = data.draw(st.sampled_from(sorted(group))), data.draw(st.sampled_from(sorted(group)))
    (there,) = convert([value], one, other)
    (back,) = convert([there], other, one)
    assert back == pytest.approx(value, rel=1e-14)
    assert set(UNITS) >= set(group)


DAILY = {day: float(day.toordinal()) for day in layouts.working_days(date(2025, 7, 1), 70) if day <= date(2025, 9, 30)}


def test_a_quarter_of_days() -> None:
    assert quarters(DAILY, "day", "last") == ("last day of the quarter", {date(2025, 9, 30): float(date(2025, 9, 30).toordinal())}, ())
    timing, values, _ = quarters(DAILY, "day", "mean")
    assert timing == "mean of the quarter's days"
    assert values[date(2025, 9, 30)] == pytest.approx(sum(DAILY.values()) / len(DAILY))
    assert quarters(DAILY, "day", "max")[1] == {date(2025, 9, 30): max(DAILY.values())}


def test_a_wednesday_is_not_called_a_quarter_end() -> None:
    levels = {date(2025, 9, 17): 1.0, date(2025, 9, 24): 2.0}
    assert quarters(levels, "Wednesday level", "last") == ("last Wednesday of the quarter", {date(2025, 9, 30): 2.0}, ())
    averages = quarters(levels, "week average", "last")
    assert averages[0] == "average of the last week ending in the quarter"


@pytest.mark.parametrize(
    ("timing", "take"),
    [
        ("week average", "mean"),
        ("Wednesday level", "mean"),
        ("quarter end", "last"),
        ("month flow", "last"),
        ("year flow", "sum"),
        ("quarter flow", "mean"),
    ],
)
def test_what_is_not_determined_is_refused(timing: str, take: str) -> None:
    with pytest.raises(TimingError, match=r"there are: |there are"):
        quarters({date(2025, 9, 24): 1.0}, timing, take)


def test_every_way_belongs_to_a_timing() -> None:
    assert {timing for timing, _ in QUARTERLY_FROM} <= set(TIMINGS)


@pytest.mark.parametrize(
    ("days", "timing", "take"),
    [
        ([date(2025, 9, 10)], "Wednesday level", "last"),
        (layouts.working_days(date(2025, 8, 1), 40), "day", "mean"),
        ([date(2025, 7, 31), date(2025, 8, 31)], "month end", "last"),
        ([date(2025, 7, 31), date(2025, 9, 30)], "month flow", "sum"),
    ],
)
def test_quarters_that_are_not_covered_are_named(days: list[date], timing: str, take: str) -> None:
    _, values, partial = quarters({day: 1.0 for day in days if day <= date(2025, 9, 30)}, timing, take)
    assert values == {}
    assert partial == (date(2025, 9, 30),)


def test_months_of_a_quarter_sum() -> None:
    flows = {date(2025, 7, 31): 1.0, date(2025, 8, 31): 2.0, date(2025, 9, 30): 4.0}
    assert quarters(flows, "month flow", "sum")[1] == {date(2025, 9, 30): 7.0}


@pytest.mark.parametrize(
    ("day", "stamp", "timing", "end"),
    [
        (date(2025, 7, 1), "start", "quarter rate", date(2025, 9, 30)),
        (date(2025, 9, 30), "end", "quarter end", date(2025, 9, 30)),
        (date(2025, 2, 1), "start", "month flow", date(2025, 2, 28)),
        (date(2025, 10, 29), "day", "Wednesday level", date(2025, 10, 29)),
        (date(2024, 1, 1), "start", "year flow", date(2024, 12, 31)),
    ],
)
def test_period_ends(day: date, stamp: str, timing: str, end: date) -> None:
    assert period_end(day, stamp, timing) == end  # type: ignore[arg-type]


def test_an_unknown_timing_names_the_nearest() -> None:
    with pytest.raises(TimingError, match="nearest: Wednesday level"):
        period_end(date(2025, 10, 29), "day", "wednesday levels")


def test_wednesdays_of_a_daily_series_fall_back_on_the_day_before() -> None:
    days = {
        day: float(day.day) for day in layouts.working_days(date(2025, 12, 22), 10) if day not in (date(2025, 12, 24), date(2025, 12, 31))
    }
    found = wednesdays(days)
    assert found == {date(2025, 12, 24): 23.0, date(2025, 12, 31): 30.0}


def test_week_averages_count_closed_days_as_the_day_before() -> None:
    days = {date(2025, 10, 22) + timedelta(days=n): float(n) for n in (0, 1, 2, 5, 6, 7)}
    # Thursday 1, Friday to Sunday 2, Monday 5, Tuesday 6, Wednesday 7.
    assert week_averages(days) == {date(2025, 10, 29): pytest.approx((1 + 2 + 2 + 2 + 5 + 6 + 7) / 7)}


def test_a_wednesday_and_its_week_average_differ() -> None:
    days = {date(2025, 10, 22) + timedelta(days=n): 100.0 * n for n in range(8)}
    assert wednesdays(days)[date(2025, 10, 29)] - week_averages(days)[date(2025, 10, 29)] == pytest.approx(300.0)
