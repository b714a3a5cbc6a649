"""Pages of equations, made from the equations themselves: formula, words, unit, source, parameters with values, tests that name them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from formulas import block

WIDTH = 90
"""Characters of a formula after which its sum goes on in the next line, and above which parts of it have names."""
LISTED = 6
"""Test files that are named; the rest is counted."""
ALL = "economy/test_residuals.py"
"""The tests that evaluate every equation on a solved path, none by its name."""
UNSOURCED = {
    "behaviour": "an assumption of this model",
    "policy": "an assumption of this model",
    "complementarity": "an assumption of this model",
    "market": "none needed: what is sold is bought",
    "identity": "follows from the chart of accounts",
    "definition": "a definition",
}
"""What is said where an equation rests on no publication."""
KINDS = {
    "behaviour": "behaviour",
    "definition": "definition",
    "identity": "identity",
    "market": "market clearing",
    "policy": "policy",
    "complementarity": "complementarity",
}


def words_of_tests(root: Path) -> Mapping[str, list[str]]:
    """For every word that occurs in the tests, the files with it."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted((root / "tests").rglob("test_*.py")):
        for word in set(re.findall(r"\w+", file.read_text(encoding="utf-8"))):
            found[word].add(str(file.relative_to(root / "tests")))
    return {word: sorted(files) for word, files in found.items()}


def anchor(name: str) -> str:
    """The identifier of an equation's section."""
    return "eq-" + re.sub(r"[^\w-]", "-", name)


def formula(equation: Any, notation: Any) -> str:
    """The equation as an aligned display: long sums over several lines, long parts by name."""
    from model.language.formulas import rows

    found = r" \\ ".join(row.replace("\n", " ") for row in rows(equation, notation, WIDTH))
    return block(rf"\begin{{aligned}}{found}\end{{aligned}}")


def coverage(equations: Iterable[Any], tests: Mapping[str, list[str]]) -> dict[str, str]:
    """For every equation the tests that name it or its variable; else those that name a parameter of it or what depends on it."""
    from model.language.symbols import Parameter, Variable

    known = list(equations)
    users: dict[str, set[str]] = defaultdict(set)
    for item in known:
        for symbol in (item.left - item.right).free_symbols:
            if isinstance(symbol, Variable):
                users[symbol.base].update(files_of(item, tests))
    found = {}
    for item in known:
        parameters = {s.name for s in item.right.free_symbols if isinstance(s, Parameter)}
        ways = (
            ("", files_of(item, tests)),
            ("through its parameters: ", {file for name in parameters for file in tests.get(name, ())}),
            ("through what depends on it: ", users[item.left.base] if isinstance(item.left, Variable) else set()),
        )
        told = next((words + listed(files) for words, files in ways if files), "none by name")
        found[item.name] = told if ALL in told else f"{told}; <code>{ALL}</code> evaluates every equation"
    return found


def files_of(equation: Any, tests: Mapping[str, list[str]]) -> set[str]:
    """Tests that name an equation or the variable on its left."""
    from model.language.symbols import Variable

    own = equation.left.base if isinstance(equation.left, Variable) else equation.name
    return {*tests.get(equation.name, ()), *tests.get(own, ())}


def listed(files: Iterable[str]) -> str:
    """The first few files, and how many more there are."""
    ordered = sorted(files)
    rest = f" and {len(ordered) - LISTED} more" if len(ordered) > LISTED else ""
    return ", ".join(f"<code>{file}</code>" for file in ordered[:LISTED]) + rest


def fact(label: str, value: str) -> str:
    """A line of an equation's facts; nothing where there is none."""
    return f"<dt>{label}</dt><dd>{value}</dd>" if value else ""


