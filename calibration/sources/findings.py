"""Findings: what is wrong with published data, by the name of the check that found it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "note"]

# The named checks. A finding carries one of these names; figures are refused while an error stands that nobody accepted.
CHECKS = {
    "unrecognised": "a file in none of the documented formats",
    "changed columns": "a column or field of the documented format is absent or renamed",
    "unreadable value": "a value that is neither a number nor a documented mark for a missing one",
    "truncated body": "a body that ends before its own structure does",
    "wrong content": "an error page or another kind of content where data were expected",
    "wrong status": "an HTTP status other than success",
    "missing pages": "a paged answer without all of its pages",
    "transformed": "observations that the publisher changed on request (growth rates, aggregates)",
    "checksum": "a cached file whose content is no longer what was downloaded",
    "duplicated date": "two observations of a series on one date",
    "column swapped": "a series that carries the values of another one",
    "thousands for billions": "values a power of a thousand away from the series' range, its compiled values or the days around",
    "unit": "a unit other than the catalogue's, as the file states it or as its values show",
    "unlike the history": "values further from those that the project compiled than an ordinary revision",
    "out of range": "values outside the range in which the series has ever been",
    "gap": "periods without an observation inside the sample",
    "missing observation": "a period that the publisher lists without a value",
    "weekday": "dates on a weekday on which the series is not published",
    "daylight saving": "a time of day that belongs to another date in the publisher's own zone",
    "identity": "an accounting identity that the values do not satisfy",
    "revision": "values that differ from an earlier vintage of the same series, or from the compiled ones",
    "conflict": "two files of one vintage that disagree",
    "publishers disagree": "two publishers' copies of one series that differ",
    "not in the catalogue": "a series that the catalogue does not know",
    "incomplete period": "a quarter that the observations do not cover",
    "moved opening": "a row or rate of an opening that moves by more than three deviations",
    "unused": "figures that are read and checked, and that no opening or estimate uses",
}


@dataclass(frozen=True)
class Finding:
    """A fault or a remark about published data.

    Parameters
    ----------
    check
        Name of the check, a key of :data:`CHECKS`.
    where
        File, series or figure.
    message
        What was found, where in it, and what is allowed.
    severity
        ``error`` keeps the data out until accepted by name; ``note`` is told and kept.
    """

    check: str
    where: str
    message: str
    severity: Severity = "error"

    def __post_init__(self) -> None:
        if self.check not in CHECKS:
            raise ValueError(f"no check is called {self.check!r}; there are: {', '.join(CHECKS)}")

    def __str__(self) -> str:
        return f"{self.check}: {self.where}: {self.message}"


class SourceError(ValueError):
    """Published data that may not be used; ``findings`` lists why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(item) for item in self.findings))


def fail(check: str, where: str, message: str) -> SourceError:
    """The error of one finding, to be raised."""
    return SourceError([Finding(check, where, message)])


def errors(findings: Iterable[Finding], accepted: Iterable[str] = ()) -> tuple[Finding, ...]:
    """The findings that keep data out: errors whose check is not in ``accepted``.

    Raises
    ------
    ValueError
        An accepted name that is no check.
    """
    names = tuple(accepted)
    for name in names:
        if name not in CHECKS:
            raise ValueError(f"no check is called {name!r}; there are: {', '.join(CHECKS)}")
    return tuple(item for item in findings if item.severity == "error" and item.check not in names)
