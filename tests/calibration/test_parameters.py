"""Parameter files: complete against the equations, consistent in unit and bound, refused with the place when broken."""

from __future__ import annotations

import re
from datetime import date

import pytest

from calibration import DataError, load_parameters, parameter_sets, parameter_values
from calibration.baseline import baseline_inputs
from calibration.business_days import time_grid
from calibration.parameters import check_entry, read_set
from equations.anchors import ANCHORED_PARAMETERS, ANCHORS
from equations.dollar_system import dollar_system
from model.language.symbols import Parameter


def declared() -> dict[str, Parameter]:
    """Every parameter that an equation or an anchor of the dollar system uses."""
    found = {p.name: p for p in dollar_system().parameters}
    for item in ANCHORS:
        found |= {s.name: s for s in item.expression.free_symbols if isinstance(s, Parameter)}
    return found


def test_every_parameter_has_a_value_or_an_anchor() -> None:
    missing = sorted(set(declared()) - set(load_parameters()) - ANCHORED_PARAMETERS)
    assert not missing, f"no value in calibration/parameters.toml: {missing}"


def test_every_value_has_a_parameter() -> None:
    extra = sorted(set(load_parameters()) - set(declared()))
    assert not extra, f"in calibration/parameters.toml but in no equation: {extra}"


def test_no_anchored_parameter_has_a_second_value() -> None:
    assert not set(load_parameters()) & ANCHORED_PARAMETERS


@pytest.mark.parametrize("name", parameter_sets())
def test_units_and_bounds_are_those_of_the_declarations(name: str) -> None:
    symbols = declared()
    for key, entry in parameter_values(name).items():
        symbol = symbols[key]
        assert entry.unit == str(symbol.unit), key
        assert symbol.lower is None or entry.lower >= symbol.lower, key
        assert symbol.upper is None or entry.upper <= symbol.upper, key
        assert entry.lower <= entry.value <= entry.upper, key
        assert entry.source, key
        assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", entry.date), key
        assert entry.date <= "2025-12-31", key


@pytest.mark.parametrize("name", parameter_sets())
def test_what_is_set_is_marked_as_an_assumption(name: str) -> None:
    for key, entry in read_set(name).items():
        if entry.source.startswith("set") or "to be checked" in entry.source:
            assert entry.assumption, key


@pytest.mark.parametrize("name", parameter_sets())
def test_the_mark_fits_the_source(name: str) -> None:
    """Judgements and priors are assumptions, definitions are none, and no source promises work to come."""
    for key, entry in read_set(name).items():
        assert entry.assumption or entry.basis not in {"prior", "judgement"}, key
        assert not (entry.assumption and entry.basis == "definition"), key
        assert entry.basis in {"prior", "judgement"} or not entry.source.startswith("set"), key
        assert "re-estimated" not in entry.source, key


def test_values_of_the_two_repo_curves() -> None:
    """Level and threshold in basis points and USD bn as fitted for 2025 and 2019."""
    now, then = load_parameters(), load_parameters("parameters_2019")
    assert [now[k] for k in ("curve_level", "curve_slope", "curve_width", "curve_threshold")] == pytest.approx([-8e-4, 0.108e-4, 257, 2794])
    assert [then[k] for k in ("curve_level", "curve_slope", "curve_width", "curve_threshold")] == pytest.approx(
        [-1e-4, 0.050e-4, 150, 1650]
    )
    assert then["gamma"] == now["gamma"]


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(DataError, match=r"no parameter set 'parameters_1907'; there are: .*parameters_2019"):
        load_parameters("parameters_1907")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            {"value": 3.0, "unit": "1", "date": "2025-10", "basis": "prior", "source": "s", "lower": 0.0, "upper": 1.0},
            "value 3 is outside its bounds 0 to 1",
        ),
        (
            {"value": 0.5, "date": "2025-10", "basis": "prior", "source": "s", "lower": 0.0, "upper": 1.0},
            "parameter 'zeta', unit: Field required",
        ),
        (
            {"value": "much", "unit": "1", "date": "2025-10", "basis": "prior", "source": "s", "lower": 0.0, "upper": 1.0},
            "parameter 'zeta', value: ",
        ),
        (
            {"value": 0.5, "unit": "1", "date": "2025-10", "basis": "prior", "source": "s", "lower": 0.0, "upper": 1.0, "note": ""},
            "parameter 'zeta', note: ",
        ),
        (0.5, "parameter 'zeta': Input should be"),
    ],
)
def test_a_broken_entry_is_refused_with_its_name(entry: object, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        check_entry("calibration/parameters.toml", "zeta", entry)


def test_an_opening_has_the_overnight_market_of_its_time() -> None:
    """The curve of 2025 knows another level of deposits and reserves than that of 2019."""
    grid = time_grid(date(2019, 6, 30), "weekly", periods=2)
    usual, chosen = baseline_inputs("2019-06-30", grid), baseline_inputs("2019-06-30", grid, parameters="parameters_2019")
    later = baseline_inputs("2019-06-30", grid, parameters="parameters")
    assert usual.parameters == chosen.parameters
    assert usual.parameters["curve_threshold"] == 1650.0 != later.parameters["curve_threshold"]
