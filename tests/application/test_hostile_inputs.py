"""Inputs that would break the accounts or the calendar are refused with one message, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dollarflow import simulate
from model.inputs import InputError
from tests.application import toy
from tests.application.conftest import Outcome

Command = Callable[..., Outcome]
SHOCK = 'title = "t"\n[[shock]]\nvariable = "dt"\n{}\n'
TARGET = (
    'title = "t"\n[instrument]\nvariable = "dt"\nfrom = "2025-11-05"\nto = "2025-12-03"\n'
    '[[target]]\nvariable = "sofr"\nvalue = 0.04\n[horizon]\nperiods = 6\n'
)


def written(place: Path, text: str) -> Path:
    place.write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("words", "content"),
    [
        (["--set", "dt=1"], ""),
        (["--exogenous", "f.csv"], "date,dt\n2025-11-05,1\n"),
        (["--exogenous", "f.toml"], "dt = 0.02\n"),
        (["--opening", "f.csv"], "variable,value\ndt,1\n"),
        (["f.toml"], SHOCK.format("set = 1.0")),
        (["f.toml"], SHOCK.format("scale = 2.0")),
        (["f.toml"], SHOCK.format('path = { "2025-11-05" = 1.0 }')),
        (["f.toml"], 'title = "t"\n[exogenise]\ndt = { value = 1.0 }\n'),
    ],
)
def test_the_length_of_a_period_is_no_input_of_a_run(words: list[str], content: str, command: Command, tmp_path: Path) -> None:
    if words[-1].startswith("f."):
        words = [*words[:-1], str(written(tmp_path / words[-1], content))]
    code, out, err = command("run", *words, "--periods", "4", "--out", tmp_path / "out")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "'dt'" in err
    assert "clock" in err
    assert not (tmp_path / "out").exists()


def test_the_length_of_a_period_is_no_instrument_and_no_listed_input(command: Command, tmp_path: Path) -> None:
    code, _, err = command("target", written(tmp_path / "f.toml", TARGET))
    assert (code, err.count("\n")) == (2, 1)
    assert "'dt' is the length of a period, which the clock and the dates set" in err
    assert command("inputs", "dt")[0] == 2
    assert "\ndt\n" not in command("inputs", "--quiet")[1]
    with pytest.raises(InputError, match="length of a period"):
        simulate(toy.system(), toy.opening(), exogenous={"dt": 1.0})
