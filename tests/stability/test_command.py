"""``dollarflow stability``: what it prints and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dollarflow.cli import call

MODELS = Path(__file__).parent.parent / "textmodels" / "models"


def test_a_text_model_has_its_roots_and_its_steady_state_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["stability", str(MODELS / "SIM.txt"), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [root["modulus"] for root in found["roots"]] == pytest.approx([1.0, 1 - 0.4 + 0.4 * 0.8 * 0.4 / (1 - 0.6 * 0.8)])
    assert found["balanced"] is True
    assert found["values"]["Y"] == pytest.approx(100.0)


def test_the_dollar_system_names_who_carries_its_slowest_deviations(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["stability", "--periods", "4", "--count", "12"]) == 0
    text = capsys.readouterr().out
    assert "trend growth 4.00 % a year: a root of 1.000770 a period" in text
    assert "  trend     " in text
    assert "half-life" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--date", "2025-10-29"], "give a date after the opening's"),
        (["--date", "soon"], "is not a date"),
        (["--count", "0"], "must be 1 or more"),
        (["--growth", "3"], "between -0.5 and 0.5"),
        ([str(MODELS / "SIM.txt"), "--date", "2026-01-01"], "a text model has no dates"),
        (["no_such_scenario"], "no_such_scenario"),
    ],
)
def test_bad_input_is_answered_with_one_message(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["stability", *arguments]) == 2
    assert message in capsys.readouterr().err
