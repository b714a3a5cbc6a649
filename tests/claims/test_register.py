"""The register is complete, and everything that it names exists."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path

import pytest

from dollarflow.claims import Claim, Link, chosen, claims
from dollarflow.claims.calculations import CALCULATIONS
from dollarflow.cli import call
from dollarflow.errors import BadInput
from dollarflow.experiments.registry import experiments
from equations.dollar_system import dollar_system

FIRST_ESSAY = [str(n) for n in range(1, 18)]
SECOND_ESSAY = [str(n) for n in range(18, 45)]
LOOSE = [f"1c.{n}" for n in range(1, 14)]
BESIDE = ["auctions", "discount", "oil", "backing", "largest-holder", "qe-inflation"]
VERDICTS = {"confirmed", "confirmed at the margin only", "wrong", "untestable here"}
LINKS = [(claim.number, link) for claim in claims() for link in claim.links]
ROWS = [(number, link) for number, link in LINKS if link.experiment]
PAGE = Path(__file__).parents[2] / "docs" / "claims.md"


def test_every_claim_is_there_in_order() -> None:
    assert [claim.number for claim in claims()] == FIRST_ESSAY + SECOND_ESSAY + LOOSE + BESIDE


def test_the_essays_are_told_apart() -> None:
    by_number = {claim.number: claim.essay for claim in claims()}
    assert {by_number[n] for n in FIRST_ESSAY} == {"op-ed"}
    assert {by_number[n] for n in SECOND_ESSAY} == {"stealth QE"}


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.number)
def test_a_claim_has_a_number_or_a_reason_and_a_verdict(claim: Claim) -> None:
    """T50: each has an experiment or an explicit statement that it is not modelled."""
    assert claim.links or claim.not_modelled.strip()
    assert claim.verdict in VERDICTS
    assert 1 <= len(re.findall(r"[.:;?!](?:\s|$)", claim.reason)) <= 6
    if claim.verdict == "untestable here":
        assert "because" in claim.not_modelled
        assert not any(link.judged for link in claim.links)
    else:
        assert any(link.judged for link in claim.links)


@cache
def phrases(experiment: str) -> tuple[str, ...]:
    """Regular expressions of all texts in an experiment's module; a text with figures in it matches any figure."""
    item = next(e for e in experiments() if e.name == experiment)
    tree = ast.parse(inspect.getsource(importlib.import_module(item.run.__module__)))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(re.escape(node.value))
        elif isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in node.values]
            found.append("".join(parts))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str":
            found.append(r"\d+")
    return tuple(found)


@pytest.mark.parametrize(("number", "link"), ROWS, ids=lambda part: part if isinstance(part, str) else f"{part.experiment}")
def test_a_linked_row_is_written_in_its_experiment(number: str, link: Link) -> None:
    assert link.experiment in {e.name for e in experiments()}
    for name in (link.case, link.variable):
        assert any(re.fullmatch(phrase, name) for phrase in phrases(link.experiment)), f"claim {number}: {name!r}"


def test_linked_calculations_and_variables_exist() -> None:
    system = dollar_system()
    known = set(system.unknowns) | set(system.given)
    assert {link.calculation for _, link in LINKS if link.calculation} <= set(CALCULATIONS)
    assert {link.variable for _, link in LINKS if link.variable and not link.experiment} <= known


def test_no_calculation_is_idle() -> None:
    assert {link.calculation for _, link in LINKS} >= set(CALCULATIONS)


def test_the_page_has_every_claim_with_its_verdict() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for claim in claims():
        assert f"| {claim.number} | {claim.essay} | {claim.text} | {claim.verdict} |" in page
        assert f"## {claim.number}. {claim.verdict.capitalize()}" in page


def test_an_unknown_number_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="no claim is numbered '1c14'"):
        chosen(["1c14"])
    assert call(["claims", "45"]) == 2
