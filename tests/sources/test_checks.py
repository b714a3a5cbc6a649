"""Bad data: every kind is caught by a check of its own name, and good data by none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from math import log10

import pytest

from calibration.history import history
from calibration.sources import Finding, Published, SourceError, catalogue, figures, histories, prepare, read
from calibration.sources.checks import check_each, check_identities, check_revision
from calibration.sources.merging import merge
from calibration.sources.published import collect, number
from tests.sources import layouts

KNOWN = catalogue()
WEDNESDAYS = layouts.days(date(2025, 7, 2), 20, 7)
WORKING = layouts.working_days(date(2025, 7, 1), 80)


def weekly(series: str = "WALCL", level: float = 6_600_000.0) -> Published:
    return collect("FRED", series, [(day, level + 100.0 * place) for place, day in enumerate(WEDNESDAYS)])


def daily(series: str = "SOFR", level: float = 4.3) -> Published:
    return collect("FRED", series, [(day, level + 0.01 * (place % 7)) for place, day in enumerate(WORKING)])


def changed(series: Published, edit: Callable[[dict[date, float | None]], object]) -> Published:
    values = dict(zip(series.dates, series.values, strict=True))
    edit(values)
    return collect(series.publisher, series.series, values.items(), unit=series.unit, origin=series.origin, vintage=series.vintage)


def found(series: Published) -> dict[str, str]:
    return {item.check: item.message for item in check_each(series, KNOWN.entry(*series.key)) if item.severity == "error"}


@pytest.mark.parametrize("series", [weekly(), daily(), daily("DGS10", 4.1), weekly("TREAST", 4_200_000.0)])
def test_good_data_pass(series: Published) -> None:
    assert found(series) == {}


@pytest.mark.parametrize("times", [1e-3, 1e-6, 1e3])
def test_another_unit_is_named_with_its_power(times: float) -> None:
    message = found(replace(weekly(), values=tuple((value or 0.0) * times for value in weekly().values)))["thousands for billions"]
    assert f"10^{round(log10(times))} times" in message


def test_one_row_in_another_unit_is_found_inside_the_range() -> None:
    series = changed(weekly("WDTGAL", 900_000.0), lambda values: values.__setitem__(WEDNESDAYS[5], 1_500.0))
    message = found(series)["thousands for billions"]
    assert WEDNESDAYS[5].isoformat() in message


def test_a_real_fall_is_no_change_of_unit() -> None:
    """The Treasury's balance fell from 900 to 60 bn in months: large steps, but not a thousandfold there and back."""
    levels = [900_000.0, 600_000.0, 200_000.0, 60_000.0, 50_000.0, 300_000.0, 800_000.0]
    series = collect("FRED", "WDTGAL", zip(WEDNESDAYS, levels, strict=False))
    assert found(series) == {}


def test_values_outside_the_range_are_named() -> None:
    assert "2025-07-16" in found(changed(weekly(), lambda values: values.__setitem__(WEDNESDAYS[2], -5.0)))["out of range"]


def test_gaps() -> None:
    assert "2025-07-09 to 2025-07-23" in found(changed(weekly(), lambda values: values.pop(WEDNESDAYS[2])))["gap"]
    fortnight = WORKING[10:20]
    series = changed(daily(), lambda values: [values.pop(day) for day in fortnight])
    assert "daily" in found(series)["gap"]


def test_a_long_weekend_is_no_gap() -> None:
    closed = {date(2025, 7, 3), date(2025, 7, 4)}
    assert found(collect("FRED", "SOFR", [(day, 4.3) for day in WORKING if day not in closed])) == {}


