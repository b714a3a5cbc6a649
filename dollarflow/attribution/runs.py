"""A solved run as comparison needs it: figures by date, balance sheets, and the inputs that would solve it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.provenance import system_digest
from dollarflow.simulation import Simulation
from model.language.accounts import Cell
from model.language.system import System, SystemError_
from model.periods.failure import SolveFailure
from model.periods.path import Path, day_of
from model.scenarios.scenario import Expectation
from model.solving.solver import Options, solve

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
OPTIONS = Options(tolerance=1e-11)
REPRODUCED = 1e-7
"""Largest relative difference between a run's figures and its second solution."""


class NoInputs(ValueError):
    """A run whose inputs are not known well enough to solve it again; the message says why."""


@dataclass(frozen=True)
class Inputs:
    """What solves a run: a system and its opening, parameters and exogenous paths by name, each an array over all periods.

    ``opening`` has the known values of period 0.
    """

    system: System
    opening: Mapping[str, float]
    parameters: Mapping[str, Floats]
    exogenous: Mapping[str, Floats]
    dates: tuple[date, ...]

    def path(self) -> Path:
        """The solution.

        Raises
        ------
        SolveFailure
            These inputs have none.
        """
        names = {p.name for p in self.system.parameters}
        return solve(
            self.system,
            {n: v for n, v in self.opening.items() if n in self.system.unknowns},
            parameters={},
            exogenous={n: self.exogenous[n] for n in self.system.given},
            periods=len(self.dates) - 1,
            dates=self.dates,
            parameter_paths={n: v for n, v in self.parameters.items() if n in names},
            options=OPTIONS,
        )

    def solve(self) -> Mapping[str, Floats]:
        """Every variable's path; raises as :meth:`path`."""
        path = self.path()
        return {name: path[name] for name in path.columns}


@dataclass(frozen=True)
class Run:
    """A run to compare.

    Parameters
    ----------
    label
        What to call it.
    dates
        The opening's first.
    frame
        Every variable by date.
    cells, sectors
        Cells and sectors of the balance sheet.
    parameters
        Values by period.
    switches
        Hypotheses that are not the usual ones.
    system
        What was solved, where it is known.
    unknown
        Why the system is not known; empty where it is.
    units
        Unit of each variable in words, as the folder's manifest has them.
    scenario, baseline
        Names of the scenario and of the one that its expectations differ from.
    expected
        What the scenario is expected to do.
    """

    label: str
    dates: tuple[date, ...]
    frame: pd.DataFrame
    cells: tuple[Cell, ...]
    sectors: tuple[str, ...]
    parameters: Mapping[str, Floats]
    switches: Mapping[str, Any] = field(default_factory=dict)
    system: System | None = None
    unknown: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    scenario: str = ""
    baseline: str = ""
    expected: tuple[Expectation, ...] = ()

    def __repr__(self) -> str:
        return f"Run({self.label}: {self.dates[0]} to {self.dates[-1]}, {len(self.dates) - 1} periods)"

    def balance_sheet(self, when: int | date | str) -> pd.DataFrame:
        """Instruments by sectors at the end of a period: assets positive, liabilities negative, USD bn."""
        import pandas as pd

        number = self.number(when)
        instruments = list(dict.fromkeys(cell.instrument for cell in self.cells))
        rows = {name: k for k, name in enumerate(instruments)}
        columns = {name: k for k, name in enumerate(self.sectors)}
        table = np.zeros((len(rows), len(columns)))
        for cell in self.cells:
            amount = float(self.frame[cell.key].iloc[number])
            table[rows[cell.instrument], columns[cell.holder]] += amount
            table[rows[cell.instrument], columns[cell.issuer]] -= amount
        return pd.DataFrame(table, index=pd.Index(instruments, name="instrument"), columns=pd.Index(list(self.sectors)))

    def number(self, when: int | date | str) -> int:
        """The period of a number or the first one dated on or after a day."""
        if isinstance(when, int):
            return range(len(self.dates))[when]
        day = day_of(when)
        found = [k for k, d in enumerate(self.dates) if d >= day]
        if not found or day < self.dates[0]:
            raise ValueError(f"{day} is outside {self.dates[0]} to {self.dates[-1]}")
        return found[0]

    @cached_property
    def inputs(self) -> Inputs:
        """What solves this run again.

        Raises
        ------
        NoInputs
            The system is not known.
        """
        if self.system is None:
            raise NoInputs(f"{self.label}: {self.unknown}")
        system = self.system
        columns = {name: self.frame[name].to_numpy(dtype=np.float64) for name in (*system.unknowns, *system.given)}
        opening = {n: float(columns[n][0]) for n in system.unknowns if np.isfinite(columns[n][0])}
        return Inputs(system, opening, self.parameters, {n: columns[n] for n in system.given}, self.dates)


