"""One row of an experiment: a computed figure beside the band that was written down for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from dollarflow.experiments.bench import Bench

Basis = Literal["identity", "published", "computed", "judgement"]
FIELDS = (
    "experiment",
    "case",
    "variable",
    "unit",
    "low",
    "high",
    "basis",
    "in_sample",
    "source",
    "computed",
    "passed",
    "explanation",
)


@dataclass(frozen=True)
class Check:
    """A computed figure and its band.

    Parameters
    ----------
    experiment, case
        Name of the experiment, and which of its runs or questions.
    variable, unit
        What was computed, in which unit (bn, bp, pp, %, USD bn a year …).
    low, high
        The band; None where it is open.
    basis
        identity (must hold exactly), published (a figure of a source), computed (worked out apart from the model) or judgement.
    in_sample
        True where the band or a parameter comes from the same observation, so that passing is no evidence.
    source
        Where the band comes from.
    computed
        What the model gives.
    explanation
        Why a band is missed, or what to know about the row.
    restates
        The parameter or input from which both figure and band follow, so that passing says that the program computes what was put
        in and nothing of the world; empty where there is none.
    """

    experiment: str
    case: str
    variable: str
    unit: str
    low: float | None
    high: float | None
    basis: Basis
    in_sample: bool
    source: str
    computed: float
    explanation: str = ""
    restates: str = ""

    @property
    def passed(self) -> bool:
        """True where the figure is finite and inside its band."""
        above = self.low is None or self.computed >= self.low
        below = self.high is None or self.computed <= self.high
        return math.isfinite(self.computed) and above and below

    def as_dict(self) -> dict[str, Any]:
        """The row by field, in a fixed order, and what it restates; not-a-number becomes None."""
        row = {**asdict(self), "passed": self.passed}
        if not math.isfinite(self.computed):
            row["computed"] = None
        return {**{name: row[name] for name in FIELDS}, "restates": self.restates}


@dataclass(frozen=True)
class Band:
    """What a source says that a figure should be.

    Parameters
    ----------
    low, high
        Bounds in ``unit``; None where open.
    unit
        Unit of figure and bounds.
    basis, source, in_sample, restates
        As in :class:`Check`.
    """

    low: float | None
    high: float | None
    unit: str
    basis: Basis
    source: str
    in_sample: bool = False
    restates: str = ""

    def check(self, experiment: str, case: str, variable: str, computed: float, *, note: str = "", miss: str = "") -> Check:
        """The row of a computed figure.

        Parameters
        ----------
        experiment, case, variable
            What was computed.
        computed
            The figure, in the band's unit.
        note
            What to know about the row in any case.
        miss
            The cause, said only where the band is missed.
        """
        row = Check(experiment, case, variable, self.unit, self.low, self.high, self.basis, self.in_sample, self.source, float(computed))
        words = " ".join(text for text in (note, "" if row.passed else miss) if text)
        return replace(row, explanation=words, restates=self.restates)


@dataclass(frozen=True)
class Experiment:
    """A question to the model.

    Parameters
    ----------
    name
        ``E5``, ``E12a`` …
    title
        A line.
    question
        What is asked, and of which claim.
    run
        Gives the rows.
    scenarios
        Names of the library's scenarios that it runs.
    """

    name: str
    title: str
    question: str
    run: Callable[[Bench], Sequence[Check]]
    scenarios: tuple[str, ...] = ()
