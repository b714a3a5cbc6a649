"""The manifest of a result folder: what was run, with which versions and figures, and a digest of everything.

The text has one form: JSON, one entry a line, keys in the order given, floats in their shortest text. ``digests`` holds those of the
tables and, under the manifest's own name, one for every entry of the manifest itself; ``seal`` is the digest of the whole text with
an empty seal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dollarflow.results.digests import file_digest, word
from dollarflow.results.schema import MANIFEST

DIGESTS, SEAL = "digests", "seal"

Scalar = str | int | float | bool | None


def manifest_text(content: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    """The manifest's text.

    Parameters
    ----------
    content
        Everything but the digests, made of texts, finite numbers, booleans, None, lists and mappings.
    tables
        The digests of each table.
    """
    body = {**content, DIGESTS: {**tables, MANIFEST: {place: entry_digest(entry) for place, entry in entries(content)}}, SEAL: ""}
    return dump({**body, SEAL: file_digest(dump(body).encode())})


def dump(content: Mapping[str, Any]) -> str:
    """The one form of a manifest's text."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def entries(content: Any, place: str = "") -> Iterator[tuple[str, Scalar]]:
    """Every number, text and truth value of a manifest with its place, as ``/clock/periods`` or ``/certificates/by_period/3``."""
    if isinstance(content, Mapping):
        if not content:
            yield place, "{}"
        for key, item in content.items():
            yield from entries(item, f"{place}/{key}")
    elif isinstance(content, list):
        if not content:
            yield place, "[]"
        for number, item in enumerate(content):
            yield from entries(item, f"{place}/{number}")
    else:
        yield place, content


def entry_digest(entry: Scalar) -> str:
    """The digest of one entry."""
    return word(json.dumps(entry, ensure_ascii=False))


def line_in(text: str, place: str | Sequence[str]) -> int:
    """The line of a manifest's text on which the entry at a place stands; 0 where it cannot be told.

    Relies on the text's form, one entry a line with one space of indent a level. A place is a text as :func:`entries` gives it, or
    its parts.
    """
    return _lines(text).get(place.strip("/") if isinstance(place, str) else "/".join(place), 0)


@lru_cache(maxsize=2)
def _lines(text: str) -> dict[str, int]:
    """The line of every entry by its place, all found in one pass."""
    found: dict[str, int] = {}
    stack: list[list[Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        body = line.strip()
        if body.startswith(("}", "]")):
            if stack:
                stack.pop()
            continue
        here: list[str] = []
        if stack:
            holder = stack[-1]
            if holder[0] == "list":
                key = str(holder[1])
                holder[1] += 1
            else:
                key, _, body = body.partition('": ')
                key = key[1:]
            here = [*holder[2], key]
        if here:
            found.setdefault("/".join(here), number)
        if body.rstrip(",") in ("{", "["):
            stack.append(["list" if body.startswith("[") else "map", 0, here])
    return found


Figure = Annotated[float, Field(strict=False, allow_inf_nan=False)]


class Loose(BaseModel):
    """A part of the manifest of which only some entries matter to the auditor."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)


class TableEntry(Loose):
    """The digests of one table."""

    sha256: str
    columns: dict[str, str]
    rows: str


class InstrumentEntry(Loose):
    """How an instrument is valued and what it pays: names of a rate in path.csv, of a yield, of an amortisation parameter."""

    valuation: Literal["par", "coupon", "equity", "book"]
    rate: str | None = None
    rates: dict[str, str] = Field(default_factory=dict)
    amortisation: str | None = None
    price_yield: str | None = None


class AccountsEntry(Loose):
    """The chart of accounts as the auditor needs it."""

    sectors: list[str]
    instruments: dict[str, InstrumentEntry]
    period_length: str


class ClockEntry(Loose):
    """The clock that gave the dates, with the first and last of them."""

    name: str
    start: str
    end: str
    periods: int


class ScenarioEntry(Loose):
    """What was run, as the manifest tells it; a result of another kind may lack parts."""

    name: str = ""
    title: str = ""
    story: str = ""
    source: str = ""
    parameters: dict[str, Figure] = Field(default_factory=dict)
    shocks: list[str] = Field(default_factory=list)
    switches: dict[str, Scalar] = Field(default_factory=dict)
    exogenised: list[str] = Field(default_factory=list)
    overrides: dict[str, str] = Field(default_factory=dict)


class CertificatesEntry(Loose):
    """The solver's largest residuals: of all equations by period, and of the hidden identities."""

    largest: Figure = 0.0
    by_period: list[Figure] = Field(default_factory=list)
    hidden: dict[str, dict[str, Any]] | Figure = Field(default_factory=dict)
    opening: str = ""


class SolverEntry(Loose):
    """The solver's account of its work; regimes are spells by condition."""

    regimes: dict[str, list[str]] = Field(default_factory=dict)


class AuditEntry(Loose):
    """The verdict that the run gave itself."""

    verdict: str
    checks: list[str] = Field(default_factory=list)
    violations: list[str]


class ManifestEntries(Loose):
    """The part of a manifest that the auditor relies on."""

    format: Literal[1]
    versions: dict[str, str] = Field(default_factory=dict)
    scenario: ScenarioEntry = ScenarioEntry()
    clock: ClockEntry
    hashes: dict[str, str] = Field(default_factory=dict)
    solver: SolverEntry = SolverEntry()
    certificates: CertificatesEntry = CertificatesEntry()
    units: dict[str, str] = Field(default_factory=dict)
    accounts: AccountsEntry
    parameters: dict[str, Figure]
    parameter_paths: dict[str, list[Figure]]
    audit: AuditEntry
    digests: dict[str, Any]
    seal: str
