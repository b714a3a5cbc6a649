"""The appendix: what it holds, and that pdflatex compiles it where there is one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sympy as sp

from calibration.parameters import parameter_values
from dollarflow.appendix import appendix, compiled, program
from dollarflow.appendix.equations import display
from dollarflow.appendix.parts import estimates
from dollarflow.economy import economy
from dollarflow.experiments.check import FIELDS
from dollarflow.scenarios import scenario
from model.language.equation import Equation
from model.language.formulas import shortened, width
from model.language.notation import Notation
from model.language.symbols import Variable
from model.language.system import System
from tests.reports.conftest import Outcome

Command = Callable[..., Outcome]
LEGIBLE = 140
"""Characters on a line of 170 mm."""
ROW = dict.fromkeys(FIELDS, "") | {
    "experiment": "E7",
    "case": "2023_a & 5 %",
    "variable": "fed_net_income",
    "unit": "bn",
    "low": -120.0,
    "high": -100.0,
    "basis": "published",
    "in_sample": True,
    "computed": -114.3,
    "passed": True,
}


@pytest.fixture(scope="module")
def text() -> str:
    return appendix([ROW, ROW | {"in_sample": False, "restates": "gamma"}])


@pytest.fixture(scope="module")
def system() -> System:
    return economy(scenario("baseline"))


def test_every_equation_that_is_no_identity_stands_once(text: str, system: System) -> None:
    rules = [e for e in system.equations if e.kind != "identity"]
    assert text.count(r"\noindent\textbf{") == len(rules)
    assert f"{len(rules)} equations of {len(system.equations)}" in text
    for equation in rules[::20]:
        assert equation.label.split(",")[0].split("%")[0].split("≥")[0].strip()[1:20] in text


def test_parameters_have_value_unit_source_and_standard_error(text: str, system: System) -> None:
    section = text.split(r"\section{Parameters}")[1].split(r"\section{Experiments}")[0]
    lines = re.findall(r"^.* & .* \\\\$", section, re.MULTILINE)
    assert len(lines) == len(system.parameters) + 1, "a line a parameter and the head"
    line = next(line for line in lines if line.startswith("$a_{\\mathrm{bonds}}$"))
    assert f"${parameter_values()['a_bonds'].value:g}$" in line
    assert "set: duration 8 years" in line
    estimated = [line for line in lines if line.split(" & ")[4].strip()]
    known = set(estimates()) & {p.name for p in system.parameters}
    assert len(estimated) - 1 == len([name for name in known if estimates()[name].error is not None])


def test_experiments_stand_with_their_band(text: str) -> None:
    section = text.split(r"\section{Experiments}")[1]
    assert r"2023\_a \& 5 \%: Fed net income & $-114.3$ & $-120$ to $-100$ & bn & published, in sample & inside \\" in section
    assert r"bn & published, restating & inside \\" in section


def test_matrices_are_there_in_symbols(text: str) -> None:
    for title in ("Balance sheets", "Transaction flows", "Revaluations", "Net-worth bridge"):
        assert f"\\subsection{{{title}}}" in text
    assert text.count(r"\begin{landscape}") == text.count(r"\end{landscape}")


def test_named_parts_put_together_are_the_equation(system: System) -> None:
    rules = [e for e in system.equations if e.kind != "identity"]
    broken, wide = 0, []
    for equation in rules:
        short, named = shortened(equation.right)
        broken += bool(named)
        if width(short) > LEGIBLE:
            wide.append(equation.name)
        for symbol, part in reversed(named):
            short = short.xreplace({symbol: part})
        assert short == equation.right
    assert broken > 10
    assert wide == [], "equations that would be scaled to illegible size"


def test_a_short_equation_is_printed_as_it_is() -> None:
    a, b = Variable("a"), Variable("b")
    printed = display(Equation("sum", a, sp.Add(b, b(-1)), "a sum"), Notation())
    assert printed == r"\fitted{a &= b + {b}_{-1}}"


def test_the_appendix_compiles(text: str) -> None:
    if program() is None:
        pytest.skip("no pdflatex on this machine")
    outcome = compiled(text)
    assert outcome is not None
    assert outcome.errors == ()
    assert outcome.pages > 30
    assert outcome.document.startswith(b"%PDF")
    assert max(outcome.overfull, default=0.0) < 10.0, str(outcome)


def test_the_command_reads_rows_and_reports(text: str, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def document(rows: object, identities: bool) -> str:
        given.append(rows)
        return text

    monkeypatch.setattr("dollarflow.appendix.appendix", document)
    rows, out = tmp_path / "rows.json", tmp_path / "appendix.tex"
    rows.write_text(json.dumps([ROW]), encoding="utf-8")
    monkeypatch.setenv("PATH", "")
    code, said, err = command("appendix", "--experiments", rows, "--out", out, "--check")
    assert code == 0
    assert said == f"written: {out}\n"
    assert err == "not compiled: there is no pdflatex on this machine\n"
    assert out.read_text(encoding="utf-8") == text
    assert given == [[ROW]]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--out", "a.pdf"), "the file's ending must be .tex"),
        (("--experiments", "E99"), "no experiment is named 'E99'"),
        (("--experiments", "gone.json"), "No such file"),
        (("--experiments", "bad.json"), "expected a list of rows"),
    ],
)
def test_mistakes_have_one_message(
    words: tuple[str, str], message: str, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.json").write_text("[1]", encoding="utf-8")
    code, out, err = command("appendix", *words)
    assert (code, out) == (2, "")
    assert message in err
    assert [item.name for item in tmp_path.iterdir()] == ["bad.json"]
