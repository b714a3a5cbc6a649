"""Other tools by their public packages, where they are installed: pysolve3 and ModelFlow."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

Sections = dict[str, list[str]]


def sections(file: Path) -> Sections:
    """The lines of a text model by section, without comments."""
    found: Sections = {}
    current = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        text = line.split("#")[0].strip()
        if text.startswith("["):
            current = text[1:-1]
            found[current] = []
        elif text:
            found[current].append(text)
    return found


def settings(model: Sections, *names: str) -> dict[str, float]:
    """The numbers of some sections by name; entries that are formulas are evaluated in order from earlier ones by the caller."""
    found: dict[str, float] = {}
    for name in names:
        for text in model.get(name, []):
            left, right = (part.strip() for part in text.split("=", 1))
            with contextlib.suppress(ValueError):
                found[left] = float(right)
    return found


def pysolve(file: Path, periods: int, opening: dict[str, float]) -> tuple[Callable[[], object], Callable[[str], float]] | None:
    """Work that solves a model for some periods with pysolve3 (Gauss-Seidel), and the last value of a variable; None where it is absent.

    Every call goes on from where the last one ended; the steady state costs what any period costs.
    """
    if find_spec("pysolve3") is None:
        return None
    from pysolve3.model import Model  # type: ignore[import-not-found,unused-ignore]

    source = sections(file)
    model: Any = Model()
    model.set_var_default(0)
    for text in source["equations"]:
        name = text.split("=")[0].strip()
        model.var(name, default=opening.get(name, 0.0))
    for name, value in settings(source, "parameters", "exogenous").items():
        model.param(name, default=value)
    for text in source["equations"]:
        model.add(text)

    def work() -> None:
        for _ in range(periods):
            model.solve(iterations=1000, threshold=1e-10)
        del model.solutions[: -periods - 1]

    return work, lambda name: float(model.solutions[-1][name])


def modelflow(file: Path, periods: int, opening: dict[str, float]) -> tuple[Callable[[], object], Callable[[str], float]] | None:
    """Work that solves a model with ModelFlow's default solver, and the last value of a variable; None where it is absent."""
    if find_spec("modelclass") is None:
        return None
    with contextlib.redirect_stdout(io.StringIO()):
        from modelclass import model as build  # type: ignore[import-not-found,unused-ignore]
    import pandas as pd

    source = sections(file)
    names = {text.split("=")[0].strip() for text in source["equations"]} | set(settings(source, "parameters", "exogenous"))
    if len({name.upper() for name in names}) < len(names):
        return None
    with contextlib.redirect_stdout(io.StringIO()):
        made: Any = build("\n".join("FRML <> " + re.sub(r"\^", "**", text) + " $" for text in source["equations"]))
    frame = pd.DataFrame(0.0, index=range(periods + 1), columns=sorted(made.allvar))
    for name, value in {**settings(source, "parameters", "exogenous"), **opening}.items():
        if name.upper() in frame.columns:
            frame[name.upper()] = np.where(frame.index == 0, value, value if name not in opening else 0.0)
    last: dict[str, Any] = {}

    def work() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            last["frame"] = made(frame, 1, periods, silent=1)

    return work, lambda name: float(last["frame"].loc[periods, name.upper()])
