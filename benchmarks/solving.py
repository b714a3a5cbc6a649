"""Microseconds a period of single paths: this engine, its interpreter, kernels torn by hand, and other tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path as FilePath

import numpy as np

from benchmarks.clock import shortest
from benchmarks.limit import GIVEN, ORDER, library, limit
from benchmarks.tools import Other, modelflow, pysolve
from model.compiler.compilation import compile_system
from model.periods.newton import Options
from model.periods.path import Path
from model.solving.batch import Batch, solve_batch
from model.textmodel import TextModel, read_text_model, solve_model

MODELS = FilePath(__file__).parent.parent / "tests" / "textmodels" / "models"
NAMES = ("SIM", "LP", "INSOUT", "GROWTH", "OPEN", "OPENFLEX")
LONG, MIDDLE, SHORT = 10_000, 1_000, 100
MEMBERS = 1_000
"""Of an ensemble of paths of the short horizon."""
AGREEMENT, CLOSE = 1e-9, 1e-6
"""Relative differences above which a hand-written kernel, or another tool, counts as wrong."""
LONG_HEADS = ("solved", "judged", "C by hand", "1,000 periods", "a member")
SHORT_HEADS = ("solved", "judged", "interpreted", "pysolve3", "ModelFlow")
Build = Callable[[FilePath, int, dict[str, float], dict[str, float]], list[Other]]


@dataclass
class Row:
    """One model's figures, microseconds a period, by horizon and column; NaN where something is absent."""

    name: str
    equations: int
    torn: int
    long: dict[str, float] = field(default_factory=dict)
    short: dict[str, float] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    wrong: dict[str, float] = field(default_factory=dict)


def judged(model: TextModel, periods: int) -> float:
    """Solves a model and reads its certificates, for which it is tested that the gap of an inconsistent opening stays as it is."""
    return float(solve_model(model, periods, False).certificates.max())


def many(model: TextModel) -> Batch:
    """A thousand members, one parameter of which differs a little, on one thread."""
    exogenous, _ = model.paths(SHORT, False)
    varied = min(model.parameters)
    parameters = {**model.parameters, varied: model.parameters[varied] * np.linspace(0.999, 1.001, MEMBERS)}
    keep = sorted(model.system.unknowns)[:1]
    options = Options(missing=0.0, raise_on_failure=False)
    return solve_batch(model.system, model.opening, parameters=parameters, exogenous=exogenous, periods=SHORT, keep=keep, options=options)


def measure(name: str, quick: bool = False) -> Row:
    """Every figure of one model."""
    file = MODELS / f"{name}.txt"
    model = read_text_model(file)
    longest, rounds = (1000, 3) if quick else (LONG, 7)
    first = solve_model(model, longest, False)
    row = Row(name, first.statistics.equations, first.statistics.torn)
    for figures, periods in ((row.long, longest), (row.short, SHORT)):
        figures["solved"] = 1e6 * shortest(lambda n=periods: solve_model(model, n, False), rounds) / periods  # type: ignore[misc]
        figures["judged"] = 1e6 * shortest(lambda n=periods: judged(model, n), rounds) / periods  # type: ignore[misc]
    row.long["1,000 periods"] = 1e6 * shortest(lambda: solve_model(model, MIDDLE, False), rounds) / MIDDLE
    row.long["a member"] = 1e6 * shortest(lambda: many(model), rounds) / MEMBERS / SHORT
    python = Options(missing=0.0, backend="python")
    row.short["interpreted"] = 1e6 * shortest(lambda: solve_model(model, SHORT, False, python), 1) / SHORT
    code = library() if name in ORDER else None
    if code is not None:
        values = {n: np.asarray(first[n]) for n in first.columns}
        known = {n: float(first[n][1]) for n in GIVEN[name] if n in first.parameter_names}
        by_hand = limit(name, longest, values, known, code)
        row.long["C by hand"] = 1e6 * shortest(by_hand.run, rounds) / longest
        ours = np.column_stack([first[n] for n in by_hand.names])
        if not np.allclose(ours[1:], by_hand.path[1:], rtol=AGREEMENT, atol=AGREEMENT):
            row.wrong["C by hand"] = float(np.abs(ours[1:] / by_hand.path[1:] - 1).max())
    _others(row, file, first)
    return row


