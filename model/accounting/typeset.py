"""Matrices and equations as text, markdown, LaTeX or CSV; the LaTeX needs geometry, graphicx, amsmath and booktabs only."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import sympy as sp

from model.accounting.matrices import Matrix, Row, Table
from model.language.accounts import Chart
from model.language.equation import Equation, unit_of_left
from model.language.formulas import rows
from model.language.formulas import text as equation_text
from model.language.notation import Notation, escape, latex

Format = Literal["text", "markdown", "latex", "csv"]
FORMATS: tuple[Format, ...] = ("text", "markdown", "latex", "csv")
LINES_PER_PAGE = 30
WIDTH = 95
SUM = "Σ"
NOISE = 1e-9
"""Figures of a CSV below this, USD bn, are rounding and written as 0."""
PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[a4paper,landscape,margin=12mm]{geometry}
\usepackage{graphicx}
\usepackage{amsmath}
\usepackage{booktabs}
\setlength{\parindent}{0pt}
\newsavebox{\formula}
\newcommand{\fitted}[1]{\sbox{\formula}{$\displaystyle\begin{aligned}#1\end{aligned}$}%
\[\ifdim\wd\formula>\linewidth\resizebox{\linewidth}{!}{\usebox{\formula}}\else\usebox{\formula}\fi\]}
\begin{document}
"""


@dataclass(frozen=True)
class Grid:
    """Cells of text, ready for any format.

    Parameters
    ----------
    title, head, lines
        Heading, column heads and lines, the first column being labels.
    rules
        Lines before which a rule is drawn.
    """

    title: str
    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    rules: tuple[int, ...] = ()


def figure(number: float, decimals: int = 1) -> str:
    """A figure with commas between thousands; empty for zero.

    Examples
    --------
    >>> figure(-23200.04), figure(0.0)
    ('-23,200.0', '')
    """
    return "" if number == 0 else f"{number:,.{decimals}f}"


def plain(expression: sp.Expr, notation: Notation, said: str = "") -> str:
    """A linear expression as signed terms in text: ``+bills[T,B] -deposits``; empty for zero.

    Names that the line's label has ``said`` are left out: ``+[T,B]``, and ``Σ`` for the sum over holders.
    """
    terms = []
    for term in sp.Add.make_args(sp.expand(expression)):
        if term == 0:
            continue
        factor, symbol = term.as_coeff_Mul()
        size = "" if abs(factor) == 1 else f"{abs(factor)} "
        terms.append(f"{'-' if factor < 0 else '+'}{size}{notation.text(symbol, said)}")
    return " ".join(sorted(terms, key=lambda t: (t[0] == "-", t)))


def signed(expression: sp.Expr, notation: Notation) -> str:
    """An entry of a LaTeX matrix with its sign, in dollar signs; empty for zero."""
    if expression == 0:
        return ""
    body = latex(expression, notation)
    return f"${body}$" if body.startswith("-") else f"$+{body}$"


def symbolic_grid(matrix: Matrix, chart: Chart, form: Format) -> Grid:
    """A matrix of symbols with its row and column sums."""
    notation = Notation(chart)

    def entry(expression: sp.Expr, label: str = "") -> str:
        if form == "latex":
            return signed(expression, notation)
        return str(expression) if form == "csv" else plain(expression, notation, label)

    rows, columns = matrix.row_sums(), matrix.column_sums()
    lines = [(row.label, *(entry(e, row.label) for e in row.entries), entry(rows[row.label]) or "0") for row in matrix.rows]
    foot = (SUM, *(entry(columns[s.name]) or "0" for s in matrix.sectors), "0")
    return Grid(matrix.title, heads(matrix, form), (*lines, foot), (*memo_rules(matrix.rows), len(lines)))


def figure_grid(table: Table, form: Format, decimals: int = 1) -> Grid:
    """A matrix of figures with its row and column sums."""

    def entry(number: float) -> str:
        if form == "csv":
            return "0" if abs(number) < NOISE else repr(float(number))
        text = figure(0.0 if abs(number) < 0.5 * 10**-decimals else float(number), decimals)
        return f"${text.replace(',', chr(92) + ',')}$" if form == "latex" and text else text

    lines = [
        (label, *(entry(v) for v in values), entry(total) or "0")
        for label, values, total in zip(table.labels, table.values, table.row_sums, strict=True)
    ]
    foot = (SUM, *(entry(v) or "0" for v in table.column_sums), entry(float(np.sum(table.column_sums))) or "0")
    rules = [i for i, memo in enumerate(table.memo) if memo]
    return Grid(table.title, heads(table, form), (*lines, foot), (*rules, len(lines)))


def heads(matrix: Matrix | Table, form: Format) -> tuple[str, ...]:
    """Column heads: sector letters, or full names in CSV."""
    return ("", *(s.name if form == "csv" else s.letter for s in matrix.sectors), "sum" if form == "csv" else SUM)


