"""Other tools by their public packages, where they are installed: pysolve3 and ModelFlow."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NAME = re.compile(r"[A-Za-z_]\w*")
SETTINGS: tuple[dict[str, Any], ...] = ({}, {"solver": "newton"}, {"solver": "newtonstack"}, {"solver": "xgenr"})
"""ModelFlow's ways to solve; which is quickest, and which ends where it should, differs between models."""
EARLIER = 3
"""Periods before the opening, for equations that look further back."""


@dataclass(frozen=True)
class Other:
    """A model in another tool.

    Parameters
    ----------
    work
        Solves it for the asked number of periods.
    last
        The value of a variable, by the model's own name, in the last period that was solved.
    setting
        How it solves, in words.
    """

    work: Callable[[], object]
    last: Callable[[str], float]
    setting: str


def equations(file: Path) -> list[str]:
    """The equations of a text model, without comments."""
    found, inside = [], False
    for line in file.read_text(encoding="utf-8").splitlines():
        text = line.split("#")[0].strip()
        if text.startswith("["):
            inside = text == "[equations]"
        elif text and inside:
            found.append(text)
    return found


def chosen(text: str, test: str) -> str:
    """The text with every ``where(conditions, a, b)`` as a sum of a and b times a number that is 1 where the conditions hold, or 0."""
    begin = text.find("where(")
    if begin < 0:
        return text
    depth, parts, end = 1, [""], begin + len("where(")
    while depth:
        sign = text[end]
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 1:
            parts.append("")
        elif depth:
            parts[-1] += sign
        end += 1
    conditions, yes, no = (part.strip() for part in parts)
    holds = "*".join(test.format(part) for part in conditions.split(" and "))
    return chosen(f"{text[:begin]}({holds}*({yes}) + (1 - {holds})*({no})){text[end:]}", test)


def written(text: str, names: dict[str, str], test: str) -> str:
    """An equation in another tool's language: its names, and how it writes a number that is 1 where a condition holds."""
    left, right = (part.strip() for part in text.split("=", 1))
    return NAME.sub(lambda found: names.get(found[0], found[0]), f"{left} = {chosen(right, test)}")


def distinct(names: Iterable[str]) -> dict[str, str]:
    """Names that differ by more than capital letters."""
    found: dict[str, str] = {}
    for name in names:
        count = sum(other.upper() == name.upper() for other in found)
        found[name] = f"{name}_{count}v" if count else name
    return found


def pysolve(file: Path, periods: int, opening: dict[str, float], given: dict[str, float]) -> list[Other]:
    """The model in pysolve3 (Gauss-Seidel); nothing where it is absent. Every call goes on from where the last one ended.

    Names get an ending, because many of a model's names mean something else to sympy.
    """
    if find_spec("pysolve3") is None:
        return []
    from pysolve3.model import Model  # type: ignore[import-not-found,unused-ignore]

    model: Any = Model()
    model.set_var_default(0)
    names = {name: f"{name}_v" for name in {**opening, **given}}
    lines = equations(file)
    unknown = [text.split("=")[0].strip() for text in lines]
    names.update({name: f"{name}_v" for name in unknown})
    for name in unknown:
        model.var(names[name], default=opening.get(name, 0.0))
    for name, value in given.items():
        model.param(names[name], default=value)
    for text in lines:
        model.add(written(text, names, "if_true({})"))

    def work() -> None:
        for _ in range(periods):
            model.solve(iterations=1000, threshold=1e-10)
        del model.solutions[: -periods - 1]

    return [Other(work, lambda name: float(model.solutions[-1][names[name]]), "Gauss-Seidel")]


def modelflow(file: Path, periods: int, opening: dict[str, float], given: dict[str, float]) -> list[Other]:
    """The model in ModelFlow, once a setting; nothing where it is absent. Its names know no capital letters."""
    if find_spec("modelclass") is None:
        return []
    with contextlib.redirect_stdout(io.StringIO()):
        from modelclass import model as build  # type: ignore[import-not-found,unused-ignore]
    import pandas as pd

    lines = equations(file)
    names = distinct({**{text.split("=")[0].strip(): 0 for text in lines}, **given})
    with contextlib.redirect_stdout(io.StringIO()):
        made: Any = build("\n".join(f"FRML <> {written(text, names, '({})')} $".replace("^", "**") for text in lines))
    frame = pd.DataFrame(0.0, index=range(-EARLIER, periods + 1), columns=sorted(made.allvar))
    for name, value in {**given, **opening}.items():
        if names[name].upper() in frame.columns:
            frame[names[name].upper()] = value

    def other(setting: dict[str, Any]) -> Other:
        solved: dict[str, Any] = {}

        def work() -> None:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                solved["frame"] = made(frame, 1, periods, silent=1, **setting)

        name = ", ".join(f"{key} {value}" for key, value in setting.items()) or "default"
        return Other(work, lambda column: float(solved["frame"].loc[periods, names[column].upper()]), name)

    return [other(setting) for setting in SETTINGS]
