"""The documentation's model solves, and its table of functions is the parser's."""

from __future__ import annotations

import re
from pathlib import Path as FilePath

from model.textmodel import parse_text_model, solve_model
from model.textmodel.grammar import FUNCTIONS

PAGE = FilePath(__file__).parents[2] / "docs" / "text_models.md"
MODELS = FilePath(__file__).parent / "models"


def test_documented_model_solves() -> None:
    text = PAGE.read_text(encoding="utf-8")
    block = re.findall(r"```text\n(\[model\].*?)```", text, flags=re.DOTALL)[0]
    path = solve_model(parse_text_model(block), 30)
    assert path.consistency.consistent
    y = (20 + 0.4 * 70) / (1 - 0.6 * 0.8)
    assert abs(path["Y"][1] - y) < 1e-12 * y


def test_documented_functions_are_all() -> None:
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| functions"))
    assert set(re.findall(r"[a-z]+", " ".join(re.findall(r"`([^`]*)`", row)))) - {"condition", "a", "b"} == set(FUNCTIONS)


def test_documented_models_exist() -> None:
    listed = PAGE.read_text(encoding="utf-8").rpartition("\n\n")[2]
    assert {f.stem for f in MODELS.glob("*.txt")} - set(re.findall(r"[A-Z]{2,}", listed)) == {"PCEX2", "OPENG"}
