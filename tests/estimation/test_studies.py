"""The estimates on the compiled data: points of the curves (T46), held-out days (T48), and the committed table."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration.estimates import committed
from calibration.estimation import reserve_demand, standing_repo
from calibration.estimation.expressions import Floats
from calibration.estimation.registry import studies
from calibration.estimation.report import estimates_toml
from calibration.estimation.samples import between, column, days
from calibration.estimation.study import Study
from calibration.newer import Newer, observations
from calibration.parameters import load_parameters

FOLDER = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found() -> dict[str, Study]:
    return {study.name: study for study in studies()}


def flat(table: object, path: str = "") -> dict[str, object]:
    """Every value of a TOML table by its path."""
    if isinstance(table, dict):
        return {key: value for name, item in table.items() for key, value in flat(item, f"{path}.{name}").items()}
    if isinstance(table, list):
        return {key: value for place, item in enumerate(table) for key, value in flat(item, f"{path}[{place}]").items()}
    return {path: table}


def assert_same(made: str, kept: str) -> None:
    """Numbers to 1e-9, every other word exactly."""
    found, known = flat(tomllib.loads(made)), flat(tomllib.loads(kept))
    assert found.keys() == known.keys()
    for name, value in known.items():
        if isinstance(value, float):
            assert found[name] == pytest.approx(value, rel=1e-9, abs=0, nan_ok=True), name
        else:
            assert found[name] == value, name


def elsewhere(**environment: str) -> str:
    """The table made by a process of its own, with these environment variables."""
    code = "import sys; from calibration.estimation.report import estimates_toml; sys.stdout.buffer.write(estimates_toml().encode())"
    made = subprocess.run([sys.executable, "-c", code], env={**os.environ, **environment}, cwd=FOLDER, capture_output=True, check=True)
    return made.stdout.decode("utf-8")


def test_committed_table_is_reproduced() -> None:
    assert_same(estimates_toml(), committed())


def test_a_second_estimation_gives_the_same_bytes() -> None:
    with observations(Newer()):
        again = estimates_toml()
    assert again == estimates_toml()


@pytest.mark.slow
def test_another_process_gives_the_same_bytes() -> None:
    """The order of sets and dictionaries differs between processes; no digit does."""
    assert elsewhere(PYTHONHASHSEED="7") == estimates_toml()


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="these kernels are of the x86-64 processors")
def test_other_kernels_give_the_same_numbers() -> None:
    """OpenBLAS as on a processor of 2011, and numpy without any of the vector instructions that it found on this one."""
    build: Any = np.show_config(mode="dicts")
    found = build["SIMD Extensions"].get("found", [])
    assert_same(elsewhere(OPENBLAS_CORETYPE="Sandybridge", NPY_DISABLE_CPU_FEATURES=" ".join(found)), committed())


def test_reserve_curve_at_the_published_monthly_means(found: dict[str, Study]) -> None:
    """Month means of SOFR less IORB and of week-average reserves, as compiled from the publications; ON RRP of the month added."""
    fit = found["reserve_demand"].fit
    none = dict.fromkeys(("month_end", "quarter_end", "after_end", "mid_month", "abundance"), 0.0)
    for slack, spread in ((3330.0, -5.6), (2960.0, 7.4), (2880.0, 7.8), (2940.0, 5.9)):
        ordinary = float(fit.predict({"slack": slack, **none}))
        assert ordinary == pytest.approx(spread, abs=5.0)


def test_reserve_curve_slopes_like_the_monthly_means(found: dict[str, Study]) -> None:
    """From August to November 2025 reserves fell by 423 and the spread rose by 13.4 bp: 2.5 to 4.5 bp per 100 bn."""
    slope = 100 * found["reserve_demand"].fit.values["slope"]
    assert 2.0 < slope < 4.5


def test_held_out_days_are_not_in_the_sample(found: dict[str, Study]) -> None:
    study = found["reserve_demand"]
    assert study.fit.observations == len(between(study.first, study.last, lambda day: day.on_rrp <= 500)) - 2
    assert [day.observed for day in study.held_out] == pytest.approx([32.0, 22.0])


def test_take_up_of_october_is_predicted_from_other_days(found: dict[str, Study]) -> None:
    """50.35 was accepted on 31 October; two standard errors of the slope and the residual of the largest days make about 15."""
    october, december = found["standing_repo"].held_out
    assert october.observed == 50.35
    assert october.predicted == pytest.approx(50.35, abs=15)
    assert december.observed == 74.6
    assert december.predicted > 50


def test_take_up_of_single_days(found: dict[str, Study]) -> None:
    """Dated take-ups: 6.0 on 30 September with SOFR a basis point under the rate, 22.0 on 3 November with it 13 over."""
    fit = found["standing_repo"].fit
    assert float(fit.predict({"over_srf": -1.0})) == pytest.approx(6.0, abs=3)
    assert float(fit.predict({"over_srf": 13.0})) == pytest.approx(22.0, abs=5)


def test_federal_funds_curve_at_the_dated_spreads(found: dict[str, Study]) -> None:
    """-7 bp with reserves near 3,300 in August 2025 and -1 bp at year-end: the sub-sample since 2023 within 2 bp, signs as in theory."""
    fit = found["federal_funds"].others["2023 to 2025"]
    assert fit.values["on_reserves"] < 0 < fit.values["on_deposits"]
    at = {"log_reserves": np.log(3.3), "log_deposits": np.log(18.1)}
    assert float(fit.predict(at)) == pytest.approx(-7.0, abs=2.0)


def test_identification_is_judged(found: dict[str, Study]) -> None:
    assert found["federal_funds"].fit.condition > 1000
    assert found["standing_repo"].fit.condition < 10
    reserve = found["reserve_demand"]
    assert reserve.fit.informed("threshold") > 0.9
    assert reserve.fit.informed("width") < 0.7
    assert all(fall > 0 for falls in reserve.profiles.values() for fall in falls)


def test_model_values_are_left_alone(found: dict[str, Study]) -> None:
    """The estimates stand beside the model's parameters: at least one differs and none was taken over."""
    model = load_parameters()
    assert model["curve_threshold"] != found["reserve_demand"].model_values()["curve_threshold"]
    assert found["standing_repo"].model_values()["srf_slope"] == pytest.approx(model["srf_slope"], rel=0.01)


