"""Claims answered: every link resolved to a number, and the verdict that the numbers give."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dollarflow.claims.calculations import CALCULATIONS
from dollarflow.claims.register import Claim, Link, Verdict
from dollarflow.experiments.bench import SCALES, Bench
from dollarflow.experiments.check import Check
from dollarflow.experiments.registry import experiments, rows

NO_ROW = "no such row"


@dataclass(frozen=True)
class Finding:
    """A link with its number.

    Parameters
    ----------
    link
        Where the number comes from, and what the claim says of it.
    value, unit
        The number; not-a-number where the source has none.
    what
        The number in words.
    restates
        The parameter or input that the number repeats, so that it decides nothing; empty where there is none.
    """

    link: Link
    value: float
    unit: str
    what: str
    restates: str = ""

    @property
    def inside(self) -> bool | None:
        """Whether the number is what the claim says; None where the claim says nothing of it or it was put in."""
        return self.link.inside(self.value) if self.link.judged and not self.restates else None

    @property
    def source(self) -> str:
        """Where the number comes from, in a few words."""
        if self.link.experiment:
            return f"{self.link.experiment}: {self.link.case}, {self.link.variable}"
        return self.link.calculation or f"baseline: {self.link.variable}"


@dataclass(frozen=True)
class Answer:
    """A claim with its numbers.

    Parameters
    ----------
    claim
        As in the register.
    findings
        One for each link.
    """

    claim: Claim
    findings: tuple[Finding, ...]

    @property
    def ruled(self) -> Verdict:
        """The verdict that the numbers give."""
        return ruled([f.inside for f in self.findings])

    @property
    def contradicted(self) -> bool:
        """True where the register says something else than its numbers."""
        return self.ruled != self.claim.verdict


def ruled(inside: Sequence[bool | None]) -> Verdict:
    """The verdict by rule: all judged numbers as claimed, some, none, or no number to judge.

    Examples
    --------
    >>> ruled([True, None]), ruled([True, False]), ruled([False]), ruled([None])
    ('confirmed', 'confirmed at the margin only', 'wrong', 'untestable here')
    """
    judged = [part for part in inside if part is not None]
    if not judged:
        return "untestable here"
    if all(judged):
        return "confirmed"
    return "confirmed at the margin only" if any(judged) else "wrong"


@dataclass
class Sources:
    """Resolves links on one bench; an experiment is run when the first link to it is met.

    Parameters
    ----------
    bench
        Where scenarios are solved.
    """

    bench: Bench

    def __post_init__(self) -> None:
        self._rows: dict[str, tuple[Check, ...]] = {}

    def checks(self, name: str) -> tuple[Check, ...]:
        """The rows of an experiment; none where there is no such experiment."""
        if name not in self._rows:
            items = [item for item in experiments() if item.name == name]
            self._rows[name] = tuple(row for _, found in rows(items, self.bench) for row in found)
        return self._rows[name]

    def finding(self, link: Link) -> Finding:
        """A link's number."""
        if link.experiment:
            return self._row(link)
        if link.calculation:
            return self._calculated(link)
        return self._baseline(link)

    def _row(self, link: Link) -> Finding:
        for row in self.checks(link.experiment):
            if (row.case, row.variable) == (link.case, link.variable):
                return Finding(link, row.computed, row.unit, link.says or f"{row.variable} ({row.case})", row.restates)
        return Finding(link, math.nan, "", NO_ROW)

    def _calculated(self, link: Link) -> Finding:
        item = CALCULATIONS.get(link.calculation)
        if item is None:
            return Finding(link, math.nan, "", NO_ROW)
        return Finding(link, float(item.function(self.bench)), item.unit, link.says or item.words)

    def _baseline(self, link: Link) -> Finding:
        run = self.bench.run("baseline")
        if link.variable not in run.path.columns:
            return Finding(link, math.nan, link.unit, NO_ROW)
        period = run.path.period(link.day) if link.day else 1
        value = float(np.asarray(run[link.variable])[period]) * SCALES[link.unit]
        return Finding(link, value, link.unit, link.says or link.variable, link.restates)


def answers(items: Sequence[Claim], bench: Bench | None = None) -> Iterator[Answer]:
    """Claims answered one after the other; only the experiments that they name are run."""
    sources = Sources(bench or Bench())
    for claim in items:
        yield Answer(claim, tuple(sources.finding(link) for link in claim.links))