def _others(row: Row, file: FilePath, path: Path) -> None:
    """What other tools need, from the same opening with our first period as their first guess, and how far they end from us."""
    lags = compile_system(path.system).lags
    opening = {n: float(path[n][0 if n in lags else 1]) for n in path.system.unknowns}
    given = {n: float(path[n][1]) for n in (*path.parameter_names, *path.system.given)}
    builders: tuple[tuple[str, Build], ...] = (("pysolve3", pysolve), ("ModelFlow", modelflow))
    for tool, build in builders:
        row.told += [f"{tool}, {other.setting}: {_measured(row, tool, other, path)}" for other in build(file, SHORT, opening, given)]


def _measured(row: Row, tool: str, other: Other, path: Path) -> str:
    """What one setting of a tool needs, in words; the quickest of those that end near us counts, or the first where none does."""
    try:
        other.work()
        off = max(abs(other.last(n) - path[n][SHORT]) / max(abs(path[n][SHORT]), CLOSE) for n in path.system.unknowns)
        needed = 1e6 * shortest(other.work, 3) / SHORT
    except Exception as problem:  # whatever another tool raises
        return f"fails with {type(problem).__name__}"
    if off <= CLOSE and not needed >= (np.inf if tool in row.wrong else row.short.get(tool, np.inf)):
        row.short[tool] = needed
        row.wrong.pop(tool, None)
    elif tool not in row.short:
        row.short[tool], row.wrong[tool] = needed, float(off)
    return f"{needed:.3g}, ends {off:.0e} away"


def _lines(rows: list[Row], horizon: str, heads: tuple[str, ...]) -> list[str]:
    lines = [f"{'model':8}{'equations':>10}{'torn':>6}" + "".join(f"{h:>22}" for h in heads)]
    for row in rows:
        figures = row.long if horizon == "long" else row.short
        cells = []
        for head in heads:
            value, ratio = figures.get(head, np.nan), figures.get(head, np.nan) / figures["solved"]
            mark = "*" if head in row.wrong else ""
            cells.append("-" if np.isnan(value) else f"{value:.3g}{mark}" if head == "solved" else f"{value:.3g} ({ratio:.3g}x){mark}")
        lines.append(f"{row.name:8}{row.equations:>10}{row.torn:>6}" + "".join(f"{c:>22}" for c in cells))
    return lines


def table(quick: bool = False) -> str:
    """Two tables in words: microseconds a period, and ratios to this engine's solution of the same path."""
    rows = [measure(name, quick) for name in NAMES]
    told = [f"* {row.name}: {head} ends {off:.0e} away, relative" for row in rows for head, off in row.wrong.items()]
    told += [] if any(row.told for row in rows) else ["", "pysolve3 and ModelFlow are not installed: pip install '.[tools]'"]
    told += ["", "other tools' settings"] * any(row.told for row in rows) + [f"{row.name:8} {line}" for row in rows for line in row.told]
    return "\n".join(
        [
            "microseconds a period; in brackets the ratio to `solved`",
            "solved: every equation's certificate and every identity's gap measured",
            "1,000 periods: solved, for that horizon; a member: of an ensemble of 1,000 paths of 100 periods, one thread, per period",
            "judged: also certificates of identities, for which it is tested that the gap of an inconsistent opening stays as it is",
            "",
            f"{1000 if quick else LONG:,} periods",
            *_lines(rows, "long", LONG_HEADS),
            "",
            f"{SHORT} periods",
            *_lines(rows, "short", SHORT_HEADS),
            *told,
        ]
    )