def memo_rules(rows: Sequence[Row]) -> tuple[int, ...]:
    """Lines that are subtotals."""
    return tuple(i for i, row in enumerate(rows) if row.memo)


def as_text(grid: Grid) -> str:
    """The grid in aligned columns; figures and entries to the right."""
    table = [grid.head, *grid.lines]
    widths = [max(len(line[j]) for line in table) for j in range(len(grid.head))]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    drawn = [grid.title, rule]
    for i, line in enumerate(table):
        if i - 1 in grid.rules or i == 1:
            drawn.append(rule)
        drawn.append("  ".join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]).rstrip())
    return "\n".join([*drawn, rule])


def as_markdown(grid: Grid) -> str:
    """The grid as a markdown table under a heading."""

    def row(line: Sequence[str]) -> str:
        return "| " + " | ".join(c.replace("|", r"\|") for c in line) + " |"

    return "\n".join([f"### {grid.title}", "", row(grid.head), "|---|" + "---:|" * (len(grid.head) - 1), *map(row, grid.lines)])


def as_csv(grid: Grid) -> str:
    """The grid as comma-separated values, title in the first column's head."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((grid.title, *grid.head[1:]))
    writer.writerows(grid.lines)
    return out.getvalue().rstrip("\n")


def as_latex(grid: Grid, named: Callable[[str], str] = str) -> str:
    """The grid as tabulars as wide as the line, a page each; ``named`` writes the labels of its lines."""
    pages = []
    for start in range(0, len(grid.lines), LINES_PER_PAGE):
        lines = grid.lines[start : start + LINES_PER_PAGE]
        title = grid.title if start == 0 else f"{grid.title} (continued)"
        body = [r"\toprule", " & ".join(map(escape, grid.head)) + r" \\", r"\midrule"]
        for i, line in enumerate(lines, start):
            if i in grid.rules and i > start:
                body.append(r"\midrule")
            body.append(" & ".join([escape(named(line[0])), *line[1:]]) + r" \\")
        rows = "\n".join([*body, r"\bottomrule"])
        columns = "@{}l" + "r" * (len(grid.head) - 1) + "@{}"
        tabular = f"\\begin{{tabular}}{{{columns}}}\n{rows}\n\\end{{tabular}}"
        pages.append(f"\\subsection*{{{escape(title)}}}\n\\resizebox{{\\linewidth}}{{!}}{{%\n{tabular}}}\n")
    return "\n\\clearpage\n".join(pages)


def document(body: str) -> str:
    """A LaTeX file that pdflatex compiles as it stands."""
    return f"{PREAMBLE}{body}\n\\end{{document}}\n"


def typeset(
    matrices: Iterable[Matrix | Table], chart: Chart, form: Format = "text", *, decimals: int = 1, named: Callable[[str], str] = str
) -> str:
    """Matrices in one format; LaTeX is a whole document.

    Parameters
    ----------
    matrices
        Symbolic matrices, or tables of figures.
    form
        ``text``, ``markdown``, ``latex`` or ``csv``.
    decimals
        Of figures, except in CSV, which has them in full.
    named
        How LaTeX writes the labels of lines.
    """
    grids = [symbolic_grid(m, chart, form) if isinstance(m, Matrix) else figure_grid(m, form, decimals) for m in matrices]
    if form == "latex":
        return document("\n\\clearpage\n".join(as_latex(g, named) for g in grids))
    draw = {"text": as_text, "markdown": as_markdown, "csv": as_csv}[form]
    return "\n\n".join(draw(g) for g in grids) + "\n"


def equation_latex(equation: Equation, notation: Notation) -> str:
    """An equation as a display of ``document``: long sums run over several lines, and what is still too wide is scaled to the page."""
    found = " \\\\[2pt]\n".join(rows(equation, notation, WIDTH))
    return f"\\fitted{{{found}}}"


def equation_note(equation: Equation) -> str:
    """Label, number, unit, kind and source of an equation in one line of plain words."""
    unit = unit_of_left(equation)
    parts = (equation.label, equation.number, "" if unit is None else f"[{unit}]", equation.kind, equation.source)
    return "; ".join(part for part in parts if part)


def equations_text(equations: Iterable[Equation]) -> str:
    """Equations in plain text, each with its note."""
    return "\n\n".join(f"{e.name}: {equation_note(e)}\n  {equation_text(e)}" for e in equations) + "\n"


def equations_latex(equations: Iterable[Equation], chart: Chart | None = None) -> str:
    """Equations as a LaTeX document, each with its name and note."""
    notation = Notation(chart)
    blocks = [f"\\textbf{{{escape(e.name)}}}: {escape(equation_note(e))}\n{equation_latex(e, notation)}\n" for e in equations]
    return document("\n".join(blocks))
