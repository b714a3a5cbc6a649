"""Notebook displays of equations, systems, paths and scenarios: tables of HTML with every text escaped, and formulas as LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from model.equation import unit_of_left
from model.notation import Notation, latex

if TYPE_CHECKING:
    from model.equation import Equation
    from model.path import Path
    from model.scenario import Scenario
    from model.system import System

SHOWN = 12
"""Rows of a table that are shown; the rest is counted."""
TYPESET = 40
"""Equations up to which a system is typeset as a whole."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "", figures: bool = False) -> str:
    """A table with a caption; every field is escaped, numbers stand to the right.

    Parameters
    ----------
    head
        Names of the columns; all empty for a table without heads.
    rows, caption
        Fields, and a heading.
    figures
        True where all columns but the first hold figures written as text.

    Examples
    --------
    >>> table(("name",), [("a<b",)])
    '<table><thead><tr><th>name</th></tr></thead><tbody><tr><td style="text-align:left">a&lt;b</td></tr></tbody></table>'
    """

    def cell(place: int, value: object) -> str:
        side = "right" if isinstance(value, float) or (figures and place) else "left"
        text = f"{value:,.6g}" if isinstance(value, float) else escape(str(value))
        return f'<td style="text-align:{side}">{text}</td>'

    title = f'<caption style="text-align:left"><b>{escape(caption)}</b></caption>' if caption else ""
    top = f"<thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr></thead>" if any(head) else ""
    body = "".join(f"<tr>{''.join(cell(place, value) for place, value in enumerate(row))}</tr>" for row in rows)
    return f"<table>{title}{top}<tbody>{body}</tbody></table>"


def more(count: int, noun: str) -> str:
    """A line that counts what is not shown; nothing where all is."""
    return f"<p>and {count:,} more {escape(noun)}</p>" if count > 0 else ""


def equation_latex(equation: Equation, notation: Notation) -> str:
    """``left = right`` in LaTeX maths, without dollar signs."""
    return f"{latex(equation.left, notation)} = {latex(equation.right, notation)}"


def system_html(system: System) -> str:
    """Sizes, then the equations with label, number and unit."""
    kinds: dict[str, int] = {}
    for equation in system.equations:
        kinds[equation.kind] = kinds.get(equation.kind, 0) + 1
    sizes = [
        ("equations", f"{len(system.equations):,} ({', '.join(f'{count:,} {kind}' for kind, count in sorted(kinds.items()))})"),
        ("unknowns", f"{len(system.unknowns):,}"),
        ("given from outside", f"{len(system.exogenous):,}, and {len(system.add_factors):,} add-factors"),
        ("parameters", f"{len(system.parameters):,}"),
        ("checked, never solved", ", ".join(hidden.name for hidden in system.hidden) or "nothing"),
    ]
    behaviour = [e for e in system.equations if e.kind != "identity"] or list(system.equations)
    rows = [(e.name, str(unit_of_left(e) or ""), e.label, e.number, e.source) for e in behaviour[:SHOWN]]
    shown = table(("equation", "unit", "says", "number", "source"), rows)
    rest = more(len(system.equations) - len(rows), "equations")
    return table(("", ""), sizes, f"System: {system.name}") + shown + rest


def system_latex(system: System) -> str | None:
    """All equations as one aligned display, for a system that fits on a page; None for a larger one."""
    if len(system.equations) > TYPESET:
        return None
    notation = Notation(system.chart)
    lines = [f"{latex(e.left, notation)} &= {latex(e.right, notation)}" for e in system.equations]
    return "$$\\begin{aligned}" + " \\\\ ".join(lines) + "\\end{aligned}$$"


def path_html(path: Path) -> str:
    """Size, certificate and the first variables at the opening, the middle and the end."""
    places = sorted({0, path.periods // 2, path.periods})
    heads = [f"period {k}" if path.dates is None else path.dates[k].isoformat() for k in places]
    rows = [
        (name, str(path.system.variables[name].unit) if name in path.system.variables else "", *(float(path[name][k]) for k in places))
        for name in chosen(path)
    ]
    worst = float(path.certificates.max(initial=0.0))
    caption = f"Path of {path.system.name}: {path.periods} periods, largest scaled residual {worst:.1e}"
    failed = f"<p>stopped: {escape(str(path.failure))}</p>" if path.failure is not None else ""
    return table(("variable", "unit", *heads), rows, caption) + more(len(path.columns) - len(rows), "variables") + failed


def chosen(path: Path) -> list[str]:
    """Variables to show: plain names before those of cells and payments."""
    names = [name for name in path.columns if not name.startswith("add__")]
    return sorted(names, key=lambda name: "__" in name)[:SHOWN]


def scenario_html(scenario: Scenario) -> str:
    """Title, story, source, what changes and what is expected."""
    own = scenario.horizon
    span = [str(own.start or ""), f"{own.periods} periods" if own.periods is not None else "", f"to {own.end}" if own.end else ""]
    facts = [
        ("story", " ".join(scenario.story.split())),
        ("source", scenario.source),
        ("baseline", scenario.baseline or ""),
        ("horizon", ", ".join(part for part in (*span, own.clock or "") if part)),
        ("parameters", ", ".join(f"{name} = {value:g}" for name, value in scenario.parameters)),
        ("switches", ", ".join(f"{name} = {value}" for name, value in scenario.switch)),
        ("given", ", ".join(name for name, _ in scenario.exogenise)),
        *(("shock", str(shock)) for shock in scenario.shock),
        *(("expected", str(expectation)) for expectation in scenario.expect),
    ]
    return table(("", ""), [fact for fact in facts if fact[1]], f"Scenario: {scenario.title} ({scenario.name})")
