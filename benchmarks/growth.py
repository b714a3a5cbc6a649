"""How cost grows: processor seconds by periods, draws, institutions and equations, log-log slopes, and a figure of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

import numpy as np

from benchmarks.institutions import measure, slope
from benchmarks.solving import MODELS, NAMES
from dollarflow import dollar_system, opening_state, simulate
from model.compiler.program import Floats
from model.periods.path import Path
from model.solving.batch import solve_batch
from model.solving.solver import solve
from model.textmodel import read_text_model, solve_model

PERIODS = (13, 26, 52, 104, 208, 312)
DRAWS = (10, 30, 100, 300, 1000)
WEEKS = 104
INSTITUTIONS = (10, 30, 100, 300, 1000, 3000, 10_000)
ROUNDS = 5
TEXT_PERIODS = 1000


@dataclass(frozen=True)
class Curve:
    """One cost by one size.

    Parameters
    ----------
    title, by, unit
        What is solved, what grows, and what the cost is counted in.
    points
        Pairs of size and cost.
    one
        Whether they belong to one thing that grows, not to different models.
    """

    title: str
    by: str
    unit: str
    points: tuple[tuple[float, float], ...]
    one: bool = True

    @property
    def slope(self) -> float:
        """The log-log slope over the last three points."""
        return slope([{"size": size, "cost": cost} for size, cost in self.points], "size", "cost")

    def lines(self) -> list[str]:
        """The curve as a table."""
        told = f", log-log slope of the last three {self.slope:.2f}" if self.one else ""
        head = f"{self.title}: {self.unit} by {self.by}{told}"
        return [head, *(f"{size:>12,.0f}{cost:>14.4g}" for size, cost in self.points)]


def cpu(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Processor seconds of one call, the least of several."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


@dataclass(frozen=True)
class Inputs:
    """What a path of the whole economy was solved from."""

    path: Path
    opening: dict[str, float]
    parameters: dict[str, float]

    @classmethod
    def of(cls, periods: int) -> Inputs:
        """The baseline's."""
        path = simulate(dollar_system(), opening_state("2025-10-29"), periods=periods).path
        opening = {name: float(path[name][0]) for name in path.system.unknowns if np.isfinite(path[name][0])}
        return cls(path, opening, {name: float(path[name][1]) for name in path.parameter_names})

    def given(self, periods: int) -> dict[str, Floats]:
        """What comes from outside, for so many periods."""
        return {name: np.asarray(self.path[name])[: periods + 1].copy() for name in self.path.system.given}


def by_periods(inputs: Inputs) -> Curve:
    """One path of the whole economy by its length."""

    def one(periods: int) -> float:
        given = inputs.given(periods)
        return cpu(lambda: solve(inputs.path.system, inputs.opening, parameters=inputs.parameters, exogenous=given, periods=periods))

    return Curve("The whole economy, one path", "weeks", "seconds", tuple((n, one(n)) for n in PERIODS))


def by_draws(inputs: Inputs, draws: Sequence[int]) -> Curve:
    """Many paths of the whole economy by their number, one thread."""
    given = inputs.given(WEEKS)

    def many(members: int) -> float:
        drawn: dict[str, float | Floats] = {**inputs.parameters, "growth": inputs.parameters["growth"] * np.linspace(0.9, 1.1, members)}
        work = lambda: solve_batch(  # noqa: E731
            inputs.path.system, inputs.opening, parameters=drawn, exogenous=given, periods=WEEKS, keep=("sofr", "reserves")
        )
        return cpu(work, 2 if members > DRAWS[-2] else ROUNDS)

    return Curve(f"The whole economy, draws of {WEEKS} weeks", "draws", "seconds", tuple((n, many(n)) for n in draws))


def by_institutions(sizes: Sequence[int]) -> Curve:
    """Generated economies by the number of institutions, 12 weeks."""
    points = tuple((n, measure(n, 12, 1)["solving"]) for n in sizes)
    return Curve("Generated economies, 12 weeks", "institutions", "seconds", points)


def by_equations(inputs: Inputs) -> Curve:
    """A period's cost in long paths of text models, and in the whole economy, by the number of equations."""
    points = []
    for name in NAMES:
        model = read_text_model(MODELS / f"{name}.txt")
        count = solve_model(model, 1, False).statistics.equations
        work = lambda m=model: solve_model(m, TEXT_PERIODS, False)  # noqa: E731
        points.append((count, 1e6 * cpu(work, 4 * ROUNDS) / TEXT_PERIODS))
    given = inputs.given(WEEKS)
    whole = cpu(lambda: solve(inputs.path.system, inputs.opening, parameters=inputs.parameters, exogenous=given, periods=WEEKS))
    points.append((len(inputs.path.system.equations), 1e6 * whole / WEEKS))
    return Curve("One period: text models, the whole economy", "equations", "microseconds", tuple(sorted(points)), one=False)


def curves(quick: bool = False) -> list[Curve]:
    """All four."""
    inputs = Inputs.of(max(PERIODS))
    return [
        by_periods(inputs),
        by_draws(inputs, DRAWS[:3] if quick else DRAWS),
        by_institutions(INSTITUTIONS[:3] if quick else INSTITUTIONS),
        by_equations(inputs),
    ]


def table(quick: bool = False, figure: FilePath | None = None) -> str:
    """The curves in words; drawn, too, where a file is given."""
    found = curves(quick)
    if figure is not None:
        draw(found, figure)
    return "\n".join(["processor seconds, the least of several runs", *(line for c in found for line in ("", *c.lines()))])


def draw(found: Sequence[Curve], target: FilePath) -> None:
    """The curves on logarithmic axes, dashed what would be proportional."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

    plt.rcParams.update({"svg.hashsalt": "dollarflow", "svg.fonttype": "path", "font.size": 9})
    figure, axes = plt.subplots(2, 2, figsize=(9, 6.4), layout="constrained")
    for ax, curve in zip(axes.flat, found, strict=True):
        sizes, costs = np.array(curve.points).T
        ax.loglog(sizes, costs, "o-" if curve.one else "o", color="#1f4e79", linewidth=1.6, markersize=4)
        ax.loglog(sizes, costs[-1] * sizes / sizes[-1], "--", color="#999999", linewidth=1, label="proportional")
        ax.set_title(curve.title, fontsize=9.5)
        ax.set_xlabel(f"{curve.by}; slope of the last three {curve.slope:.2f}" if curve.one else curve.by)
        ax.set_xticks(sizes, labels=[f"{size:,.0f}" for size in sizes])
        ax.xaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.yaxis.set_minor_formatter(NullFormatter())
        ax.set_ylabel(f"processor {curve.unit}")
        ax.grid(visible=True, which="major", color="#dddddd", linewidth=0.6)
        ax.set_axisbelow(True)
    axes.flat[0].legend(frameon=False)
    figure.savefig(target, metadata={"Date": None})
    plt.close(figure)