def test_a_curve_of_october_2025_predicts_the_last_two_months() -> None:
    """Estimated to 29 October, at the slack and the calendar of the days that follow, against October's mean and its last day (T48)."""
    curve = reserve_demand.estimate(last=date(2025, 10, 29), without=())
    october, later = between(date(2025, 10, 1), date(2025, 10, 29)), between(date(2025, 10, 30), date(2025, 12, 31))
    seen, observed = column(october, "spread"), column(later, "spread")

    def distance(guess: float | Floats) -> float:
        return float(np.sqrt(np.mean((guess - observed) ** 2)))

    assert len(later) == 42
    ahead = distance(curve.predict(reserve_demand.regressors(later)))
    assert ahead < 0.8 * min(distance(float(seen.mean())), distance(float(seen[-1])))
    assert abs(float(np.mean(curve.predict(reserve_demand.regressors(later)) - observed))) < 3.5, "the scatter of single days"


def test_earlier_samples_see_nothing_later() -> None:
    """An estimate to 2019 does not change when every later figure does."""
    last = date(2019, 6, 28)
    plain = reserve_demand.estimate(date(2018, 4, 4), last, prior=reserve_demand.PRIOR_BEFORE)
    later = {day.date: 9.99 for day in days() if day.date > last}
    with observations(Newer({"sofr": later, "on_rrp": later})):
        again = reserve_demand.estimate(date(2018, 4, 4), last, prior=reserve_demand.PRIOR_BEFORE)
    assert again.values == plain.values
    assert standing_repo.estimate().observations == 234


def test_slack_of_a_day_by_hand() -> None:
    """27 August 2025: reserves of the week to that day over mean deposits of four quarter-ends, times the reference deposits."""
    day = next(day for day in days() if day.date == date(2025, 8, 27))
    deposits = (17733.4 + 17879.1 + 18048.0 + 18248.9) / 4
    assert day.deposits == pytest.approx(deposits)
    assert day.slack == pytest.approx((day.reserves + day.on_rrp) * 18147.65 / deposits)
    assert 3150 < day.reserves < 3400


def test_the_cliff_is_two_days_of_september(found: dict[str, Study]) -> None:
    """With 16 to 18 September 2019 the threshold is known to a few billions, and where the spread of 17 September was 315 bp."""
    study = found["cliff"]
    fit = study.fit
    assert fit.errors["edge"] < 20
    day = next(day for day in between(date(2019, 9, 17), date(2019, 9, 17)))
    assert day.spread == pytest.approx(315, abs=1)
    predicted = float(fit.predict(reserve_demand.regressors((day,)))[0])
    assert predicted > 60
    without = next(iter(study.others.values()))
    assert without.values["edge"] < fit.values["edge"] - 5 * fit.errors["edge"]


def test_quarter_ends_are_not_seven_times_as_dispersed(found: dict[str, Study]) -> None:
    """29 bn on 30 September 2025, a basis point under the rate, would need the sevenfold width; 6 were taken."""
    fit = found["period_end_width"].fit
    at = {"over_srf": -1.0, "quarter_end": 1.0}
    assert float(fit.predict(at)) == pytest.approx(6.0, abs=4.0)
    assert fit.values["wider"] + 1.96 * fit.errors["wider"] < 6.0