def section(equation: Any, notation: Any, inputs: Mapping[str, Any], covered: Mapping[str, str]) -> str:
    """An equation's section."""
    from dollarflow.reports.quantities import unit_text, value_of
    from model.language.equation import unit_of_left
    from model.language.symbols import Parameter

    unit = unit_of_left(equation)
    facts = "".join(
        (
            fact("number", escape(equation.number)),
            fact("unit", escape("" if unit is None else unit_text(str(unit)))),
            fact("kind", KINDS.get(equation.kind, equation.kind)),
            fact("source", escape(equation.source or UNSOURCED[equation.kind])),
            fact("tests", covered[equation.name]),
        )
    )
    names = sorted(s.name for s in equation.right.free_symbols if isinstance(s, Parameter))
    rows = [inputs[name] for name in names if name in inputs]
    parts = [f"### {equation.name} {{ #{anchor(equation.name)} }}"]
    if equation.label:
        parts.append(escape(equation.label[:1].upper() + equation.label[1:]) + ".")
    parts += [formula(equation, notation), f'<dl class="facts">{facts}</dl>']
    if rows:
        table = ["| parameter | value | unit | meaning | source |", "|---|---:|---|---|---|"]
        for item in rows:
            source = ("assumption; " if item.assumption else "") + (item.source or "")
            cells = (f"`{item.name}`", value_of(item.name, item.value), unit_text(item.unit), item.description, source)
            table.append("| " + " | ".join(escape(str(cell), quote=False).replace("|", r"\|") for cell in cells) + " |")
        parts.append("\n".join(table))
    return "\n\n".join(parts)


def grouped() -> dict[str, tuple[str, list[Any]]]:
    """Equations by page: a module's each, with its first line; then budgets and the identities of each instrument and sector."""
    from equations.dollar_system import BUDGETS, MODULES, dollar_system

    system = dollar_system()
    left = dict(system.by_name)
    pages: dict[str, tuple[str, list[Any]]] = {}
    for module in MODULES:
        own = [left.pop(e.name) for e in module.EQUATIONS if e.name in left]
        pages[module.__name__.rpartition(".")[2]] = ((module.__doc__ or "").strip().partition("\n")[0], own)
    pages["budgets"] = (
        "The budgets that are solved, one buffer each; the banks' is the hidden equation.",
        [left.pop(e.name) for e in BUDGETS],
    )
    pages["identities"] = (
        "Identities that follow from the chart of accounts: accumulation, interest, totals, net worth.",
        list(left.values()),
    )
    return pages


def equation_pages(root: Path) -> dict[str, Callable[[], str]]:
    """Pages by place: an index and one for each module of the economy."""
    from dollarflow.input_list import every_input
    from equations.accounts import CHART
    from model.language.notation import Notation

    notation = Notation(CHART)
    inputs = {item.name: item for item in every_input()}
    pages = grouped()
    covered = coverage((e for _, equations in pages.values() for e in equations), words_of_tests(root))

    def page(name: str) -> Callable[[], str]:
        title, equations = pages[name]
        intro = f"# {name.replace('_', ' ').capitalize()}\n\n{title}"
        return lambda: "\n\n".join([intro, *(section(e, notation, inputs, covered) for e in equations)]) + "\n"

    made = {f"reference/equations/{name}.md": page(name) for name in pages}
    return {"reference/equations.md": lambda: index(pages), **made}


def index(pages: Mapping[str, tuple[str, Iterable[Any]]]) -> str:
    """The list of all equations by page, with links to their sections."""
    parts = [
        "# Equations",
        "Every equation of the baseline, as the solver has it: formula, unit, source, parameters with their values, and the tests that "
        "name it, its parameters or what depends on it. Every run checks each of them in each period. `dollarflow equations NAME` prints "
        "the same at the shell.",
    ]
    for name, (title, equations) in pages.items():
        found = list(equations)
        links = ", ".join(f"[{e.name}](equations/{name}.md#{anchor(e.name)})" for e in found)
        parts += [f"## [{name.replace('_', ' ')}](equations/{name}.md)", f"{title} {len(found)} equations.", links]
    return "\n\n".join([*parts, *checked()]) + "\n"


def checked() -> list[str]:
    """What is evaluated in every period and never solved."""
    from equations.dollar_system import dollar_system

    rows = [f"| `{item.name}` | {escape(item.label)} |" for item in dollar_system().hidden]
    intro = "Zero in every period because all other equations hold; none is solved, and each is checked to rounding."
    return ["## Checked, never solved", intro, "\n".join(["| hidden equation | says |", "|---|---|", *rows])]
