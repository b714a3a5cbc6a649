"""The register as it is written: one file of claims, each with its links to numbers or the reason why it has none."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from dollarflow.errors import BadInput
from model.language.system import nearest

Verdict = Literal["confirmed", "confirmed at the margin only", "wrong", "untestable here"]
Essay = Literal["op-ed", "stealth QE"]


class Part(BaseModel):
    """A table of the register: immutable, with no unknown key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Link(Part):
    """A number that bears on a claim, and what the claim says of it.

    Parameters
    ----------
    experiment, case, variable
        A row of an experiment. With ``variable`` alone: a variable of the baseline.
    calculation
        Name of a function over published series or a solved run.
    day
        Date of a baseline variable; the first period without one.
    unit
        Of a baseline variable.
    low, high
        What the number would be if the claim held; a link without either is shown and not judged.
    says
        The number in words, where the row's own name does not do.
    restates
        The parameter or input that a baseline variable repeats; such a number decides nothing.
    """

    experiment: str = ""
    case: str = ""
    variable: str = ""
    calculation: str = ""
    day: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    says: str = ""
    restates: str = ""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [bool(self.experiment and self.case and self.variable), bool(self.calculation)]
        kinds.append(bool(self.variable and self.unit and not self.experiment))
        if sum(kinds) != 1:
            raise ValueError("a link names a row (experiment, case, variable), a calculation or a baseline variable with its unit")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        return self

    @property
    def judged(self) -> bool:
        """True where the claim says what the number should be, and the number is more than a parameter or input."""
        return not self.restates and (self.low is not None or self.high is not None)

    def inside(self, value: float) -> bool:
        """True where a number is what the claim says; not-a-number is not."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high) and value == value


class Claim(Part):
    """A claim of one of the two essays.

    Parameters
    ----------
    number
        1-17 first essay, 18-44 second essay, 1c.1 and so on where an essay is wrong or loose, a word for the rest.
    essay
        Which one.
    text
        The claim in the register's own words.
    figures
        The essay's figures.
    verdict
        What follows from the numbers by the rule of :func:`dollarflow.claims.answers.ruled`.
    reason
        Why, in a sentence or two.
    not_modelled
        What has no number here, and because of what; needed where there is no link.
    links
        Numbers that bear on it (``[[claim.link]]``).
    """

    number: str
    essay: Essay
    text: str = Field(min_length=10)
    figures: str = ""
    verdict: Verdict
    reason: str = Field(min_length=10)
    not_modelled: str = ""
    links: tuple[Link, ...] = Field(default=(), alias="link")

    @field_validator("number", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> str:
        return str(value)

    @model_validator(mode="after")
    def _answered(self) -> Self:
        if not self.links and not self.not_modelled:
            raise ValueError(f"claim {self.number} has neither a link nor the reason why it is not modelled")
        if self.not_modelled and "because" not in self.not_modelled:
            raise ValueError(f"claim {self.number}: not_modelled says what is left out and because of what")
        if self.verdict == "untestable here" and not self.not_modelled:
            raise ValueError(f"claim {self.number} is untestable here: not_modelled must say because of what")
        return self


class Register(Part):
    """The file."""

    claims: tuple[Claim, ...] = Field(alias="claim")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        numbers = [claim.number for claim in self.claims]
        twice = sorted({n for n in numbers if numbers.count(n) > 1})
        if twice:
            raise ValueError(f"claims numbered twice: {', '.join(twice)}")
        return self


def read(text: str, name: str = "register.toml") -> tuple[Claim, ...]:
    """The claims of a register's text.

    Raises
    ------
    BadInput
        Text that is no register; the message says which claim and what is allowed.
    """
    try:
        return Register.model_validate(tomllib.loads(text)).claims
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{name}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{name}: {place}: {first['msg'].removeprefix('Value error, ')}") from error


@cache
def claims() -> tuple[Claim, ...]:
    """Every claim, in the file's order."""
    return read(resources.files("dollarflow").joinpath("claims", "register.toml").read_text(encoding="utf-8"))


def chosen(numbers: Sequence[str]) -> tuple[Claim, ...]:
    """Claims by number; all without one.

    Raises
    ------
    BadInput
        A number that no claim has; the message has the nearest one.
    """
    by_number = {claim.number: claim for claim in claims()}
    unknown = [n for n in numbers if n not in by_number]
    if unknown:
        raise BadInput(f"no claim is numbered {unknown[0]!r}{nearest(unknown[0], list(by_number))}; known: {', '.join(by_number)}")
    return tuple(by_number[n] for n in dict.fromkeys(numbers)) or claims()
