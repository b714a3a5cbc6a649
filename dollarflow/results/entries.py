"""The entries of a manifest that the auditor and the reader rely on, with their types."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dollarflow.results.manifest import Scalar

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