def check_reproduced(run: Run, solved: Mapping[str, Floats]) -> None:
    """Refuses a run whose inputs do not give its figures.

    Raises
    ------
    NoInputs
        Naming the variable that is furthest off.
    """
    worst, name = 0.0, ""
    for variable, series in solved.items():
        stored = run.frame[variable].to_numpy(dtype=np.float64)[1:]
        smallest = 1.0 if run.inputs.system.variables[variable].unit.usd else 1e-4
        scale = max(float(np.abs(stored).max(initial=0.0)), smallest)
        gap = float(np.abs(series[1:] - stored).max(initial=0.0)) / scale
        if gap > worst:
            worst, name = gap, variable
    if worst > REPRODUCED:
        raise NoInputs(f"{run.label}: its inputs solved again do not give its figures; {name} is off by {worst:.1e} of its size")


def run_of_simulation(simulation: Simulation, label: str) -> Run:
    """A simulation in memory."""
    path = simulation.path
    parameters = {name: path.parameter_rows[:, j] for j, name in enumerate(path.parameter_names)}
    switches = dict(simulation.scenario.switch)
    sectors = tuple(s.name for s in simulation.chart.sectors)
    asked = simulation.scenario
    return Run(
        label,
        simulation.dates,
        path.frame,
        tuple(simulation.chart.cells()),
        sectors,
        parameters,
        switches,
        path.system,
        scenario=asked.name,
        baseline=asked.baseline,
        expected=asked.expect,
    )


def run_of_folder(folder: FilePath, label: str = "") -> Run:
    """A result folder, from its files alone; its system is rebuilt and must have the digest that the manifest gives.

    Raises
    ------
    NotAResult, UnreadableResult
        No result folder, or a garbled one.
    """
    import pandas as pd

    from dollarflow.results.reader import UnreadableResult, read_result
    from dollarflow.results.schema import HOLDINGS, PATH

    result = read_result(folder)
    manifest = result.manifest
    sheet = result.sheet(PATH)
    lacking = [name for name in result.units if name not in sheet.header]
    if lacking:
        raise UnreadableResult(f"{folder / PATH}: it lacks the column {lacking[0]}; run dollarflow audit {folder}")
    figures = {}
    for name in sheet.header[2:]:
        figures[name], off = sheet.numbers(name, empty=True)
        if off:
            raise UnreadableResult(f"{folder / PATH} line {off[0].line}, column {name}: {off[0].message}; run dollarflow audit {folder}")
    try:
        dates = tuple(date.fromisoformat(text) for text in result.dates)
    except ValueError as error:
        raise UnreadableResult(f"{folder / PATH}: {error}; run dollarflow audit {folder}") from None
    frame = pd.DataFrame(figures)
    frame.index = pd.DatetimeIndex(list(dates), name="date")
    cells = tuple(Cell(row[2], row[3], row[4]) for row in result.sheet(HOLDINGS).rows if row[0] == "0")
    strange = [cell.key for cell in cells if cell.key not in frame.columns]
    if strange:
        raise UnreadableResult(f"{folder / HOLDINGS}: its cell {strange[0]} is no column of {PATH}; run dollarflow audit {folder}")
    count = len(dates)
    parameters = {name: np.full(count, value) for name, value in manifest["parameters"].items()}
    parameters |= {name: np.asarray(values, dtype=np.float64) for name, values in manifest["parameter_paths"].items()}
    asked = manifest.get("scenario", {})
    switches = dict(asked.get("switches", {}))
    system, unknown = rebuilt(tuple(sorted(switches.items())), tuple(asked.get("exogenised", ())))
    if system is not None and system_digest(system) != manifest.get("hashes", {}).get("system"):
        system, unknown = None, "it was solved by another system or version than this one, so it cannot be solved again"
    return Run(
        label or str(folder),
        dates,
        frame,
        cells,
        tuple(result.sectors),
        parameters,
        switches,
        system,
        unknown,
        result.units,
        scenario=str(asked.get("name", "")),
        baseline=str(asked.get("baseline", "")),
        expected=_expected(folder, asked.get("expected", [])),
    )


def _expected(folder: FilePath, entries: Any) -> tuple[Expectation, ...]:
    from pydantic import ValidationError

    from dollarflow.results.reader import UnreadableResult
    from dollarflow.results.schema import MANIFEST

    try:
        return tuple(Expectation.model_validate(entry) for entry in entries)
    except (ValidationError, TypeError) as error:
        raise UnreadableResult(
            f"{folder / MANIFEST}: scenario.expected is no list of expectations; run dollarflow audit {folder}"
        ) from error


@lru_cache(maxsize=8)
def rebuilt(switches: tuple[tuple[str, Any], ...], exogenised: tuple[str, ...]) -> tuple[System | None, str]:
    """The economy with these switches, or why there is none."""
    from dollarflow.economy import economy
    from model.scenarios.places import BadFile
    from model.scenarios.scenario import Scenario

    try:
        system = economy(Scenario(name="compared", title="compared", switch=switches))
        for name in exogenised:
            system = system.exogenise(name)
    except (BadFile, SystemError_) as error:
        return None, f"its system cannot be rebuilt: {error}"
    return system, ""


__all__ = ["Inputs", "NoInputs", "Run", "SolveFailure", "check_reproduced", "run_of_folder", "run_of_simulation"]
