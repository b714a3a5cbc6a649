"""Values that mean nothing are refused with the range that means something: switches, caps, shares, units mistaken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from calibration import load_parameters, parameter_sets
from dollarflow import dollar_system, opening_state, simulate
from dollarflow.scenarios import names, scenario
from equations.limits import LIMITS
from model.periods.inputs import InputError
from tests.application.conftest import Outcome

REFUSED = {
    "srf_on=5": "0 to 1",
    "rmp_on=-1": "0 to 1",
    "shutdown=-3": "0 to 1",
    "quarter_end=50": "0 to 1",
    "sanctions=-5": "-1 to 100",
    "qt_cap_treasury=-100": "0 or more USD bn / yr",
    "debt_limit=37": "1000 or more USD bn",
    "tax_season=1e6": "0 to 262",
    "rate_upper=1": "rates are decimals per year, -0.1 to 0.6 (0.039 is 3.9 %)",
    "growth=4": "-0.5 to 0.5",
    "agency_spread=60": "-0.1 to 0.2",
    "one_year=2": "1 to 1",
    "hf_margin_normal=1": "0 to 0.5",
    **{f"{name}=0": "" for name in ("usd_share", "on_rrp_large", "duration_bonds", "sofr_volatility_normal", "gamma", "dealer_capacity")},
    **{f"{name}=0": "" for name in ("bill_life", "cliff_width", "curve_threshold", "deposits_reference", "effr_unit", "on_rrp_tail_decay")},
}


@pytest.mark.parametrize("setting", REFUSED)
def test_a_setting_out_of_bounds_is_refused_before_anything_is_solved(
    command: Callable[..., Outcome], tmp_path: Path, setting: str
) -> None:
    code, out, err = command("run", "--set", setting, "--out", tmp_path / "r")
    name, _, value = setting.partition("=")
    assert (code, out) == (2, "")
    assert err.startswith(f"dollarflow: --set {name}={float(value):g}: out of bounds; ")
    assert err.rstrip().endswith(REFUSED[setting] or " or more" * (name != "usd_share"))
    assert not (tmp_path / "r").exists()


def test_a_setting_from_which_something_impossible_follows_is_named(command: Callable[..., Outcome], tmp_path: Path) -> None:
    code, _, err = command("run", "--set", "hf_haircut_normal=1", "--out", tmp_path / "r")
    assert code == 2
    assert err.startswith("dollarflow: hf_haircut_normal=1: out of bounds; hf_buffer (own funds that a fund keeps")


def test_a_shock_and_a_given_path_keep_the_same_bounds(command: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('title = "t"\n[[shock]]\nvariable = "srf_on"\nset = 2\n')
    code, _, err = command("run", tmp_path / "s.toml", "--out", tmp_path / "r")
    assert (code, err) == (2, f"dollarflow: {tmp_path}/s.toml:4: srf_on = 2 is out of bounds; allowed: 0 to 1\n")
    with pytest.raises(InputError, match="srf_on = 2: out of bounds; allowed: 0 to 1"):
        simulate(dollar_system(), opening_state("2025-10-29"), periods=2, exogenous={"srf_on": 2.0})


def test_bounds_are_of_given_variables_and_leave_room_for_the_library() -> None:
    system = dollar_system()
    assert set(LIMITS) <= set(system.given)
    bounds = {p.name: (p.lower, p.upper) for p in system.parameters}
    chosen = [*(load_parameters(name).items() for name in parameter_sets()), *(scenario(name).parameters for name in names())]
    for name, value in (item for items in chosen for item in items):
        low, high = bounds.get(name, (None, None))
        assert low is None or value >= low, name
        assert high is None or value <= high, name


@pytest.mark.parametrize(
    ("name", "instead"), [("mmf_lead", "mmf_logit"), ("hf_capacity_used", "hf_buffer"), ("hf_var_used", "hf_var_multiplier")]
)
def test_a_figure_of_the_opening_is_refused_with_what_follows_from_it(command: Callable[..., Outcome], name: str, instead: str) -> None:
    code, _, err = command("run", "--set", f"{name}=0.1")
    assert (code, err) == (2, f"dollarflow: --set {name}: it is a figure of the opening; set what follows from it, {instead}\n")
