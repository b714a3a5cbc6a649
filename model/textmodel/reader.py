"""From a text model's statements to a system, its numbers and its shocks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath

import numpy as np
from numpy.typing import NDArray

from model.language.equation import Equation, Hidden
from model.language.later import Later
from model.language.names import nearest
from model.language.symbols import Parameter, Variable
from model.language.system import System
from model.textmodel.meaning import Builder, Figure
from model.textmodel.model import Shock, TextModel
from model.textmodel.sections import Sections, Statement, sections
from model.textmodel.syntax import Name, Node, names

Floats = NDArray[np.float64]
GIVEN = ("parameters", "exogenous", "initial")


class Reader:
    """The meaning of a file's statements.

    Parameters
    ----------
    source
        The statements.
    """

    def __init__(self, source: Sections) -> None:
        self.source = source
        self.equations = self.defined()
        self.values = {section: {s.name.text: s for s in source.of(section) if s.name} for section in GIVEN}
        self.known = {*self.equations, *self.values["parameters"], *self.values["exogenous"]}
        self.trees = {s.line.number: s.parser(self.known).whole() for s in source.statements}
        self.numbers: dict[tuple[str, str], float] = {}

    def defined(self) -> dict[str, Statement]:
        """The equations by variable; refuses a name that is defined twice."""
        seen: dict[str, Statement] = {}
        for group in (("equations", "parameters", "exogenous"), ("initial",)):
            places: dict[str, Statement] = {}
            for s in self.source.of(*group):
                if s.name is None:
                    continue
                if s.name.text in places:
                    first = places[s.name.text]
                    what = f"{s.name.text!r} is defined twice, first in [{first.section}] on line {first.line.number}"
                    raise s.line.error(what, "a name has one equation or one value", s.name.column)
                places[s.name.text] = s
            seen.update({n: s for n, s in places.items() if s.section == "equations"})
        return seen

    def check_names(self) -> None:
        """Refuse a name that has neither an equation nor a value, and a value or shock that reaches nothing."""
        for s in self.source.statements:
            if s.name and s.section == "initial" and s.name.text not in {*self.equations, *self.values["exogenous"]}:
                guess = nearest(s.name.text, [*self.equations, *self.values["exogenous"]])
                constant = "a parameter" if s.name.text in self.values["parameters"] else "no variable of the model"
                raise s.line.error(
                    f"{s.name.text!r} is {constant}{guess}",
                    "[initial] gives values to variables of [equations] and [exogenous]",
                    s.name.column,
                )
            if s.name and s.section == "shock" and s.name.text not in {*self.values["parameters"], *self.values["exogenous"]}:
                given = [*self.values["parameters"], *self.values["exogenous"]]
                kind = (
                    "solved by an equation"
                    if s.name.text in self.equations
                    else f"no parameter or exogenous variable{nearest(s.name.text, given)}"
                )
                raise s.line.error(f"{s.name.text!r} is {kind}", "a shock changes a name of [parameters] or [exogenous]", s.name.column)
            if s.section not in ("equations", "identity"):
                continue
            for name in names(self.trees[s.line.number]):
                if name.name not in self.known:
                    guess = nearest(name.name, self.known)
                    raise s.line.error(
                        f"{name.name!r} has no value{guess}", "give it an equation, or a value in [parameters] or [exogenous]", name.at
                    )

    def number(self, section: str, name: str, chain: tuple[tuple[str, str], ...] = ()) -> float:
        """The value that a section gives to a name, its own references resolved first."""
        key = (section, name)
        if key not in self.numbers:
            s = self.values[section][name]
            self.numbers[key] = Figure(s.line, lambda n: self.reference(n, s, (*chain, key))).of(self.trees[s.line.number])
        return self.numbers[key]

    def reference(self, name: Name, s: Statement, chain: tuple[tuple[str, str], ...]) -> float:
        """The value of a name used in a value's expression."""
        if name.offset:
            raise s.line.error(f"{name.name!r} with a time offset", "values are numbers or expressions of names given already", name.at)
        own = self.values.get(s.section, {}).get(name.name)
        if own is not None and own.line.number < s.line.number:
            return self.number(s.section, name.name, chain)
        for section in ("parameters", "exogenous", "initial"):
            if section != s.section and name.name in self.values[section] and (section, name.name) not in chain:
                return self.number(section, name.name, chain)
        if own is not None or any((section, name.name) in chain for section in GIVEN):
            where = f"{name.name!r} is given only on line {own.line.number}" if own else f"{name.name!r} rests on the value given here"
            raise s.line.error(where, "values use names given already: move the line up", name.at)
        if s.section == "initial" and name.name in self.equations:
            raise s.line.error(f"{name.name!r} has no value in [initial] yet", "give its value on a line above", name.at)
        known = {*self.values["parameters"], *self.values["exogenous"], *(self.values["initial"] if s.section == "initial" else ())}
        raise s.line.error(f"{name.name!r} has no value{nearest(name.name, known)}", "values use names given already", name.at)

    def shocks(self) -> Iterable[Shock]:
        """The shocks, their values evaluated at base values."""
        for s in self.source.of("shock"):
            tree = self.trees[s.line.number]
            value = Figure(s.line, lambda n, s=s: self.reference(n, s, ())).of(tree)  # type: ignore[misc]
            assert s.name is not None
            yield Shock(s.name.text, value, s.first, s.last)

    def model(self) -> TextModel:
        """The finished model."""
        self.check_names()
        values = {section: {name: self.number(section, name) for name in self.values[section]} for section in GIVEN}
        lagged = {n.name for tree in self.trees.values() for n in names(tree) if n.offset}
        constants = {n: v for n, v in values["parameters"].items() if n not in lagged}
        outside = values["exogenous"] | {n: v for n, v in values["parameters"].items() if n in lagged}
        symbols: dict[str, Variable | Parameter] = {name: Variable(name) for name in (*self.equations, *outside)}
        symbols |= {name: Parameter(name) for name in constants}
        builder = Builder(symbols)
        equations = tuple(
            Equation(name, symbols[name], builder.of(self.trees[s.line.number], s.line), kind="definition")
            for name, s in self.equations.items()
        )
        stem = FilePath(self.source.file).stem
        name = self.source.notes.get("name", "") or stem
        system = System(
            name=name,
            equations=equations,
            exogenous=tuple(v for n in outside if isinstance(v := symbols[n], Variable)),
            hidden=self.identities(builder),
        )
        used = {p.name for p in system.parameters}
        opening = dict.fromkeys(self.equations, 0.0) | values["initial"]
        return TextModel(
            name=name,
            notes=self.source.notes,
            order=tuple(self.equations),
            opening=opening,
            parameters={n: v for n, v in constants.items() if n in used},
            exogenous=outside,
            shocks=tuple(s for s in self.shocks() if s.name in used or s.name in outside),
            origin=Later.known(system),
        )

    def identities(self, builder: Builder) -> tuple[Hidden, ...]:
        """The [identity] lines, named by their text."""
        found: dict[str, Hidden] = {}
        for s in self.source.of("identity"):
            tree: Node = self.trees[s.line.number]
            text = s.line.text.partition("#")[0].strip()
            found.setdefault(text, Hidden(text, builder.of(tree, s.line), f"line {s.line.number}"))
        return tuple(found.values())


def parse_text_model(text: str, file: str = "<text>") -> TextModel:
    r"""The model that a text describes.

    Raises
    ------
    TextModelError
        Whatever is wrong with the text: file, line, column, what was found and what is allowed.

    Examples
    --------
    >>> sim = parse_text_model("[equations]\nY = C + G\nC = 0.6*Y(-1)\n[exogenous]\nG = 20\n")
    >>> sim.order, sim.exogenous
    (('Y', 'C'), {'G': 20.0})
    """
    return Reader(sections(text, file)).model()


__all__ = ["Reader", "parse_text_model"]
