"""An ensemble read from its store: quantiles, moments, failures, sensitivity indices, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dollarflow.ensembles.chunks import NOT_AUDITED, SOLVED, WAITING
from dollarflow.ensembles.designs import SALTELLI
from dollarflow.ensembles.indices import Indices, sobol_indices
from dollarflow.ensembles.store import arrays_of, read_array, read_attributes
from dollarflow.ensembles.summaries import Moments, central_sums, merged_moments, merged_quantiles
from dollarflow.ensembles.writer import texts
from dollarflow.errors import BadInput
from model.language.system import nearest

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Floats = NDArray[np.float64]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Failure:
    """A member that was not solved.

    Parameters
    ----------
    member, period, date
        Which one, and the period without solution; period 0 where no run would take its inputs.
    diagnosis
        Why.
    """

    member: int
    period: int
    date: date
    diagnosis: str

    def __str__(self) -> str:
        return f"member {self.member}, {self.diagnosis if self.period else f'not started: {self.diagnosis}'}"


@dataclass(frozen=True)
class Ensemble:
    """An ensemble in a store, finished or not; read by :meth:`open`, immutable.

    Parameters
    ----------
    place
        The store.
    attributes
        Its attributes: ``identity`` decides its bytes, the rest are labels.
    """

    place: Path
    attributes: Mapping[str, Any]

    @classmethod
    def open(cls, place: str | Path) -> Ensemble:
        """The ensemble of a store.

        Raises
        ------
        BadInput
            No ensemble there.
        """
        return cls(Path(place), read_attributes(Path(place)))

    @cached_property
    def _group(self) -> Any:
        import zarr

        try:
            return zarr.open_group(str(self.place), mode="r")
        except (OSError, KeyError, ValueError, TypeError):
            raise BadInput(f"{self.place} cannot be read any more: it was moved or removed since it was opened") from None

    def _read(self, name: str, selection: Any = ...) -> NDArray[Any]:
        """A part of an array; raises :class:`BadInput` where the store is damaged."""
        return read_array(self.place, self._group, name, selection, self._finished)

    @property
    def identity(self) -> Mapping[str, Any]:
        """What was asked: scenario, horizon, design, draws, seed, variation, variables."""
        found: Mapping[str, Any] = self.attributes["identity"]
        return found

    @property
    def dates(self) -> tuple[date, ...]:
        """The opening's date, then the end of each period."""
        return tuple(date.fromisoformat(day) for day in self.attributes["dates"])

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables whose paths are kept."""
        return tuple(self.attributes["variables"])

    @cached_property
    def status(self) -> NDArray[np.uint8]:
        """Of each member: 0 solved, 1 without solution, 2 refused inputs, 255 not computed yet."""
        return read_array(self.place, self._group, "status")

    @property
    def members(self) -> int:
        """Number of members asked for."""
        return len(self.status)

    @property
    def solved(self) -> int:
        """Number of members with a path."""
        return int((self.status == SOLVED).sum())

    @property
    def complete(self) -> bool:
        """True where every member was tried."""
        return not bool((self.status == WAITING).any())

    @cached_property
    def failures(self) -> tuple[Failure, ...]:
        """Members that were not solved, with their diagnoses."""
        numbers = np.flatnonzero((self.status != SOLVED) & (self.status != WAITING))
        if not len(numbers):
            return ()
        periods = self._read("failed_period")[numbers]
        words = texts(self._read("diagnosis", (numbers, slice(None))))
        return tuple(Failure(int(k), int(p), self.dates[p], text) for k, p, text in zip(numbers, periods, words, strict=True))

    @cached_property
    def certificates(self) -> Floats:
        """Largest scaled residual of each member; NaN where it was not solved."""
        return self._read("certificates")

    @cached_property
    def hidden(self) -> Floats:
        """Largest relative gap of each member's hidden identities."""
        return self._read("hidden")

    @property
    def audited(self) -> int:
        """Number of members that were solved a second time by themselves and audited."""
        return int((self._read("audit") != NOT_AUDITED).sum())

    @property
    def violations(self) -> tuple[str, ...]:
        """What audits found, a text a member."""
        numbers = np.flatnonzero(self._read("audit") > 0)
        words = texts(self._read("diagnosis", (numbers, slice(None)))) if len(numbers) else []
        return tuple(f"member {k}: {text}" for k, text in zip(numbers.tolist(), words, strict=True))

    @property
    def difference(self) -> float:
        """Largest difference between an audited member and a run by itself, relative to each variable's largest value."""
        return float(np.nanmax(self._read("difference"), initial=0.0))

    @cached_property
    def draws(self) -> pd.DataFrame:
        """Drawn parameters, a row a member."""
        import pandas as pd

        names = list(self.attributes["parameters"])
        table = self._read("draws") if names else np.empty((self.members, 0))
        return pd.DataFrame(table, columns=pd.Index(names), index=pd.RangeIndex(self.members, name="member"))

    def paths(self, variable: str) -> Floats:
        """A variable's paths, shape (members, periods + 1); NaN from the period on in which a member failed.

        Raises
        ------
        BadInput
            A variable that was not kept, or an ensemble of which only summaries were kept.
        """
        column = self._column(variable)
        if self.identity["summary"]:
            raise BadInput(f"{self.place} keeps order statistics and moments, not members; ask for quantiles")
        return self._read("values", (slice(None), slice(None), column))

    def frame(self, variable: str) -> pd.DataFrame:
        """A variable's paths as a table: a row a date, a column a member."""
        import pandas as pd

        index = pd.DatetimeIndex(list(self.dates), name="date")
        return pd.DataFrame(self.paths(variable).T, index=index, columns=pd.RangeIndex(self.members, name="member"))

    def quantiles(self, variable: str, levels: Sequence[float] = LEVELS) -> pd.DataFrame:
        """Quantiles of a variable over the members that solved: a row a date, a column a level, and their number in ``.attrs["members"]``.

        Exact where members are kept; else off by at most 1/128 of a rank, see :mod:`dollarflow.ensembles.summaries`.
        """
        import pandas as pd

        column = self._column(variable)
        found = self._quantiles(levels, slice(None), slice(column, column + 1))[:, :, 0]
        table = pd.DataFrame(found.T, index=pd.DatetimeIndex(list(self.dates), name="date"), columns=pd.Index(levels, name="quantile"))
        table.attrs["members"] = self.solved
        return table

    def quantiles_in(self, when: Sequence[int], variables: Sequence[str], levels: Sequence[float] = LEVELS) -> Floats:
        """Quantiles of several variables in some periods, shape (levels, periods, variables); the store is read once."""
        columns = [self._column(name) for name in variables]
        first = min(columns, default=0)
        found = self._quantiles(levels, [self.period(t) for t in when], slice(first, max(columns, default=-1) + 1))
        return found[:, :, [column - first for column in columns]]

    def _quantiles(self, levels: Sequence[float], periods: slice | list[int], columns: slice) -> Floats:
        """Quantiles over the members that solved, shape (levels, periods, variables); NaN without any."""
        if not all(0.0 <= level <= 1.0 for level in levels):
            raise BadInput(f"quantile levels lie between 0 and 1, not {', '.join(f'{x:g}' for x in levels)}")
        if self.identity["summary"]:
            ranks = self._read("ranks", (slice(None), slice(None), periods, columns))
            return merged_quantiles(self._counts, ranks, list(levels))
        if not self.solved:
            shape = np.empty((len(self.dates), len(self.variables)))[periods, columns].shape
            return np.full((len(levels), *shape), np.nan)
        values = self._read("values", (slice(None), periods, columns))
        return np.asarray(np.quantile(values[self.status == SOLVED], list(levels), axis=0))

    def moments(self, variable: str) -> pd.DataFrame:
        """Mean, standard deviation, skewness and kurtosis less 3 over the members that solved, a row a date."""
        import pandas as pd

        column = self._column(variable)
        if self.identity["summary"]:
            merged = merged_moments(self._counts, self._read("moments", (slice(None), slice(None), slice(None), column)))
        else:
            merged = Moments(self.solved, central_sums(self.paths(variable)[self.status == SOLVED]))
        columns = {"mean": merged.mean, "sd": merged.sd, "skewness": merged.skewness, "kurtosis": merged.kurtosis}
        return pd.DataFrame(columns, index=pd.DatetimeIndex(list(self.dates), name="date"))

    def indices(self, variable: str, when: int | date | str | None = None) -> Indices:
        """Sobol' indices of a variable in one period, the last for None.

        Raises
        ------
        BadInput
            An ensemble of another design than ``saltelli``, a date outside it, or too few complete base points.
        """
        if self.identity["design"] != SALTELLI:
            raise BadInput(f"indices need --design {SALTELLI}; {self.place} has {self.identity['design']}")
        period = self.period(when)
        values = self.paths(variable)[:, period].copy()
        values[self.status != SOLVED] = np.nan
        try:
            return sobol_indices(values.reshape(-1, len(self.attributes["factors"]) + 2))
        except ValueError as error:
            raise BadInput(f"{self.place}: {error}") from None

    def sobol(self, variable: str, when: int | date | str | None = None) -> pd.DataFrame:
        """Sobol' indices as a table, a row a factor, the largest total first; see :meth:`indices`."""
        import pandas as pd

        found = self.indices(variable, when)
        columns = {"first": found.first, "first_error": found.first_error, "total": found.total, "total_error": found.total_error}
        table = pd.DataFrame(columns, index=pd.Index(list(self.attributes["factors"]), name="factor"))
        table.attrs |= {"points": found.points, "variance": found.variance}
        return table.sort_values("total", ascending=False, kind="stable")

    def period(self, when: int | date | str | None) -> int:
        """The number of a period, the last for None, or the first dated on or after a date."""
        last = len(self.dates) - 1
        if when is None:
            return last
        if isinstance(when, int):
            if not 0 <= when <= last:
                raise BadInput(f"period {when} is outside 0 to {last}")
            return when
        try:
            day = date.fromisoformat(when) if isinstance(when, str) else when
        except ValueError:
            raise BadInput(f"{when!r} is not a date; write {self.dates[-1].isoformat()}") from None
        if not self.dates[0] <= day <= self.dates[-1]:
            raise BadInput(f"{day} is outside {self.dates[0]} to {self.dates[-1]}")
        return next(k for k, d in enumerate(self.dates) if d >= day)

    def xarray(self) -> xr.Dataset:
        """The store as a data set that is read when it is used, with dates, names of variables and of parameters as coordinates."""
        import xarray as xr

        for name in arrays_of(self.identity):
            self._read(name, slice(0))
        found = xr.open_zarr(str(self.place), chunks=None, consolidated=False, zarr_format=3)
        given = {
            "period": np.array([d.isoformat() for d in self.dates], dtype="datetime64[ns]"),
            "variable": list(self.variables),
            "parameter": list(self.attributes["parameters"]),
            "member": np.arange(self.members),
        }
        labelled: xr.Dataset = found.assign_coords({name: labels for name, labels in given.items() if name in found.sizes})
        return labelled

    def _column(self, variable: str) -> int:
        if variable not in self.variables:
            raise BadInput(
                f"{self.place} does not keep {variable!r}{nearest(variable, self.variables)}; it keeps {', '.join(self.variables)}"
            )
        return self.variables.index(variable)

    @property
    def _finished(self) -> list[int]:
        """Numbers of the chunks that are there."""
        size = self.identity["chunk"]
        return [number for number, first in enumerate(range(0, self.members, size)) if self.status[first] != WAITING]

    @property
    def _counts(self) -> list[int]:
        """Members solved in each chunk; 0 where it is not there yet."""
        size = self.identity["chunk"]
        return [int((self.status[k : k + size] == SOLVED).sum()) for k in range(0, self.members, size)]

    def __repr__(self) -> str:
        what = self.identity
        return f"Ensemble({str(self.place)!r}: {what['scenario']}, {self.solved} of {self.members} members, {what['periods']} periods)"


__all__ = ["Ensemble", "Failure"]
