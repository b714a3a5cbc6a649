"""What the shell offers after a command: every name that the command takes, and no other."""

from __future__ import annotations

from dollarflow.commands.completing import experiment_names, figure_names
from dollarflow.experiments.registry import experiments
from dollarflow.figures.drawing import NAMES


def test_every_figure_is_offered() -> None:
    assert figure_names("") == list(NAMES)
    assert figure_names("fed_") == ["fed_balance_sheet", "fed_income"]


def test_every_experiment_is_offered_whatever_the_case() -> None:
    assert sorted(experiment_names("")) == sorted(item.name for item in experiments())
    assert experiment_names("e1") == experiment_names("E1")
    assert set(experiment_names("E12")) == {"E12a", "E12b"}
