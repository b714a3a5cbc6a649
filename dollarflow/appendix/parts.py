"""Parts of the appendix: sectors and instruments, matrices, parameters and experiments, each as LaTeX."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from dollarflow.charts.names import INSTRUMENTS, line_label, reading
from dollarflow.reports.quantities import UNLIMITED
from model.accounting.typeset import symbolic_grid
from model.language.accounts import Chart
from model.language.notation import Notation, escape
from model.language.symbols import Parameter

if TYPE_CHECKING:
    from dollarflow.input_list import Input
    from model.accounting.matrices import Matrix

LINES = 58
"""Of a matrix on one landscape page."""
RAGGED = r">{\raggedright\arraybackslash}"
"""Before a column of words: lines are not stretched to its width."""
VERDICTS = {True: "inside", False: "outside"}


def sectors(chart: Chart) -> str:
    """Sectors with their letters, and instruments with issuers, holders and what they are."""
    people = "\n".join(f"{escape(s.letter)} & {escape(s.name)} & {escape(s.description)} \\\\" for s in chart.sectors)
    letters = {s.name: s.letter for s in chart.sectors}
    lines = []
    for item in chart.instruments:
        issuers = ", ".join(dict.fromkeys(letters[i] for i, _ in item.cells))
        holders = ", ".join(dict.fromkeys(letters[h] for _, h in item.cells))
        cells = (INSTRUMENTS.get(item.name, item.name), issuers, holders, item.valuation.value, item.description)
        lines.append(" & ".join(escape(cell) for cell in cells) + r" \\")
    return "\n".join(
        [
            r"\section{Sectors and instruments}",
            r"\noindent\begin{tabular}{@{}llp{0.68\linewidth}@{}}",
            r"\toprule",
            r"& name & sector \\",
            r"\midrule",
            people,
            r"\bottomrule",
            r"\end{tabular}",
            r"\bigskip",
            "",
            r"\noindent\begin{tabular}{@{}llllp{0.4\linewidth}@{}}",
            r"\toprule",
            r"instrument & issuers & holders & valuation & what it is \\",
            r"\midrule",
            "\n".join(lines).replace("&  \\\\", "& \\\\"),
            r"\bottomrule",
            r"\end{tabular}",
        ]
    )


def matrix(table: Matrix, chart: Chart) -> str:
    """A matrix in symbols on landscape pages, scaled to the page, lines and columns summing to zero."""
    grid = symbolic_grid(table, chart, "latex")
    pages = []
    for start in range(0, len(grid.lines), LINES):
        body = [r"\toprule", " & ".join(map(escape, grid.head)) + r" \\", r"\midrule"]
        for place, line in enumerate(grid.lines[start : start + LINES], start):
            if place in grid.rules and place > start:
                body.append(r"\midrule")
            body.append(" & ".join([escape(line_label(line[0])), *line[1:]]) + r" \\")
        body.append(r"\bottomrule")
        tabular = (
            f"\\renewcommand{{\\arraystretch}}{{1.2}}\\begin{{tabular}}{{@{{}}l{'r' * (len(grid.head) - 1)}@{{}}}}\n"
            + "\n".join(body)
            + "\n\\end{tabular}"
        )
        head = f"\\subsection{{{escape(grid.title)}}}" if start == 0 else f"\\subsection*{{{escape(grid.title)}, continued}}"
        pages.append(f"{head}\n\\noindent\\fittedbox{{%\n{tabular}}}\n")
    return "\\begin{landscape}\n" + "\n\\clearpage\n".join(pages) + "\n\\end{landscape}"


def matrices(tables: Iterable[Matrix], chart: Chart) -> str:
    """Every matrix."""
    said = (
        r"Assets, receipts and issues carry a plus, liabilities, payments and acquisitions a minus. An index names issuer and holder, "
        r"or payer and payee; an issuer's entry without a holder is the sum over holders. Every line and every column sums to zero."
    )
    return "\n".join([r"\section{Matrices}", said, *(matrix(table, chart) for table in tables)])


@dataclass(frozen=True)
class Estimate:
    """A parameter's estimate with its standard error and where it comes from."""

    value: float
    error: float | None
    study: str


def estimates() -> dict[str, Estimate]:
    """Estimates with standard errors by parameter, from the calibration's own tables."""
    text = resources.files("calibration").joinpath("data/estimates.toml").read_text(encoding="utf-8")
    found: dict[str, Estimate] = {}
    for study, entry in tomllib.loads(text).items():
        for name, values in entry.get("parameter", {}).items():
            error = values.get("error")
            found[name] = Estimate(float(values["value"]), None if error is None else float(error), study)
    return found


def power(value: float | None) -> str:
    r"""A number in LaTeX with four significant digits; powers of ten where it is small or large.

    Examples
    --------
    >>> power(0.0427), power(1.08e-05), power(None)
    ('$0.0427$', '$1.08 \\times 10^{-5}$', '')
    """
    if value is None:
        return ""
    text = f"{value:.4g}"
    if "e" not in text:
        return f"${text}$"
    digits, _, exponent = text.partition("e")
    return f"${digits} \\times 10^{{{int(exponent)}}}$"


def limit(name: str, value: float) -> str:
    """The largest value of a parameter; in words where it says that there is no limit."""
    least, words = UNLIMITED.get(name, (math.inf, ""))
    return words if value >= least else power(value)


