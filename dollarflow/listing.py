"""Equations chosen by name and printed: words, number, unit, source, formula."""

from __future__ import annotations

from collections.abc import Sequence

from model.accounting.typeset import equations_latex, equations_text
from model.language.equation import Equation
from model.language.symbols import Parameter, Variable
from model.language.system import System, nearest


def chosen(system: System, names: Sequence[str]) -> tuple[Equation, ...]:
    """The equations of those names, or that determine variables of those names; all where none is named.

    Raises
    ------
    KeyError
        A name that is neither; the message has the nearest known one.
    """
    if not names:
        return system.equations
    determined = {e.left.base: e for e in system.equations if isinstance(e.left, Variable)}
    found = []
    for name in names:
        equation = system.by_name.get(name) or determined.get(name)
        if equation is None:
            known = (*system.by_name, *determined)
            given = "it is given from outside" if name in system.given else f"no equation has that name{nearest(name, known)}"
            raise KeyError(f"{name!r}: {given}; dollarflow equations without a name lists all")
        found.append(equation)
    return tuple(dict.fromkeys(found))


def listing(system: System, selected: Sequence[Equation], form: str, brief: bool = False) -> str:
    """Equations in a format; brief gives their names alone."""
    if brief:
        return "\n".join(equation.name for equation in selected)
    if form == "latex":
        return equations_latex(selected, system.chart).rstrip("\n")
    return equations_text(selected).rstrip("\n")


def with_values(selected: Sequence[Equation]) -> str:
    """The parameters of some equations with their baseline values and units, a line each."""
    from dollarflow.input_list import chosen as inputs
    from dollarflow.input_list import table

    names = sorted({s.name for e in selected for s in e.right.free_symbols if isinstance(s, Parameter)})
    return table(inputs(names)) if names else "no parameters"
