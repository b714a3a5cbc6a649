"""Textbook models against their recursions worked out by hand."""

from __future__ import annotations

from pathlib import Path as FilePath

import numpy as np
import pytest

from model.textmodel import read_text_model, solve_text_model
from tests.textmodels.oracles import ORACLES

MODELS = FilePath(__file__).parent / "models"
PERIODS = 100


@pytest.mark.parametrize("name", ORACLES)
def test_path_is_the_hand_solution(name: str) -> None:
    path = solve_text_model(MODELS / f"{name}.txt", PERIODS)
    rows = ORACLES[name](PERIODS)
    for variable in rows[-1]:
        expected = np.array([row[variable] for row in rows[1:]])
        scale = max(1.0, float(np.abs(expected).max()))
        np.testing.assert_allclose(path[variable][1:], expected, rtol=1e-11, atol=1e-11 * scale, err_msg=f"{name}: {variable}")


def test_every_model_has_an_oracle() -> None:
    assert {f.stem for f in MODELS.glob("*.txt")} == set(ORACLES)


def test_every_model_has_a_hidden_identity() -> None:
    for file in MODELS.glob("*.txt"):
        assert read_text_model(file).system.hidden, file.stem
