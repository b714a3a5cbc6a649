"""The appendix assembled: a LaTeX document that pdflatex compiles as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dollarflow.appendix import parts
from dollarflow.appendix.equations import equations
from model.language.notation import Notation

PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[margin=20mm]{geometry}
\usepackage{amsmath}
\usepackage{array}
\usepackage{graphicx}
\usepackage{booktabs}
\usepackage{longtable}
\usepackage{pdflscape}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\setlength{\emergencystretch}{4em}
\newsavebox{\content}
\newcommand{\fitted}[1]{\sbox{\content}{$\displaystyle\begin{aligned}#1\end{aligned}$}%
\[\ifdim\wd\content>\linewidth\resizebox{\linewidth}{!}{\usebox{\content}}\else\usebox{\content}\fi\]}
\newcommand{\fittedbox}[1]{\sbox{\content}{#1}%
\ifdim\wd\content>\linewidth\resizebox{\linewidth}{!}{\usebox{\content}}\else\usebox{\content}\fi}
\pdfinfoomitdate=1
\pdftrailerid{}
\pdfsuppressptexinfo=-1
\begin{document}
\section*{Appendix: the dollar system}
"""


def appendix(rows: Sequence[dict[str, Any]] = (), *, identities: bool = False) -> str:
    """The document.

    Parameters
    ----------
    rows
        Rows of experiments, as ``dollarflow experiments --format json`` prints them; without any, no such section.
    identities
        True to print the accounting identities as well.
    """
    from dollarflow.economy import economy
    from dollarflow.input_list import every_input
    from dollarflow.matrices import symbolic
    from dollarflow.scenarios import scenario
    from equations.accounts import CHART

    system = economy(scenario("baseline"))
    settings = [item for item in every_input() if item.kind == "parameter"]
    body = [
        parts.sectors(CHART),
        parts.matrices(symbolic(), CHART),
        equations(system, identities=identities),
        r"\clearpage",
        parts.parameters(settings, Notation(CHART)),
        *([r"\clearpage", parts.experiments(rows)] if rows else []),
    ]
    return PREAMBLE + "\n\n".join(body) + "\n\\end{document}\n"
