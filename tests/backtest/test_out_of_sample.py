"""Nothing of a window enters its parameters: with every later figure taken away they are the same, and no sample reaches into it unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest

from calibration import newer, quarters, tables
from calibration.backtest import earlier
from calibration.backtest.forecast import opening
from calibration.backtest.given import given, settings
from calibration.backtest.noise import Noise
from calibration.backtest.surprises import measured
from calibration.backtest.windows import WINDOWS, Chosen, Window
from calibration.business_days import time_grid
from calibration.estimation import samples
from calibration.newer import Newer, observations
from calibration.parameters import Value, load_parameters, parameter_values
from calibration.state import opening_state
from equations.anchors import anchor

FIT = ("2023-12-01", "2025-12-31")
SAMPLES = {
    "on_rrp_tail_size": FIT,
    "on_rrp_tail_decay": FIT,
    "on_rrp_period_end": ("2024-01-31", "2025-08-31"),
    "on_rrp_quarter_end": ("2024-06-30", "2025-09-30"),
    "curve_level": FIT,
    "curve_slope": FIT,
    "curve_width": FIT,
    "curve_threshold": FIT,
    "cliff_height": ("2019-09-16", "2019-09-17"),
    "abundant_slope": ("2021-01-01", "2021-04-30"),
    "abundant_threshold": ("2021-01-01", "2021-04-30"),
    "period_end_drain": ("2024-01-31", "2025-08-31"),
    "quarter_end_drain": ("2024-06-30", "2025-09-30"),
    "period_end_wedge": ("2025-10-31", "2025-10-31"),
    "wedge_slope": ("2024-01-01", "2025-12-31"),
    "srf_slope": ("2025-01-01", "2025-12-10"),
    "srf_width": ("2025-01-01", "2025-12-10"),
    "srf_stigma": ("2025-01-01", "2025-12-10"),
    "sofr_volatility_normal": ("2025-10-01", "2025-11-30"),
    "loan_growth": ("2025-01-01", "2025-10-29"),
    "deposit_beta_target": ("2019-12-31", "2024-12-30"),
    "deposit_beta_speed": ("2019-12-31", "2024-12-30"),
    "bank_treasury_speed": ("2018-06-30", "2021-12-30"),
    "clearing_deposit_share": ("2023-01-01", "2024-12-30"),
    "frp_deposit_slope": ("2019-06-30", "2020-12-31"),
    "usd_share": ("2025-09-30", "2025-09-30"),
    "tax_rate": ("2024-10-01", "2025-09-30"),
    "transfers_share": ("2024-10-01", "2025-09-30"),
    "fed_agency_paydown_rate": ("2024-12-31", "2025-12-31"),
    "mmf_lead": ("2024-08-31", "2025-08-31"),
    "bank_treasury_lead": ("2024-10-01", "2025-09-30"),
    "hf_basis_share_opening": ("2025-09-30", "2025-09-30"),
}
"""First and last day of the figures behind every parameter that is measured; statutes, definitions and literature have none."""
UNITS = {"deposits_reference"}
FUNDS_RATE = {"effr_level", "effr_reserves", "effr_deposits"}
"""Fitted to August 2014, 2019 and 2024; the federal funds rate is held against history in the last window alone, and moves nothing else."""
NO_SAMPLE = {
    "one_year", "duration_notes", "duration_bonds", "note_premium_share", "leverage_requirement", "leverage_reference", "one_segment",
    "effr_unit", "srf_cleared", "srf_cap", "hf_haircut_normal", "hf_haircut_floor", "futures_tenor", "lapse_share", "tga_floor",
    "fed_agency_to_bills", "fed_holding_limit", "remittance_share", "demand_switch", "averaging_time", "fima_spread", "fima_on",
}  # fmt: skip
"""Neither set by judgement nor measured on a sample: switches, units, statutes, conventions."""


def before(day: date, function: Callable[..., Any]) -> Callable[..., Any]:
    """A reader of dated rows, or of (dates, values), that has forgotten everything later than a day."""

    def call(*args: Any) -> Any:
        found = function(*args)
        if len(found) == 2 and isinstance(found[1], np.ndarray):
            kept = [place for place, when in enumerate(found[0]) if when <= day]
            return tuple(found[0][place] for place in kept), found[1][kept]
        return tuple(item for item in found if item.date <= day)

    return call


@dataclass(frozen=True)
class Worlds:
    """A window as it is and in a world that ends on its opening day, with the sizes of surprises in the former."""

    usual: Mapping[str, Chosen]
    sizes: Mapping[str, Noise]
    forgetful: Window


@pytest.fixture(params=WINDOWS, ids=lambda item: str(item.name))
def worlds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worlds]:
    item: Window = request.param
    usual, sizes = item.parameters, measured(item.opening)
    for module, name in (
        (newer, "history"),
        (samples, "read"),
        (samples, "published_series"),
        (earlier, "dated"),
        (earlier, "figures"),
        (earlier, "observations"),
    ):
        monkeypatch.setattr(module, name, before(item.opening, getattr(module, name)))
    with observations(Newer()):
        yield Worlds(usual, sizes, Window(item.name, item.opening, item.end))


def test_later_figures_change_no_parameter(worlds: Worlds) -> None:
    found = worlds.forgetful.parameters
    assert set(found) == set(worlds.usual)
    for name, chosen in found.items():
        assert chosen.value == pytest.approx(worlds.usual[name].value, rel=1e-9), name


def test_later_figures_change_no_size_of_a_surprise(worlds: Worlds) -> None:
    for name, noise in measured(worlds.forgetful.opening).items():
        assert astuple(noise)[:3] == pytest.approx(astuple(worlds.sizes[name])[:3], rel=1e-9), name


LATER = tuple(item for item in WINDOWS if item.opening >= min(row.date for row in tables.observations()))


@pytest.mark.parametrize("item", LATER, ids=lambda item: str(item.name))
def test_later_balance_sheets_change_no_opening(item: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """Balanced days after the opening taken away: every value of the opening stays. The first window has none before it."""
    usual = opening(item.opening, 7 / 365)
    for name in ("observations", "levels"):
        monkeypatch.setattr(quarters, name, before(item.opening, getattr(quarters, name)))
    with observations(Newer()):
        again = opening(item.opening, 7 / 365)
    assert again == pytest.approx(usual, rel=1e-12, nan_ok=True)


def test_only_the_first_window_takes_figures_from_its_inside() -> None:
    """The first balanced day is 2019-06-30, half a year into it; docs/estimation.md says so."""
    assert [item.name for item in WINDOWS if item not in LATER] == ["2018Q4-2019Q4"]
    assert len(LATER) == 4


def test_the_world_that_ends_has_no_later_figure(worlds: Worlds) -> None:
    opening = worlds.forgetful.opening
    assert max(day.date for day in samples.days()) <= opening
    assert max(samples.quarterly("bank_deposits")[0]) <= opening
    assert max(row.date for row in tables.published_rows()) > opening


def test_every_measured_parameter_has_its_sample_here() -> None:
    """A parameter is set by judgement (its source says so), has no sample by nature, or has its sample in the table above."""

    def judged(record: Value) -> bool:
        return record.assumption and not record.source.startswith(("fit", "estimate", "derived", "H.4.1", "FEDS Notes"))

    measured_ones = {name for name, record in parameter_values().items() if not judged(record)}
    assert measured_ones - set(SAMPLES) - NO_SAMPLE - UNITS - FUNDS_RATE == set()
    assert set(SAMPLES) <= set(parameter_values())


@pytest.mark.parametrize("item", WINDOWS, ids=lambda item: str(item.name))
def test_no_sample_reaches_into_a_window(item: Window) -> None:
    """What is measured inside a window is replaced, or given as policy or as the opening's own figure."""
    grid = time_grid(item.opening, "weekly", periods=4)
    state, values = anchor(opening_state(item.opening), load_parameters())
    _, paths = given(grid, state, values)
    replaced = set(item.parameters) | set(settings(item.opening)) | set(paths)
    spending = {"transfers_share"}
    inside = {
        name for name, (first, last) in SAMPLES.items() if date.fromisoformat(first) <= item.end and date.fromisoformat(last) > item.opening
    }
    assert inside - replaced - spending == set(), "transfers enter receipts with the opposite sign: the deficit is given"