def test_missing_observations_are_noted_for_days_and_refused_for_weeks() -> None:
    holiday = changed(daily(), lambda values: values.__setitem__(date(2025, 7, 4), None))
    (note,) = check_each(holiday, KNOWN.entry("FRED", "SOFR"))
    assert (note.check, note.severity) == ("missing observation", "note")
    assert "2025-07-16" in found(changed(weekly(), lambda values: values.__setitem__(WEDNESDAYS[2], None)))["missing observation"]
    assert "no value at all" in found(collect("FRED", "SOFR", [(WORKING[0], None)]))["missing observation"]


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_date_off_by_a_day_is_found(shift: int) -> None:
    """What a time zone does to dates: from the Sunday on which the clocks change, every Wednesday is a Tuesday."""
    cut = date(2025, 11, 2)
    days = [day if day < cut else day + timedelta(days=shift) for day in WEDNESDAYS]
    message = found(collect("FRED", "WALCL", [(day, 6_600_000.0) for day in days]))["weekday"]
    assert (date(2025, 11, 5) + timedelta(days=shift)).isoformat() in message
    assert "zone" in message


def test_reports_fall_on_tuesdays() -> None:
    series = collect("CFTC", "TFF.043602.Open_Interest_All", [(day - timedelta(days=1), 4e6) for day in WEDNESDAYS])
    assert found(series) == {}
    assert "weekday" in found(collect("CFTC", "TFF.043602.Open_Interest_All", [(day, 4e6) for day in WEDNESDAYS]))


def test_days_of_a_weekend_are_found() -> None:
    assert "2025-07-05" in found(changed(daily(), lambda values: values.__setitem__(date(2025, 7, 5), 4.3)))["weekday"]


def test_a_unit_that_the_file_states_is_compared() -> None:
    assert found(replace(weekly(), unit="USD mn")) == {}
    assert "USD bn" in found(replace(weekly(), unit="USD bn"))["unit"]


def test_a_duplicated_date_is_refused_even_when_values_agree() -> None:
    body = layouts.fred_graph(["SOFR"], [("2025-10-28", "4.31"), ("2025-10-29", "4.27"), ("2025-10-29", "4.27")])
    with pytest.raises(SourceError, match="duplicated date: SOFR: 1 more than one on 2025-10-29"):
        read(body, "fredgraph.csv")


def test_numbers_and_marks() -> None:
    assert [number(text, "x") for text in ("1,234.5", " -0.25 ", "1e3", "$5", 7)] == [1234.5, -0.25, 1000.0, 5.0, 7.0]
    assert [number(text, "x") for text in (".", "", "ND", "n.a.", "null", None)] == [None] * 6
    assert [number(text, "x") for text in ("$1,234,567", "-1,234", ".5", "5.", "-.5e-3")] == [1234567.0, -1234.0, 0.5, 5.0, -0.0005]
    for text in ("4.2%", "four", "nan", "inf", True, "3,87", "1,5", "1,2345", "1234,567", ",5", "1,234,", "1_000", "1.234,5", "4 1"):
        with pytest.raises(SourceError, match="unreadable value"):
            number(text, "x")


@pytest.mark.parametrize(
    ("publisher", "series", "good", "bad"),
    [
        ("Treasury", "mts_table_1.receipts", 400e9, 400e3),
        ("Treasury", "mts_table_1.outlays", 550e9, 550e3),
        ("Treasury", "avg_interest_rates.Treasury Notes", 3.1, 0.031),
        ("Treasury", "avg_interest_rates.Treasury Bonds", 3.3, 0.033),
        ("CFTC", "TFF.043602.Lev_Money_Positions_Short_All", 1_800_000.0, 1_800.0),
        ("CFTC", "TFF.043602.Open_Interest_All", 5_000_000.0, 5_000.0),
        ("Treasury", "debt_to_penny.intragov_hold_amt", 7e12, 30e12),
    ],
)
def test_ranges_have_two_ends(publisher: str, series: str, good: float, bad: float) -> None:
    """Flows, rates, positions and debt in the next smaller unit, and two columns of the debt exchanged."""
    days = {"mts": [date(2025, 10, 31)], "avg": [date(2025, 10, 31)], "TFF": [date(2025, 10, 28)]}.get(series[:3], [WEDNESDAYS[0]])
    assert found(collect(publisher, series, [(days[0], good)])) == {}
    assert set(found(collect(publisher, series, [(days[0], bad)]))) <= {"thousands for billions", "unit", "out of range"}
    assert found(collect(publisher, series, [(days[0], bad)]))


