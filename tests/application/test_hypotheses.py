"""Switches of rival hypotheses: they set what they say, and administered rates keep their order."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dollarflow import dollar_system, opening_state, simulate
from dollarflow.hypotheses import HYPOTHESES
from dollarflow.scenarios import scenario
from tests.application.conftest import Outcome

HEAD = 'title = "t"\nstory = "t"\nsource = "t"\nbaseline = "baseline"\n[horizon]\nstart = 2025-10-29\nperiods = {n}\nclock = "weekly"\n'


def written(folder: Path, text: str, periods: int = 8) -> Path:
    place = folder / "own.toml"
    place.write_text(HEAD.format(n=periods) + text, encoding="utf-8")
    return place


@pytest.mark.parametrize("name", sorted(HYPOTHESES))
def test_a_switch_is_its_parameters(name: str, tmp_path: Path) -> None:
    opening = opening_state("2025-10-29")
    switched = simulate(dollar_system(), opening, scenario(str(written(tmp_path, f"[switch]\n{name} = true\n"))))
    set_by_hand = simulate(dollar_system(), opening, periods=8, parameters=HYPOTHESES[name][1])
    assert np.array_equal(switched.path.values[1:], set_by_hand.path.values[1:])


def test_an_announced_path_is_averaged_over_the_life_of_a_class(tmp_path: Path) -> None:
    text = "[switch]\nannounced_path = true\nevents = false\n" + "".join(
        f'[[shock]]\nvariable = "{bound}"\nfrom = 2026-06-01\nadd = -0.01\n' for bound in ("rate_lower", "rate_upper")
    )
    run = simulate(dollar_system(), opening_state("2025-10-29"), scenario(str(written(tmp_path, text, periods=60))))
    numbers = dict(zip(run.path.parameter_names, run.path.parameter_rows[1], strict=True))
    rate, star = run["policy_rate"], numbers["r_star"]
    for kind in ("notes", "bonds"):
        decay = numbers[f"a_{kind}"] + star
        beyond = star + (rate[-1] - star) * decay / (decay + numbers["rate_reversion"])
        for period in (1, 20, 45, 60):
            ahead = np.arange(len(rate) - 1 - period)
            weights = np.exp(-decay * ahead / 52) * (1 - math.exp(-decay / 52))
            average = float(weights @ rate[period:-1]) + (1 - weights.sum()) * beyond
            assert run[f"expected_{kind}"][period] == pytest.approx(average, abs=1e-12)
    assert run["yield_bonds"][1] < run["yield_bonds"][0] - 0.0003


def test_rates_out_of_order_are_refused_with_the_line(command: Callable[..., Outcome], tmp_path: Path) -> None:
    shock = '[[shock]]\nvariable = "iorb_gap"\nfrom = 2025-11-20\nadd = 0.004\n'
    place = written(tmp_path, shock)
    code, _, err = command("run", place, "--out", tmp_path / "out")
    assert code == 2
    assert "own.toml:9: puts IORB above the SRF rate on 2025-11-26" in err
    assert not (tmp_path / "out").exists()
    allowed = written(tmp_path, "[switch]\ncorridor = false\n" + shock)
    assert command("run", allowed, "--out", tmp_path / "out", "--quiet")[0] == 0
