"""LaTeX maths as MathML, which browsers set without a script, a font or a network."""

from __future__ import annotations

import re

from latex2mathml.converter import convert


def prepared(latex: str) -> str:
    """LaTeX with the few commands that the converter does not know replaced by ones that it does."""
    latex = re.sub(r"\\tfrac(\d)(\d)", r"\\frac{\1}{\2}", latex)
    latex = latex.replace("{aligned}", "{align*}")
    return latex.replace("~", r"\ ").replace(r"\displaystyle", "")


def block(latex: str) -> str:
    """A display formula as a block of HTML that scrolls where the page is narrow."""
    return f'<div class="formula">{convert(prepared(latex.strip()), display="block")}</div>'


def inline(latex: str) -> str:
    """A formula in a line of text."""
    return f"<span>{convert(prepared(latex.strip()))}</span>"
