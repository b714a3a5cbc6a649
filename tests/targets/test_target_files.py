"""Target files: the library's are held, broken ones are refused with line and reason, impossible ones end in a stated best effort."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dollarflow import dollar_system, opening_state, simulate, target
from dollarflow.cli import call
from dollarflow.target_files import PARTS, read_target
from dollarflow.targeting import find_target, target_names
from model.scenarios.places import BadFile
from model.scenarios.scenario import Horizon

GOOD = """title = "Reserves of 2.9 tn"
[horizon]
periods = 6
[instrument]
variable = "qe_bills"
path = "free"
[[target]]
variable = "reserves"
value = 2900
unit = "bn"
from = 2
"""


def test_every_target_of_the_library_has_a_story_and_a_source() -> None:
    assert target_names() == ("rmp_rule", "rmp_sofr_iorb", "tga_reserves")
    for name in target_names():
        found = find_target(name)
        assert found.story
        assert found.source


def test_a_level_of_reserves_is_held_by_bill_purchases() -> None:
    found = target(read_target(GOOD, "reserves"))
    assert found.reached
    assert found.simulation.sound
    name, path = found.instrument
    again = simulate(dollar_system(), opening_state("2025-10-29"), periods=6, exogenous={name: path})
    np.testing.assert_allclose(again["reserves"][2:], 2900.0, atol=0.5)
    np.testing.assert_allclose(again["sofr"], found.simulation["sofr"], rtol=1e-9)


def test_the_cash_target_keeps_reserves_above_the_floor() -> None:
    found = target("tga_reserves")
    assert found.reached
    assert found.base["reserves"].min() < 2750
    assert found.simulation["reserves"][6:].min() >= 2749.0
    assert found.instrument[1].max() <= 0.0


def test_an_impossible_target_ends_with_the_nearest_path_and_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "impossible.toml"
    file.write_text(GOOD.replace('path = "free"', 'path = "free"\nlower = 0\nupper = 1').replace("2900", "4000"))
    out = tmp_path / "out"
    assert call(["target", str(file), "--out", str(out)]) == 1
    shown = capsys.readouterr()
    assert "not reached" in shown.err
    assert "at a bound in" in shown.err
    assert call(["audit", str(out)]) == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('"qe_bills"', '"qe_bils"', 5, "did you mean 'qe_bills'"),
        ('"qe_bills"', '"tga_target"', 5, "move its add-factor 'add__tga_target'"),
        ('"reserves"', '"reservs"', 8, "did you mean 'reserves'"),
        ('"reserves"', '"rate_lower"', 8, "given from outside"),
        ("value = 2900", "valeu = 2900", 9, "unknown key 'valeu' (did you mean 'value'?)"),
        ('unit = "bn"', 'unit = "tn"', 10, "allowed: 'bn', 'bp' or 'pp'"),
        ("from = 2", "from = 9", 11, "outside the horizon, periods 1 to 6"),
        ("from = 2", "low = 3", 7, "give value, or low or high or both"),
        ('path = "free"', 'path = "wild"', 6, "allowed: 'free', 'smooth', 'steps' or 'constant'"),
        ("periods = 6", "periods = six", 3, "broken TOML"),
    ],
)
def test_broken_files_are_refused_with_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, line: int, message: str
) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(GOOD.replace(old, new))
    assert call(["target", str(file)]) == 2
    err = capsys.readouterr().err
    assert f"broken.toml:{line}: " in err
    assert message in err


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('unit = "bn"', 'unit = "bp"', 10, "'reserves' is an amount"),
        ("periods = 6", "periods = 30000", 2, "1 to 20,000 periods"),
        ('path = "free"', "lower = nan", 6, "not a finite number"),
        ('variable = "qe_bills"\npath = "free"', 'variable = "iorb_gap"\nupper = 5', 6, "-0.1 to 0.1"),
    ],
)
def test_units_lengths_and_bounds_are_those_of_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, line: int, message: str
) -> None:
    file = tmp_path / "broken.toml"
    file.write_text("\ufeff" + GOOD.replace(old, new), encoding="utf-8")
    assert call(["target", str(file)]) == 2
    err = capsys.readouterr().err
    assert f"broken.toml:{line}: " in err
    assert message in err


def test_a_loss_is_a_number_or_the_baseline() -> None:
    rule = 'title = "t"\n[rule]\ninstrument = "qe_bills"\n[[term]]\nvariable = "tga"\nreference = 850\n'
    with pytest.raises(BadFile) as error:
        read_target(rule + '[[loss]]\nvariable = "sofr"\nvalue = "foo"\n', "t")
    assert str(error.value) == "t.toml:9: loss.value: 'foo' is neither a number nor \"baseline\""


def test_the_length_of_a_target_file_replaces_the_end_of_its_baseline() -> None:
    length = Horizon(periods=3).over(Horizon(start=date(2019, 6, 30), end=date(2019, 9, 20), clock="daily"))
    assert length == Horizon(start=date(2019, 6, 30), periods=3, clock="daily")
    found = target(read_target(GOOD.replace("[horizon]", 'baseline = "summer_2019"\n[horizon]').replace("2900", "1600"), "short"))
    assert found.simulation.path.periods == 6


@pytest.mark.parametrize(
    ("name", "side", "aim"),
    [("srf_gap", "lower", 'variable = "srf"\nvalue = 400'), ("iorb_gap", "upper", 'variable = "sofr"\nvalue = 0.4')],
)
def test_an_instrument_keeps_the_order_of_administered_rates(name: str, side: str, aim: str) -> None:
    """IORB at most at the SRF rate: the opening's room is rate_upper + srf_gap - rate_lower - iorb_gap."""
    text = f'title = "t"\n[horizon]\nperiods = 2\n[instrument]\nvariable = "{name}"\npath = "constant"\n[[target]]\n{aim}\n'
    found = target(read_target(text, "corridor"))
    room = (found.base["rate_upper"] + found.base["srf_gap"] - found.base["rate_lower"] - found.base["iorb_gap"])[1:]
    limit = found.base[name][1:] + (room if side == "upper" else -room)
    assert not found.reached
    assert "at a bound in 2 of 2 periods" in found.diagnosis
    np.testing.assert_allclose(found.instrument[1][1:], limit, atol=1e-6)
    again = simulate(dollar_system(), opening_state("2025-10-29"), periods=2, exogenous={name: found.instrument[1]})
    np.testing.assert_allclose(again["sofr"], found.simulation["sofr"], rtol=1e-9)


def test_an_unknown_name_offers_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["target", "tga_reserve"]) == 2
    assert "did you mean 'tga_reserves'" in capsys.readouterr().err


def test_the_library_is_listed_without_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["target"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(target_names())
    assert "moves add__tga_target, aims at reserves" in lines[-1]


def test_every_key_of_a_target_file_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "targets.md").read_text(encoding="utf-8")
    for part in PARTS.values():
        for name, field in part.model_fields.items():
            assert f"`{field.validation_alias or name}`" in page, f"{part.__name__}: {name}"
