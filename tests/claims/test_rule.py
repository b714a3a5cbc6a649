"""The verdict follows from the numbers, and a register that says otherwise or nothing is refused."""

from __future__ import annotations

import math

import pytest

from dollarflow.claims.answers import Answer, Finding, answers, ruled
from dollarflow.claims.register import Claim, Link, read
from dollarflow.errors import BadInput

HEAD = '[[claim]]\nnumber = 1\nessay = "op-ed"\ntext = "Something is claimed."\nreason = "It was computed."\n'
LINKED = HEAD + 'verdict = "confirmed"\nlink = [{ calculation = "hikes", low = 11, high = 11 }]\n'


@pytest.mark.parametrize(
    ("inside", "verdict"),
    [
        ([True], "confirmed"),
        ([True, None, True], "confirmed"),
        ([True, False], "confirmed at the margin only"),
        ([False, None, False], "wrong"),
        ([None], "untestable here"),
        ([], "untestable here"),
    ],
)
def test_the_rule(inside: list[bool | None], verdict: str) -> None:
    assert ruled(inside) == verdict


@pytest.mark.parametrize(
    ("low", "high", "value", "inside"),
    [(1, 2, 1, True), (1, 2, 2, True), (1, 2, 2.1, False), (None, 2, -9, True), (1, None, 0.9, False), (1, None, math.nan, False)],
)
def test_a_band_includes_its_ends_and_no_missing_number(low: float, high: float, value: float, inside: bool) -> None:
    assert Link(calculation="hikes", low=low, high=high).inside(value) is inside


def claim(verdict: str, text: str = LINKED) -> Claim:
    (found,) = read(text.replace('"confirmed"', f'"{verdict}"'))
    return found


def test_a_verdict_is_contradicted_by_its_number() -> None:
    (right,) = answers([claim("confirmed")])
    (wrong,) = answers([claim("wrong")])
    assert not right.contradicted
    assert wrong.contradicted
    assert right.findings[0].value == 11


def test_a_row_that_does_not_exist_decides_against() -> None:
    link = Link(experiment="E99", case="none", variable="sofr", low=0)
    (found,) = answers([claim("confirmed").model_copy(update={"links": (link,)})])
    assert math.isnan(found.findings[0].value)
    assert found.findings[0].what == "no such row"
    assert found.contradicted


def test_what_is_only_shown_decides_nothing() -> None:
    shown = Finding(Link(calculation="hikes"), 11.0, "1", "increases")
    assert shown.inside is None
    assert Answer(claim("confirmed"), (shown,)).ruled == "untestable here"


def test_a_number_that_was_put_in_decides_nothing() -> None:
    """Whatever band is written beside it, in the register's own link or in the experiment's row."""
    link = Link(variable="basis", unit="bp", low=1, high=100, restates="basis_opening")
    assert not link.judged
    (found,) = answers([claim("confirmed").model_copy(update={"links": (link,)})])
    assert found.findings[0].value == pytest.approx(22, abs=1)
    assert found.ruled == "untestable here"
    row = Link(experiment="E14", case="taxes down, first year", variable="deficit", low=0)
    assert Finding(row, 324.0, "bn", "deficit", restates="the tax rate").inside is None
    assert Finding(row, 324.0, "bn", "deficit").inside is True


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + 'verdict = "wrong"\n', "claim 1 has neither a link nor the reason"),
        (HEAD + 'verdict = "untestable here"\nlink = [{ calculation = "hikes" }]\n', "claim 1 is untestable here: not_modelled must say"),
        (HEAD + 'verdict = "untestable here"\nnot_modelled = "Prices."\n', "because of what"),
        (HEAD + 'verdict = "true"\n', "verdict"),
        (LINKED + 'colour = "red"\n', "colour"),
        (LINKED + LINKED, "claims numbered twice: 1"),
        (LINKED.replace('calculation = "hikes"', 'experiment = "E1"'), "a link names a row"),
        (LINKED.replace("low = 11", "low = 12"), "above high"),
        ("[[claim]\n", "register.toml"),
    ],
)
def test_a_broken_register_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read(text)
