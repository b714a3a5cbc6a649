"""Notebook displays: the figures that they show are the object's own, and no text of a caller reaches the page unescaped."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from dollarflow import compare, dollar_system, opening_state, scenario, simulate
from dollarflow.simulation import Simulation
from dollarflow.state import State
from model.language.equation import Equation
from model.language.later import Later
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.language.units import RATE, USD
from model.scenarios.scenario import Scenario
from model.textmodel import parse_text_model, solve_model
from tests.application import toy

HOSTILE = "<script>alert('x')</script> & \"quotes\""
MODEL = "[model]\nname = A\n[equations]\nY = C + G\nC = a*Y(-1)\n[parameters]\na = 0.5\n[exogenous]\nG = 20\n"


class Tags(HTMLParser):
    """Counts elements and refuses any that is left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.fields: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.append(tag)
        self.fields.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.fields:
            self.fields[-1] += data


def read(page: Any) -> Tags:
    parser = Tags()
    shown = page._repr_html_()
    parser.feed(shown)
    parser.close()
    assert parser.open == []
    assert set(parser.seen) <= {"table", "caption", "b", "thead", "tbody", "tr", "th", "td", "p"}
    return parser


@pytest.fixture(scope="module")
def run() -> Simulation:
    return toy.run()


def test_system_counts_its_parts_and_lists_behaviour() -> None:
    system = dollar_system()
    fields = read(system).fields
    assert any(field.startswith(f"{len(system.equations):,} (") for field in fields)
    assert f"{len(system.unknowns):,}" in fields
    assert system._repr_latex_() is None


def test_small_system_and_equation_are_typeset() -> None:
    x, y, a = Variable("x", USD), Variable("y", USD), Parameter("alpha", RATE)
    system = System("two", (Equation("y", y, a * x(-1) / 2),), (x,))
    assert system.equations[0]._repr_latex_() == r"$\displaystyle y = \frac{\alpha \cdot {x}_{-1}}{2}$"
    assert system._repr_latex_() == r"$$\begin{aligned}y &= \frac{\alpha \cdot {x}_{-1}}{2}\end{aligned}$$"


def test_path_shows_opening_middle_and_end() -> None:
    path = solve_model(parse_text_model(MODEL, "A.txt"), 10)
    fields = read(path).fields
    row = fields.index("Y")
    assert [float(text) for text in fields[row + 2 : row + 5]] == pytest.approx([path["Y"][k] for k in (0, 5, 10)], rel=1e-5)


def test_a_path_shows_behaviour_first_and_nothing_where_there_is_no_figure(run: Simulation) -> None:
    fields = read(run.path).fields
    behaviour = [equation.name for equation in run.path.system.equations if equation.kind != "identity" and "__" not in equation.name]
    shown = [field for field in fields if field in run.path.columns]
    expected = [name for name in behaviour if name in run.path.columns]
    assert shown[: len(expected)] == expected[: len(shown)]
    assert "nan" not in fields


def test_simulation_shows_the_audit(run: Simulation) -> None:
    fields = read(run).fields
    assert any("audit passed" in field for field in fields)
    assert "reserves" in [field.strip() for field in fields]


def test_state_marks_what_was_changed() -> None:
    state = replace(toy.opening(), changes={"iorb": 0.05})
    fields = read(state).fields
    assert fields[fields.index("iorb") + 2] == "changed"
    assert float(fields[fields.index("reserves") + 1]) == state["reserves"]


def test_scenario_shows_story_shocks_and_expectations() -> None:
    item = scenario("srf_off")
    text = " ".join(read(item).fields)
    assert "srf_on = 0 " in text
    assert "The standing repo facility is closed" in text
    assert text.count("expected") >= len(item.expect)


def test_no_text_reaches_the_page_unescaped(run: Simulation) -> None:
    x = Variable("x", USD)
    hostile = Scenario(name="n", title=HOSTILE, story=HOSTILE, source=HOSTILE)
    shown: list[Any] = [
        System(HOSTILE, (Equation("x", x, x(-1), HOSTILE, HOSTILE, HOSTILE),)),
        hostile,
        State(toy.START, {HOSTILE: 1.0}),
        replace(run, scenario=hostile),
        replace(run.path, origin=Later.known(replace(run.path.system, name=HOSTILE))),
    ]
    for item in shown:
        page = item._repr_html_()
        assert "<script" not in page
        assert re.search("&lt;script&gt;", page)


def test_a_plain_repr_is_one_line_that_says_what_it_is(run: Simulation) -> None:
    system, found = dollar_system(), compare(run, run)
    shown = [repr(item) for item in (run, system, run.path, toy.opening(), found, found.base)]
    assert [text for text in shown if len(text) > 160 or "\n" in text] == []
    span = f"{run.dates[0]} to {run.dates[-1]}, {run.path.periods} periods"
    assert shown[0] == f"Simulation({run.scenario.name}: {span}, weekly clock, audit passed)"
    assert shown[1] == f"System({system.name}: {len(system.equations)} equations, {len(system.exogenous)} given variables)"


def test_comparison_shows_what_differs() -> None:
    opening = opening_state("2025-10-29")
    base, changed = (simulate(dollar_system(), opening, item, periods=3) for item in (None, scenario("srf_off")))
    fields = read(compare(base, changed)).fields
    assert f"srf_off less baseline: {base.dates[0]} to {base.dates[-1]}" in fields
    row = fields.index("SRF")
    gaps = changed["srf"][1:] - base["srf"][1:]
    expected = (gaps[-1], gaps.mean(), gaps[abs(gaps).argmax()])
    assert [float(text.removesuffix(" bn")) for text in fields[row + 1 : row + 4]] == pytest.approx(expected, abs=0.051)
    assert "nothing differs" in read(compare(base, base)).fields