def compiled(name: str, start: date = date(2025, 7, 1), times: float = 1.0) -> list[tuple[date, float]]:
    days, values = history(name)
    return [(day, float(value) * times) for day, value in zip(days, values, strict=True) if start <= day <= date(2025, 10, 31)]


def test_exchanged_columns_are_found_by_the_compiled_history() -> None:
    """Two and ten years' yields are of one size: only known values tell them apart."""
    two, ten = compiled("yield_2y"), compiled("yield_10y")
    right = [collect("FRED", "DGS2", two), collect("FRED", "DGS10", ten)]
    assert prepare(right).of("yield_2y") == dict(two)
    swapped = [collect("FRED", "DGS2", ten), collect("FRED", "DGS10", two)]
    with pytest.raises(SourceError, match=r"column swapped: yield_2y: on \d+ of \d+ common days its values are those of yield_10y"):
        prepare(swapped)


def test_a_unit_inside_the_range_is_found_by_the_compiled_history() -> None:
    small = collect("FRED", "RRPONTSYD", compiled("on_rrp", date(2023, 1, 1), 1e-3))
    with pytest.raises(SourceError, match=r"thousands for billions: on_rrp: .* its values are 10\^-3 times"):
        prepare([small])


def test_decimals_for_percent_are_found_by_the_compiled_history() -> None:
    decimals = collect("FRED", "SOFR", [(day, value / 100) for day, value in compiled("sofr")])
    with pytest.raises(SourceError, match=r"unit: sofr: .* its values are 10\^-2 times"):
        prepare([decimals])


def test_basis_points_for_percent_are_found_by_the_range() -> None:
    assert "10^2" in found(replace(daily(), values=tuple((value or 0.0) * 100 for value in daily().values)))["unit"]


def test_values_unlike_the_history_are_refused() -> None:
    with pytest.raises(SourceError, match="unlike the history: sofr"):
        prepare([collect("FRED", "SOFR", [(day, value + 2.0) for day, value in compiled("sofr")])])


def test_the_history_itself_comes_through_unchanged() -> None:
    """The compiled data written in FRED's layout and units are read back to the same numbers."""
    rates = {"SOFR": "sofr", "EFFR": "effr", "DGS10": "yield_10y"}
    series = [collect("FRED", name, compiled(own)) for name, own in rates.items()]
    series.append(collect("FRED", "WALCL", compiled("fed_total_assets", times=1e3)))
    back = histories(prepare(series))
    for own in rates.values():
        assert back[own] == dict(compiled(own))
    for day, value in compiled("fed_total_assets"):
        assert back["fed_total_assets"][day] == pytest.approx(value, rel=1e-12)


def test_two_publishers_must_agree() -> None:
    fred = collect("FRED", "SOFR", [(day, 4.30) for day in WORKING])
    desk = collect("New York Fed", "SOFR.percentRate", [(day, 4.30 if day != WORKING[3] else 4.50) for day in WORKING], unit="percent")
    with pytest.raises(
        SourceError, match=r"publishers disagree: sofr: FRED SOFR and New York Fed .* differ on 1 days \(2025-07-04: 4.3 and 4.5\)"
    ):
        prepare([fred, desk], reference={})


def test_rates_follow_each_other_under_one_name() -> None:
    old = collect("FRED", "IOER", [(date(2021, 7, 27) + timedelta(days=k), 0.15) for k in range(4)])
    new = collect("FRED", "IORB", [(date(2021, 7, 29) + timedelta(days=k), 0.15) for k in range(5)])
    assert sorted(prepare([old, new], reference={}).of("iorb")) == [
        date(2021, 7, 27),
        date(2021, 7, 28),
        date(2021, 7, 29),
        date(2021, 7, 30),
        date(2021, 8, 2),
    ]


def board(name: str, level: float, vintage: date | None = None) -> Published:
    pairs = [(day, level) for day in WEDNESDAYS]
    return collect("Federal Reserve Board", f"H41/H41/{name}", pairs, unit="USD mn", origin=f"{name}-{vintage}", vintage=vintage)


