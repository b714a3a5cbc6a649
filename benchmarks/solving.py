"""Microseconds a period of single paths: this engine, its interpreter, kernels torn by hand, and other tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.clock import shortest
from benchmarks.limit import GIVEN, ORDER, library, limit
from benchmarks.tools import modelflow, pysolve
from model.newton import Options
from model.textmodel import read_text_model, solve_model

MODELS = Path(__file__).parent.parent / "tests" / "textmodels" / "models"
NAMES = ("SIM", "LP", "INSOUT", "GROWTH", "OPEN")
LONG, SHORT = 10_000, 100
AGREEMENT = 1e-9
Builder = Callable[[Path, int, dict[str, float]], tuple[Callable[[], object], Callable[[str], float]] | None]


@dataclass
class Row:
    """One model's figures, microseconds a period; NaN where something is absent."""

    name: str
    equations: int
    torn: int
    figures: dict[str, float] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()


def measure(name: str, quick: bool = False) -> Row:
    """Every figure of one model."""
    file = MODELS / f"{name}.txt"
    model = read_text_model(file)
    longest = 1000 if quick else LONG
    rounds = 3 if quick else 7
    first = solve_model(model, longest, False)
    row = Row(name, first.statistics.equations, first.statistics.torn)
    row.figures["long path"] = 1e6 * shortest(lambda: solve_model(model, longest, False), rounds) / longest
    row.figures["100 periods"] = 1e6 * shortest(lambda: solve_model(model, SHORT, False), rounds) / SHORT
    python = Options(missing=0.0, backend="python")
    row.figures["interpreted"] = 1e6 * shortest(lambda: solve_model(model, SHORT, False, python), 1) / SHORT
    wrong = []
    code = library() if name in ORDER else None
    if code is not None:
        values = {n: np.asarray(first[n]) for n in first.columns}
        known = {n: float(first[n][1]) for n in GIVEN[name] if n in first.parameter_names}
        by_hand = limit(name, longest, values, known, code)
        row.figures["C by hand"] = 1e6 * shortest(by_hand.run, rounds) / longest
        ours = np.column_stack([first[n] for n in by_hand.names])
        if not np.allclose(ours[1:], by_hand.path[1:], rtol=AGREEMENT, atol=AGREEMENT):
            wrong.append("C by hand")
    opening = {n: float(first[n][0]) for n in model.order if np.isfinite(first[n][0])}
    for tool, build in (("pysolve3", pysolve), ("ModelFlow", modelflow)):
        other = _other(build, file, opening)
        if other is not None:
            work, last = other
            row.figures[tool] = 1e6 * shortest(work, 1) / SHORT
            if tool == "ModelFlow" and not np.isclose(last(model.order[0]), first[model.order[0]][SHORT], rtol=1e-6):
                wrong.append(tool)
    row.wrong = tuple(wrong)
    return row


def _other(build: Builder, file: Path, opening: dict[str, float]) -> tuple[Callable[[], object], Callable[[str], float]] | None:
    try:
        return build(file, SHORT, opening)
    except Exception as error:
        print(f"{build.__name__} cannot read {file.name}: {type(error).__name__}: {error}"[:150])
        return None


def table(quick: bool = False) -> str:
    """The rows in words: microseconds a period and ratios to this engine on the same horizon."""
    rows = [measure(name, quick) for name in NAMES]
    lines = ["microseconds a period; in brackets the ratio to this engine on a path of the same length", ""]
    heads = ("long path", "C by hand", "100 periods", "interpreted", "pysolve3", "ModelFlow")
    lines.append(f"{'model':8}{'equations':>10}{'torn':>6}" + "".join(f"{h:>20}" for h in heads))
    for row in rows:
        cells = []
        for head in heads:
            value = row.figures.get(head, float("nan"))
            own = row.figures["long path" if head in ("long path", "C by hand") else "100 periods"]
            mark = "*" if head in row.wrong else ""
            cells.append(f"{value:.3g} ({value / own:.3g}x){mark}" if np.isfinite(value) else "-")
        lines.append(f"{row.name:8}{row.equations:>10}{row.torn:>6}" + "".join(f"{c:>20}" for c in cells))
    if any(row.wrong for row in rows):
        lines.append("* its numbers differ from this engine's by more than its tolerance")
    return "\n".join(lines)
