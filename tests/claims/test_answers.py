"""The whole register answered: no verdict against its numbers, no missing row, in time, and as the page prints it."""

from __future__ import annotations

import json
import math
import re
import time

import pytest

from dollarflow.claims import Answer, answers, claims
from dollarflow.claims.table import as_text
from dollarflow.cli import call

from .test_register import PAGE

SECONDS = 180.0


@pytest.fixture(scope="module")
def all_answers() -> tuple[tuple[Answer, ...], float]:
    start = time.monotonic()
    return tuple(answers(claims())), time.monotonic() - start


@pytest.mark.slow
def test_no_verdict_contradicts_its_numbers(all_answers: tuple[tuple[Answer, ...], float]) -> None:
    assert [(a.claim.number, a.ruled) for a in all_answers[0] if a.contradicted] == []


@pytest.mark.slow
def test_every_link_has_a_number(all_answers: tuple[tuple[Answer, ...], float]) -> None:
    """T50: what a claim names is computed."""
    missing = [(a.claim.number, f.source) for a in all_answers[0] for f in a.findings if not math.isfinite(f.value)]
    assert missing == []


@pytest.mark.slow
def test_the_register_takes_less_than_three_minutes(all_answers: tuple[tuple[Answer, ...], float]) -> None:
    assert all_answers[1] < SECONDS


@pytest.mark.slow
def test_the_page_has_the_same_rows(all_answers: tuple[tuple[Answer, ...], float]) -> None:
    """Names and bands to the letter; figures are as of the day when it was printed."""
    page = PAGE.read_text(encoding="utf-8")
    for answer in all_answers[0]:
        for found in answer.findings:
            assert f"| {found.what} |" in page, f"claim {answer.claim.number}"


def test_the_satellite_shows_the_null_and_an_interval() -> None:
    """T49: estimate, both ends of the interval and the ratio to the standard error, which must agree with each other."""
    (answer,) = answers([c for c in claims() if c.number == "41"])
    centre, low, high, ratio = (f.value for f in answer.findings)
    assert low < centre < high
    assert centre - low == pytest.approx(high - centre)
    assert (high - low) / 2 == pytest.approx(1.96 * abs(centre / ratio), rel=1e-3)
    assert (low < 0 < high) == (abs(ratio) < 1.96)
    assert "null" in answer.claim.reason


def test_only_what_is_named_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    start = time.monotonic()
    assert call(["claims", "1c.1", "oil", "28", "--format", "json", "--quiet"]) == 0
    assert time.monotonic() - start < 5.0
    first, oil, rates = json.loads(capsys.readouterr().out)
    assert [n["value"] for n in first["numbers"]] == pytest.approx([200.0, 240.0])
    assert oil["numbers"] == []
    assert all(n["as_claimed"] for n in rates["numbers"])


def test_text_says_what_is_not_as_claimed() -> None:
    (answer,) = answers([c for c in claims() if c.number == "1c.12"])
    words = as_text(answer)
    assert re.search(r"NOT as claimed +4, claimed 5: Fiscal years with a surplus", words)
    assert "shown" in words