CLASSES = {
    "RESPPALGUO_N.WW": 4_200_000.0,
    "RESPPALGUOB_N.WW": 200_000.0,
    "RESPPALGUOMN_N.WW": 3_600_000.0,
    "RESPPALGUOMI_N.WW": 300_000.0,
    "RESPPALGUOMC_N.WW": 100_000.0,
}


def test_a_revision_that_breaks_an_identity_is_caught() -> None:
    first = [board(name, level, date(2025, 11, 20)) for name, level in CLASSES.items()]
    assert prepare(first, reference={}).of("fed_bills")[WEDNESDAYS[0]] == 200_000.0
    revised = changed(first[1], lambda values: values.__setitem__(WEDNESDAYS[4], 260_000.0))
    merged, notes = merge([*first, replace(revised, vintage=date(2025, 12, 1), origin="revised")])
    assert [(item.check, item.severity) for item in notes] == [("revision", "note")]
    assert "200000 became 260000" in notes[0].message
    with pytest.raises(SourceError, match=r"identity: the Fed's Treasuries by class: 2025-07-30: off by -60,000 USD mn"):
        prepare(merged, found=notes, reference={})


def test_a_revision_that_keeps_every_identity_passes_with_a_note() -> None:
    first = [board(name, level, date(2025, 11, 20)) for name, level in CLASSES.items()]
    moved = {"RESPPALGUOB_N.WW": 260_000.0, "RESPPALGUOMN_N.WW": 3_540_000.0}
    second = [board(name, level, date(2025, 12, 1)) for name, level in moved.items()]
    merged, notes = merge([*first, *second])
    prepared = prepare(merged, found=notes, reference={})
    assert prepared.of("fed_bills")[WEDNESDAYS[0]] == 260_000.0
    assert len(prepared.findings) == 2


def test_observations_that_disappear_are_an_error() -> None:
    old = weekly()
    new = replace(changed(old, lambda values: values.pop(WEDNESDAYS[5])), vintage=date(2025, 12, 1))
    (finding,) = check_revision(replace(old, vintage=date(2025, 11, 20)), new)
    assert (finding.check, finding.severity) == ("revision", "error")


def test_files_of_one_vintage_must_agree() -> None:
    one = replace(weekly(), origin="a.csv", vintage=date(2025, 12, 1))
    other = replace(changed(one, lambda values: values.__setitem__(WEDNESDAYS[5], 6_700_000.0)), origin="b.csv")
    merged, notes = merge([one, other])
    assert len(merged) == 1
    assert [item.check for item in notes] == ["conflict"]
    assert "a.csv and b.csv" in notes[0].message
    assert merge([one, replace(one, origin="b.csv")])[1] == []


def test_identities_are_left_alone_where_a_series_is_absent() -> None:
    assert check_identities({"bills": {date(2025, 9, 30): 1.0}}, {"bills": "USD mn"}, KNOWN) == []


def test_errors_are_accepted_by_name_only() -> None:
    gap = changed(weekly(), lambda values: values.pop(WEDNESDAYS[2]))
    with pytest.raises(SourceError):
        prepare([gap], reference={}, accepted=["weekday"])
    prepared = prepare([gap], reference={}, accepted=["gap"])
    assert [item.check for item in prepared.findings] == ["gap"]
    assert figures(prepared, ["fed_total_assets"])[0].value == pytest.approx(6601.2)


def test_all_errors_are_told_at_once() -> None:
    with pytest.raises(SourceError) as caught:
        prepare(
            [
                changed(weekly(), lambda values: values.pop(WEDNESDAYS[2])),
                collect("FRED", "SOFR", [(day, 400.0) for day in WORKING]),
            ],
            reference={},
        )
    assert {item.check for item in caught.value.findings} == {"gap", "unit"}


def test_an_unmapped_series_is_an_error_with_the_nearest() -> None:
    with pytest.raises(SourceError, match="'SOFRX' is not mapped; nearest: SOFR"):
        prepare([collect("FRED", "SOFRX", [(WORKING[0], 4.3)])])


def test_a_finding_reads_as_check_place_and_message() -> None:
    assert str(Finding("gap", "WALCL", "two weeks")) == "gap: WALCL: two weeks"