def parameters(items: Sequence[Input], notation: Notation) -> str:
    """Every parameter: symbol, value, unit, estimate with standard error, meaning and source."""
    known = estimates()
    lines = []
    for item in items:
        estimate = known.get(item.name)
        value = power(item.value) if item.least == item.most else f"{power(item.least)} to {limit(item.name, item.most)}"
        error = "" if estimate is None else power(estimate.error)
        estimated = "" if estimate is None else power(estimate.value)
        source = (r"\textit{assumption}; " if item.assumption else "") + escape(item.source or "")
        words = f"{escape(item.description)}. {source}" if item.description else source
        symbol = f"${notation.latex(Parameter(item.name))}$"
        lines.append(" & ".join((symbol, value, unit(item.unit), estimated, error, words)) + r" \\")
    head = r"symbol & value & unit & estimate & s.e. & meaning and source \\"
    said = (
        "Values of the baseline's opening. Estimates stand beside the values and replace nothing by themselves; standard errors are "
        "Newey--West with the stated priors. Where there is none, the parameter was not estimated. An assumption is set, not taken "
        "from a publication."
    )
    wide = longtable(f"ll{RAGGED}p{{24mm}}ll{RAGGED}p{{118mm}}", head, lines)
    return "\n".join([r"\begin{landscape}", r"\section{Parameters}", said, *wide, r"\end{landscape}"])


def unit(text: str) -> str:
    r"""A unit in LaTeX.

    Examples
    --------
    >>> unit("1 / USD bn yr"), unit("yr^2")
    ('1 / USD bn yr', 'yr$^{2}$')
    """
    words = []
    for word in text.split(" "):
        base, raised, exponent = word.partition("^")
        words.append(f"{escape(base)}$^{{{escape(exponent)}}}$" if raised else escape(word))
    return " ".join(words)


def longtable(columns: str, head: str, lines: Sequence[str]) -> list[str]:
    """A table over several pages whose head is repeated."""
    return [
        r"{\footnotesize\setlength{\tabcolsep}{3pt}\renewcommand{\arraystretch}{1.1}",
        f"\\begin{{longtable}}{{@{{}}{columns}@{{}}}}",
        r"\toprule",
        head,
        r"\midrule",
        r"\endhead",
        r"\midrule \multicolumn{2}{@{}l}{\textit{continued}} \\",
        r"\endfoot",
        r"\bottomrule",
        r"\endlastfoot",
        *lines,
        r"\end{longtable}}",
    ]


def computed_figure(number: float) -> str:
    r"""A figure of the experiments' table in LaTeX.

    Examples
    --------
    >>> computed_figure(-74.67), computed_figure(-3.638e-12), computed_figure(2460.0)
    ('$-74.67$', '$-3.638 \\times 10^{-12}$', '$2460$')
    """
    from dollarflow.experiments.table import figure

    text = figure(number)
    if not math.isfinite(number):
        return text
    return power(number) if "e" in text else f"${text}$"


def band(low: float | None, high: float | None) -> str:
    """The band that was written down for a figure, in LaTeX; empty where there is none.

    Examples
    --------
    >>> band(None, 5.0), band(1.0, None), band(2.0, 2.0), band(None, None)
    ('at most $5$', 'at least $1$', '$2$', '')
    """
    if low is None:
        return "" if high is None else f"at most {computed_figure(high)}"
    if high is None:
        return f"at least {computed_figure(low)}"
    return computed_figure(low) if low == high else f"{computed_figure(low)} to {computed_figure(high)}"


def experiments(rows: Sequence[dict[str, Any]]) -> str:
    """Checks of the experiments: computed against the band that was written down for it."""
    from dollarflow.experiments.registry import experiments as known

    titles = {item.name: item.title for item in known()}
    lines: list[str] = []
    last = ""
    for row in rows:
        if row["experiment"] != last:
            last = row["experiment"]
            rule = [r"\midrule"] if lines else []
            lines += [*rule, f"\\multicolumn{{6}}{{@{{}}l}}{{\\textbf{{{escape(last)}}} {escape(titles.get(last, ''))}}} \\\\*"]
        low, high, computed = row["low"], row["high"], row["computed"]
        judged = low is not None or high is not None
        basis = f"{row['basis']}{', in sample' if row['in_sample'] else ''}{', restating' if row.get('restates') else ''}"
        cells = (
            escape(f"{row['case']}: {reading(row['variable'])}"),
            "none" if computed is None else computed_figure(computed),
            band(low, high),
            escape(row["unit"]),
            escape(basis),
            escape(VERDICTS[bool(row["passed"])]) if judged else "",
        )
        lines.append(" & ".join(cells) + r" \\")
    head = r"case and variable & computed & band & unit & basis & verdict \\"
    said = (
        "What the model computes beside the band that was written down before the run, with its basis. Rows in sample have a band or a "
        "parameter from the same observation, figure and band of restating rows follow from the same parameter or input: passing them is "
        "no evidence."
    )
    return "\n".join([r"\section{Experiments}", said, *longtable(f"{RAGGED}p{{72mm}}r{RAGGED}p{{30mm}}l{RAGGED}p{{20mm}}l", head, lines)])
