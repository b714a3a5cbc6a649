"""Settings that the opening is valued with are used for the opening too, so that the run that help prints passes its audit."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dollarflow.commands.examples import EXAMPLES
from tests.application.conftest import Outcome

WEEK = 1 / 52


def test_help_prints_the_run() -> None:
    assert "dollarflow run tga_rebuild --set a_notes=0.2 --quiet" in EXAMPLES["run"]


@pytest.mark.parametrize(("name", "value"), [("a_notes", 0.2), ("a_bonds", 0.05)])
def test_the_opening_is_valued_at_the_amortisation_that_was_set(
    command: Callable[..., Outcome], tmp_path: Path, name: str, value: float
) -> None:
    """Value of a face repaid geometrically, by hand: what a period repays and pays is discounted at the yield."""
    assert command("run", "tga_rebuild", "--set", f"{name}={value}", "--quiet", "--periods", "15", "--out", tmp_path / "r") == (0, "", "")
    assert command("audit", tmp_path / "r", "--quiet")[0] == 0
    row = pd.read_csv(tmp_path / "r" / "path.csv").iloc[0]
    kind = name.removeprefix("a_")
    repaid = -math.expm1(-value * WEEK)
    rate, coupon, face = (
        row[f"yield_{kind}"] * WEEK,
        row[f"{kind}__treasury__private__coupon"] * WEEK,
        row[f"{kind}__treasury__private__face"],
    )
    assert row[f"{kind}__treasury__private"] == pytest.approx((coupon + repaid * face) / (rate + repaid), rel=1e-9)


def test_an_opening_of_ones_own_is_valued_at_it_too(command: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("variable,value\nnotes__treasury__private__face,2900\n")
    words = ("run", "--set", "a_notes=0.25", "--opening", tmp_path / "own.csv", "--quiet", "--periods", "2", "--out", tmp_path / "r")
    assert command(*words) == (0, "", "")
