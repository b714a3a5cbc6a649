"""Comparison with compiled values: each kind of fault by its name, revisions noted, whatever the numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.sources import catalogue
from calibration.sources.checks import check_identities
from calibration.sources.comparison import Known, check_moved, check_reference
from calibration.sources.revisions import known_figures, known_history, ordinary, revisions
from tests.sources import layouts

DAYS = layouts.working_days(date(2025, 1, 2), 40)
OWN = {day: 4.30 + 0.01 * (place % 5) for place, day in enumerate(DAYS)}
OTHER = {day: 4.36 + 0.01 * (place % 3) for place, day in enumerate(DAYS)}
RATES = {"own": Known(OWN, 0.02, rate=True), "other": Known(OTHER, 0.02, rate=True)}
STOCK = {"stock": Known(dict.fromkeys(DAYS, 3000.0), 5.0, 0.01)}


def names(series: dict[str, dict[date, float]], reference: dict[str, Known]) -> list[tuple[str, str]]:
    return [(item.check, item.severity) for item in check_reference(series, reference)]


@pytest.mark.parametrize("count", [3, 10, 40])
def test_another_series_on_a_part_of_the_days_is_named(count: int) -> None:
    """The two differ by a few basis points: relative to their level that is nothing."""
    values = OWN | {day: OTHER[day] for day in DAYS[-count:]}
    (finding,) = check_reference({"own": values}, RATES)
    assert (finding.check, "those of other" in finding.message) == ("column swapped", True)


@pytest.mark.parametrize(
    ("value", "check"),
    [(8.73, "unlike the history"), (0.0430, "unit"), (430.0, "unit"), (4.27, "unlike the history"), (-4.3, "unlike the history")],
)
def test_one_day_is_enough(value: float, check: str) -> None:
    (finding,) = check_reference({"own": OWN | {DAYS[20]: value}}, RATES)
    assert finding.check == check
    assert DAYS[20].isoformat() in finding.message


@pytest.mark.parametrize(
    ("times", "check"), [(1e-3, "thousands for billions"), (1e3, "thousands for billions"), (10.0, "unlike the history")]
)
def test_stocks_in_another_unit_on_some_days(times: float, check: str) -> None:
    assert names({"stock": {day: 3000.0 * (times if day == DAYS[7] else 1.0) for day in DAYS}}, STOCK) == [(check, "error")]


@given(st.floats(-1.0, 1.0), st.integers(0, 39))
def test_revisions_up_to_the_ordinary_size_are_notes(share: float, place: int) -> None:
    """One per cent of 3,000 is 30: a revision within it is noted or rounding, one beyond it is refused."""
    day = DAYS[place]
    within = names({"stock": dict.fromkeys(DAYS, 3000.0) | {day: 3000.0 + 30.0 * share}}, STOCK)
    assert within in ([], [("revision", "note")])
    beyond = names({"stock": dict.fromkeys(DAYS, 3000.0) | {day: 3000.0 + 30.0 * share + (31.0 if share >= 0 else -31.0)}}, STOCK)
    assert beyond == [("unlike the history", "error")]


def test_a_day_between_compiled_days_is_compared_with_those_around_it() -> None:
    """Holidays that a publisher does not print: a value on one is near those of the days around it, within ten revisions."""
    gap = DAYS[19]
    known = {"own": Known({day: value for day, value in OWN.items() if day != gap}, 0.02, rate=True)}
    assert names({"own": OWN}, known) == []
    assert names({"own": OWN | {gap: OWN[DAYS[18]] + 0.19}}, known) == []
    (finding,) = check_reference({"own": OWN | {gap: OWN[DAYS[18]] + 0.5}}, known)
    assert finding.check == "unlike the history"
    assert gap.isoformat() in finding.message


def test_days_after_the_compiled_ones_are_left_alone() -> None:
    later = dict.fromkeys(layouts.working_days(date(2026, 1, 2), 20), 9.0)
    assert check_reference({"own": OWN | later, "unknown": later}, RATES) == []


def test_the_compiled_history_differs_from_itself_nowhere() -> None:
    known = known_history(catalogue())
    assert check_reference({name: item.values for name, item in known.items()}, known) == []
    for table in ("quarters", "estimation", "published"):
        figures = known_figures(table)
        assert all(item.values for item in figures.values())
        assert check_reference({name: item.values for name, item in figures.items()}, figures) == []


def test_every_row_names_a_series_or_figure_of_the_catalogue() -> None:
    known = catalogue()
    for row in revisions():
        assert known.named(row.of) if row.table == "rates" else known.target(row.of).terms, row
        assert row.amount > 0 or row.share > 0
        assert row.share <= 0.1
    assert ordinary("rates", "sofr", 4.3) == 0.02
    assert ordinary("quarters", "reserves", 4000.0) == 20.0
    assert ordinary("quarters", "no such series", 1.0) == 0.0


def test_identities_take_compiled_values_for_what_a_folder_lacks() -> None:
    """Classes that sum to 100 bn more than the compiled total: the total is not in the files."""
    day, reference = date(2025, 10, 29), known_history(catalogue())
    total = reference["fed_treasuries"].values[day]
    classes = {"fed_bills": 200000.0, "fed_tips": 300000.0, "fed_inflation_compensation": 127000.0}
    units = dict.fromkeys([*classes, "fed_notes_bonds"], "USD mn")

    def broken(extra: float) -> list[str]:
        rest = total - sum(classes.values()) + extra
        series = {name: {day: value} for name, value in (classes | {"fed_notes_bonds": rest}).items()}
        return [str(item) for item in check_identities(series, units, catalogue(), reference)]

    assert broken(0.0) == []
    (found,) = broken(100000.0)
    assert found.startswith("identity: the Fed's Treasuries by class: 2025-10-29: off by -100,000 USD mn")
    assert "(compiled)" in found


def test_the_feds_balance_sheet_is_checked_with_freds_series() -> None:
    known = catalogue()
    assert known.entry("FRED", "WLTLECL").name == "fed_liabilities"
    assert known.entry("FRED", "WCTCL").name == "fed_capital"
    day = date(2025, 10, 29)
    series = {"fed_liabilities": {day: 6540000.0 + 300000.0}, "fed_capital": {day: 47000.0}}
    (found,) = check_identities(series, dict.fromkeys(series, "USD mn"), known, known_history(known))
    assert found.where == "the Fed's balance sheet"


def test_large_moves_of_an_opening_are_errors() -> None:
    day = date(2025, 12, 31)
    rows = [(day, "reserves", 2853.4, 2950.0, 3.2), (day, "tga", 872.9, 880.0, 0.8), (day, "sofr", 0.0387, 0.03, -44.0)]
    assert [(item.check, item.where) for item in check_moved(rows)] == [("moved opening", "reserves"), ("moved opening", "sofr")]
