"""A path is a solved simulation: values by period, certificates, regimes and what was found about the opening."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.language.later import Later
from model.language.names import nearest
from model.periods.diagnosis import Diagnosis

if TYPE_CHECKING:
    import pandas as pd

    from model.language.system import System

Floats = NDArray[np.float64]


def day_of(when: date | str) -> date:
    """A date, or the date that an ISO text names.

    Raises
    ------
    ValueError
        A text that is no date.
    TypeError
        Neither a date nor a text.
    """
    if isinstance(when, datetime):
        return when.date()
    if not isinstance(when, date | str):
        raise TypeError(f"{when!r} is no date; give a date, its text such as 2026-01-28, or the number of a period")
    try:
        return date.fromisoformat(when) if isinstance(when, str) else when
    except ValueError:
        raise ValueError(f"{when!r} is not a date; write 2026-01-28") from None


@dataclass(frozen=True)
class Repair:
    """The smallest change of the opening that makes a hidden identity hold.

    Parameters
    ----------
    variable, declared, repaired
        The opening value as given, and as it would have to be.
    """

    variable: str
    declared: float
    repaired: float

    @property
    def amount(self) -> float:
        """What has to be added."""
        return self.repaired - self.declared


@dataclass(frozen=True)
class Consistency:
    """What period 1 says about the opening.

    Parameters
    ----------
    gaps, scales
        Each hidden identity's gap in period 1 and the sum of the sizes of its terms, by name.
    repairs
        The smallest repair (least sum of squared relative changes); empty where the opening is consistent.
    unexplained
        Hidden identities that fail though the opening is repaired: they do not follow from the equations.
    corrected
        Periods whose lagged values were changed by rounding-sized amounts to keep identities exact.
    """

    gaps: dict[str, float] = field(default_factory=dict)
    scales: dict[str, float] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    unexplained: tuple[str, ...] = ()
    corrected: tuple[int, ...] = ()

    @property
    def relative(self) -> dict[str, float]:
        """Each gap relative to the sizes of its terms."""
        return {n: 0.0 if g == 0 else abs(g) / self.scales[n] for n, g in self.gaps.items()}

    @property
    def consistent(self) -> bool:
        """Whether every hidden identity holds in period 1 but for rounding."""
        return all(r <= CONSISTENT for r in self.relative.values())

    def __str__(self) -> str:
        if self.consistent and not self.unexplained:
            return "the opening is consistent"
        lines = [f"hidden identity {n!r} is off by {self.gaps[n]:.6g} in period 1" for n, r in self.relative.items() if r > CONSISTENT]
        if self.repairs:
            changes = ", ".join(f"{r.variable} {r.amount:+.6g} to {r.repaired!r}" for r in self.repairs)
            lines.append(f"the smallest repair of the opening: {changes}; the gap was propagated, not repaired")
        never = "does not follow from the equations: no repair of the opening was found that makes it hold"
        lines += [f"identity {n!r} {never}" for n in self.unexplained]
        return "\n".join(lines)


CONSISTENT = 1e-12
"""Relative gap below which an opening counts as consistent: rounding of sums of declared figures, nothing more."""


@dataclass(frozen=True)
class Judgement:
    """What is said about a path's opening and its periods once the identities have been followed; each made when it is first read.

    Parameters
    ----------
    consistency
        The check of the opening.
    certificates
        Largest scaled residual of each period over all equations and identities, shape (periods + 1,).
    """

    consistency: Later[Consistency]
    certificates: Later[Floats]

    @classmethod
    def known(cls, consistency: Consistency, certificates: Floats) -> Judgement:
        """What is known already."""
        return cls(Later.known(consistency), Later.known(certificates))


@dataclass(frozen=True)
class Statistics:
    """Sizes and effort.

    Parameters
    ----------
    equations, blocks, simultaneous, largest, torn
        Number of equations, blocks, simultaneous blocks, equations in the largest one, torn unknowns in all.
    iterations, most
        Newton steps over the whole path, and most in one period.
    """

    equations: int
    blocks: int
    simultaneous: int
    largest: int
    torn: int
    iterations: int
    most: int


@dataclass(frozen=True)
class Path:
    """A simulation; immutable.

    Parameters
    ----------
    origin
        What was solved, see :attr:`system`.
    columns
        Variable names: unknowns, then given ones.
    values
        Shape (periods + 1, columns); row 0 is the opening, NaN where it gives no value.
    parameter_names, parameter_rows
        Parameters, and their values by period, shape (periods + 1, parameters).
    dates
        One for each row, or None.
    residuals
        Largest scaled residual of each period over all equations, shape (periods + 1,); 0 in row 0. Measured as periods are solved.
    hidden_names, hidden_gaps, hidden_scales
        Names of the hidden identities; each hidden identity's value and the sizes of its terms, shape (periods + 1, identities).
    regimes
        For each period, complementarity name -> "lower", "interior" or "upper".
    judgement
        The check of the opening, and certificates of equations and identities together; made when first read, because what an
        inconsistent opening implies has to be found first.
    statistics
        Sizes and effort.
    failure
        Why the path ends early, or None.
    """

    origin: Later[System] = field(repr=False)
    columns: tuple[str, ...]
    values: Floats
    parameter_names: tuple[str, ...]
    parameter_rows: Floats
    dates: tuple[date, ...] | None
    residuals: Floats
    hidden_names: tuple[str, ...]
    hidden_gaps: Floats
    hidden_scales: Floats
    regimes: tuple[dict[str, str], ...]
    judgement: Judgement = field(repr=False, compare=False)
    statistics: Statistics
    failure: Diagnosis | None = None

    def __post_init__(self) -> None:
        for array in (self.values, self.parameter_rows, self.residuals, self.hidden_gaps, self.hidden_scales):
            array.setflags(write=False)

    @property
    def system(self) -> System:
        """What was solved."""
        return self.origin.value

    @property
    def consistency(self) -> Consistency:
        """The check of the opening."""
        return self.judgement.consistency.value

    @property
    def certificates(self) -> Floats:
        """Largest scaled residual of each period over all equations and identities, shape (periods + 1,); 0 in row 0."""
        found = self.judgement.certificates.value
        found.setflags(write=False)
        return found

    @cached_property
    def index(self) -> dict[str, int]:
        """Column of each variable."""
        return {name: i for i, name in enumerate(self.columns)}

    @property
    def periods(self) -> int:
        """Number of solved periods."""
        return len(self.values) - 1

    def __getitem__(self, name: str) -> Floats:
        """A variable's values, or a parameter's, by period."""
        if name in self.index:
            return np.asarray(self.values[:, self.index[name]])
        if name in self.parameter_names:
            return np.asarray(self.parameter_rows[:, self.parameter_names.index(name)])
        raise KeyError(f"no variable is named {name!r}{nearest(name, self.columns)}")

    def __contains__(self, name: object) -> bool:
        return name in self.index

    def period(self, when: int | date | str) -> int:
        """The row number of a period, or of the period in which a date lies: the first row dated on or after it (``date`` or ISO text)."""
        if isinstance(when, int):
            if not -len(self.values) <= when < len(self.values):
                raise IndexError(f"period {when} is outside 0 to {self.periods}")
            return when % len(self.values)
        if self.dates is None:
            raise ValueError("this path has no dates; give a period number")
        day = day_of(when)
        place = bisect.bisect_left(self.dates, day)
        if place == len(self.dates) or day < self.dates[0]:
            raise ValueError(f"{day} is outside {self.dates[0]} to {self.dates[-1]}")
        return place

    def row(self, when: int | date | str) -> dict[str, float]:
        """Every variable's value in a period, by name."""
        return dict(zip(self.columns, self.values[self.period(when)].tolist(), strict=True))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The values as a table, indexed by date (by period where there are no dates)."""
        import pandas as pd

        index = pd.RangeIndex(len(self.values), name="period") if self.dates is None else pd.DatetimeIndex(list(self.dates), name="date")
        return pd.DataFrame(self.values.copy(), index=index, columns=list(self.columns))

    def __repr__(self) -> str:
        span = f", {self.dates[0]} to {self.dates[-1]}" if self.dates else ""
        stopped = f", stopped in period {self.failure.period}" if self.failure is not None else ""
        return f"Path({self.system.name}: {self.periods} periods{span}, {len(self.columns):,} variables{stopped})"

    def _repr_html_(self) -> str:
        """Size, certificate and the first variables at the opening, the middle and the end."""
        from html import escape

        from model.language.displays import SHOWN, more, table

        places = sorted({0, self.periods // 2, self.periods})
        heads = [f"period {k}" if self.dates is None else self.dates[k].isoformat() for k in places]
        rows = [
            (name, str(self.system.variables[name].unit) if name in self.system.variables else "", *(float(self[name][k]) for k in places))
            for name in _chosen(self)[:SHOWN]
        ]
        worst = float(self.certificates.max(initial=0.0))
        caption = f"Path of {self.system.name}: {self.periods} periods, largest scaled residual {worst:.1e}"
        failed = f"<p>stopped: {escape(str(self.failure))}</p>" if self.failure is not None else ""
        return table(("variable", "unit", *heads), rows, caption) + more(len(self.columns) - len(rows), "variables") + failed


def _chosen(path: Path) -> list[str]:
    """Variables to show: what the system's own equations determine, in their order, before other plain names, cells and payments."""
    names = [name for name in path.columns if not name.startswith("add__")]
    place = {equation.name: number for number, equation in enumerate(path.system.equations) if equation.kind != "identity"}
    last = len(path.system.equations)
    return sorted(names, key=lambda name: ("__" in name, place.get(name, last)))
