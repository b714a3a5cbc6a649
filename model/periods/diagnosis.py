"""A failure to solve is a value: where it happened, how it looked, why it probably did and what to try next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Diagnosis:
    """Why a period could not be solved.

    Parameters
    ----------
    period, date
        Where on the path; the date is None on a path without dates.
    block
        The unknowns that had to be solved together.
    equation
        The equation that is furthest from holding.
    residual
        Its scaled residual |left − right| / Σ|terms|; infinite where it could not be evaluated.
    iterates
        The last iterates: largest scaled residual, and the torn unknowns by name.
    cause
        The likely cause in one sentence.
    advice
        The next thing to try.
    """

    period: int
    date: date | None
    block: tuple[str, ...]
    equation: str
    residual: float
    iterates: tuple[tuple[float, dict[str, float]], ...]
    cause: str
    advice: str

    def __str__(self) -> str:
        when = f"period {self.period}" + ("" if self.date is None else f" ({self.date.isoformat()})")
        shown = ", ".join(self.block[:6]) + (f" and {len(self.block) - 6} more" if len(self.block) > 6 else "")
        found = "no single solution" if self.residual == 0.0 else "no solution"
        last = ""
        if self.iterates:
            values = sorted(self.iterates[-1][1].items(), key=lambda item: item[0])[:6]
            last = "\n  last iterate: " + ", ".join(f"{n} = {v:.6g}" for n, v in values)
        return (
            f"{when}: {found} found for {shown}\n  worst equation: {self.equation!r}, scaled residual {self.residual:.3g}{last}"
            f"\n  likely cause: {self.cause}\n  try: {self.advice}"
        )


def exploding(name: str, value: float) -> tuple[str, str]:
    """The cause and the advice where a number has grown beyond all measure."""
    return (
        f"the path explodes: {name!r} is {value:.3g} in the period before, and what follows from it is too large for a number",
        "look for a wrong sign or a rate of growth without a brake in what drives it, or solve fewer periods",
    )


def undetermined(names: Sequence[str]) -> tuple[str, str]:
    """The cause and the advice where a block's equations hold along a whole direction."""
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    return (
        f"the block is singular: its equations hold whatever the level of {shown}",
        "look for two equations that say the same thing, or a coefficient that cancels; give one equation that sets the level",
    )


def likely(residual: float, errors: tuple[float, ...], iterations: int, limit: int, undefined: str) -> tuple[str, str]:
    """The likely cause and the advice, from how the iteration ended."""
    if undefined:
        return (
            f"equation {undefined!r} has no value at any start (a logarithm, root, power or division leaves its domain, or an input is "
            "not a number)",
            "give the opening values of the variables in that equation, or bounds that keep them in its domain",
        )
    if iterations >= limit and errors and errors[-1] < 0.5 * errors[0]:
        return "the iteration still converges when its steps run out", "raise Options.iterations"
    if residual < 1e-8:
        return (
            "the equations nearly hold but stop improving: their Jacobian is close to singular",
            "look for two equations that say the same thing, or a coefficient that has become zero",
        )
    return (
        "the iteration stalls away from a solution: in this period there may be none, or a switch flips back and forth",
        "check the shocks of this period and whether conditions (where, min, max) leave a solution; or give opening values nearer to it",
    )
