"""Typesetting: every format, and a document that pdflatex accepts."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path as FilePath

import pytest
import sympy as sp

from equations.accounts import BUFFERS as DOLLAR_BUFFERS
from equations.accounts import CHART as DOLLAR_CHART
from model.accounting.matrices import balance_sheet_matrix, net_worth_bridge, revaluation_matrix, transaction_flow_matrix
from model.accounting.typeset import FORMATS, document, equations_latex, equations_text, typeset
from model.language.accounts import Cell, transaction, value
from model.language.equation import Equation
from model.language.notation import Notation, escape, latex
from model.language.symbols import Parameter, Variable, absolute, hypotenuse, logistic, maximum, minimum, softplus, where
from model.language.units import RATE
from tests.accounting.economy import CHART, toy_path, toy_system

MATRICES = (
    balance_sheet_matrix(DOLLAR_CHART),
    transaction_flow_matrix(DOLLAR_CHART, DOLLAR_BUFFERS),
    revaluation_matrix(DOLLAR_CHART),
    net_worth_bridge(DOLLAR_CHART, DOLLAR_BUFFERS),
)
DOLLAR = Notation(DOLLAR_CHART)


def test_symbols_carry_sector_letters() -> None:
    cell = Cell("bills", "treasury", "private")
    assert DOLLAR.text(value(cell)(-1)) == "bills[T,P](-1)"
    assert DOLLAR.text(transaction(cell)) == "Δbills[T,P]"
    assert DOLLAR.latex(transaction(cell)) == r"\Delta \mathit{bills}_{\mathrm{T},\mathrm{P}}"
    assert DOLLAR.latex(value(cell)(-1)) == r"\mathit{bills}_{\mathrm{T},\mathrm{P},-1}"
    assert DOLLAR.text(Variable("pay__tax____private__treasury")) == "tax[P,T]"
    assert DOLLAR.latex(Parameter("sigma_hf", RATE)) == r"\sigma_{\mathrm{hf}}"
    assert DOLLAR.latex(Variable("sofr")(-1)) == r"{\mathit{sofr}}_{-1}"


def test_text_has_every_line_and_its_zero() -> None:
    text = typeset(MATRICES[:1], DOLLAR_CHART, "text")
    line = next(x for x in text.splitlines() if x.startswith("bills"))
    assert line.split() == ["bills", "+[T,F]", "-Σ", "+[T,B]", "+[T,M]", "+[T,O]", "+[T,R]", "+[T,P]", "0"]
    assert all(len(x) < 200 for x in typeset(MATRICES, DOLLAR_CHART, "text").splitlines())


def test_markdown_is_a_table() -> None:
    lines = [x for x in typeset(MATRICES[:1], DOLLAR_CHART, "markdown").splitlines() if x.startswith("|")]
    assert len({x.count("|") for x in lines}) == 1
    assert len(lines) == len(MATRICES[0].rows) + 3


def test_csv_has_names_and_full_figures() -> None:
    path = toy_path()
    table = balance_sheet_matrix(CHART).figures(path.row(7))
    rows = list(csv.reader(io.StringIO(typeset([table], CHART, "csv"))))
    assert rows[0] == ["Balance sheets", "state", "bank", "house", "abroad", "sum"]
    bonds = dict(zip(rows[0], next(r for r in rows if r[0] == "bonds"), strict=True))
    assert float(bonds["house"]) == path["bonds__state__house"][7]
    symbols = list(csv.reader(io.StringIO(typeset(MATRICES[:1], DOLLAR_CHART, "csv"))))
    assert symbols[1][1] == "-currency"


def test_figures_have_marks_between_thousands() -> None:
    table = balance_sheet_matrix(CHART).figures(toy_path().row(0) | {"bills__state__bank": 23200.04, "bills": 23400.04})
    assert "23,200.0" in typeset([table], CHART, "text")
    assert r"$23\,200.0$" in typeset([table], CHART, "latex")


def test_special_characters_are_escaped() -> None:
    assert escape("a_b & 5 % ≥ {x}") == r"a\_b \& 5 \% $\ge$ \{x\}"
    assert escape("日 ①") == "? 1"


def test_functions_have_their_notation() -> None:
    x, y = Variable("x"), Variable("y")
    shown = latex(
        where(sp.Gt(x, 0), minimum(x, y), maximum(x, absolute(y))) + softplus(x, y) ** 2 + hypotenuse(x, y) + logistic(x, y), Notation()
    )
    for part in (r"\begin{cases}", r"\operatorname{min}", r"\operatorname{max}", r"\left|y\right|", r"\sqrt", r"\Lambda", "softplus"):
        assert part in shown


def test_equations_carry_label_number_unit_and_source() -> None:
    rate = Variable("r", RATE)
    text = equations_text([Equation("rate", rate, rate(-1) / 2, "halves", "(R1)", "somebody (2020)")])
    assert text == "rate: halves; (R1); [1 / yr]; behaviour; somebody (2020)\n  r = r(-1)/2\n"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("which", ["symbols", "figures", "equations", "characters"])
def test_latex_compiles(which: str, tmp_path: FilePath) -> None:
    row, before = toy_path().row(4), toy_path().row(3)
    x = Variable("x")
    strange = Equation(
        "odd & names_", x, where(sp.Gt(x(-1), 0), softplus(x(-1), 1), absolute(x(-1))), "50 % ≥ σ — ‘so’ <|> 日", "#1", "É. Ö."
    )
    source = {
        "symbols": lambda: typeset(MATRICES, DOLLAR_CHART, "latex"),
        "figures": lambda: typeset([m(CHART).figures(row, before) for m in (balance_sheet_matrix, net_worth_bridge)], CHART, "latex"),
        "equations": lambda: equations_latex(toy_system().equations, CHART),
        "characters": lambda: equations_latex([strange]),
    }[which]()
    (tmp_path / "page.tex").write_text(source, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"], cwd=tmp_path, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    assert (tmp_path / "page.pdf").stat().st_size > 1000


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_the_same_from_one_call_to_the_next(form: str) -> None:
    assert form in FORMATS
    one, two = (typeset(MATRICES, DOLLAR_CHART, f) for f in FORMATS if f == form for _ in range(2))
    assert one == two


def test_a_latex_document_balances_its_environments() -> None:
    source = typeset(MATRICES, DOLLAR_CHART, "latex")
    assert source.count(r"\begin{") == source.count(r"\end{")
    assert source.count("{") == source.count("}")
    assert document("x").endswith("\\end{document}\n")
