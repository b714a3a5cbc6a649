"""The Federal Reserve Bank of New York's markets API: reference rates, repo and reverse-repo operations.

Documented at markets.newyorkfed.org/static/docs/markets-api.html.

* ``api/rates/secured/sofr/search.json?startDate=…&endDate=…`` (also ``last/N.json``; ``unsecured/effr``): ``refRates``, a list of
  ``effectiveDate``, ``type`` (SOFR, EFFR, TGCR, …), ``percentRate``, ``percentPercentile1|25|75|99``, ``volumeInBillions``,
  ``revisionIndicator`` and, for EFFR, ``targetRateFrom`` and ``targetRateTo``. The averages (``type`` SOFRAI) have no ``percentRate``.
* ``api/rp/results/search.json`` and ``api/rp/{repo|reverserepo}/…``: ``repo.operations``, a list of ``operationId``, ``operationDate``,
  ``operationType`` (Repo, Reverse Repo), ``operationMethod``, ``term`` (Overnight, Term), ``auctionStatus``, ``totalAmtSubmitted``,
  ``totalAmtAccepted`` in dollars, ``note`` and ``details`` by security (``amtAccepted``, ``percentOfferingRate``, ``percentAwardRate``).
  ``api/rp/reverserepo/propositions/search.json`` has the same list without terms and details.

Small-value exercises (``isSmallValue`` ``Y``, or a note that says so) and term operations are not facility take-up and are left out;
several operations of a day are summed. A figure of the day is the day of the operation, New York time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from calibration.sources.findings import Finding, SourceError
from calibration.sources.periods import parse
from calibration.sources.published import Published, collect, number
from calibration.sources.structure import field, items, json_object

PUBLISHER = "New York Fed"
FIELDS = {
    "percentRate": "percent",
    "percentPercentile1": "percent",
    "percentPercentile25": "percent",
    "percentPercentile75": "percent",
    "percentPercentile99": "percent",
    "volumeInBillions": "USD bn",
    "targetRateFrom": "percent",
    "targetRateTo": "percent",
}
ORDER = ("percentPercentile1", "percentPercentile25", "percentRate", "percentPercentile75", "percentPercentile99")
KINDS = {"Repo": "repo", "Reverse Repo": "reverserepo"}
CENT = 0.005


def recognises_rates(text: str) -> bool:
    """Whether a body is an answer about reference rates."""
    return text.lstrip().startswith("{") and '"refRates"' in text[:200]


def recognises_operations(text: str) -> bool:
    """Whether a body is an answer about repo operations."""
    head = text[:400]
    return text.lstrip().startswith("{") and '"repo"' in head and '"operations"' in head


def read_rates(text: str, origin: str) -> tuple[Published, ...]:
    """Every published field of every rate, identified as ``SOFR.percentRate``.

    Raises
    ------
    SourceError
        A changed field, two rows of a rate on one day, or percentiles out of order (``identity``: columns were exchanged).
    """
    answer = json_object(text, origin)
    pairs: dict[tuple[str, str], list[tuple[date, float | None]]] = {}
    findings: list[Finding] = []
    for place, item in enumerate(items(answer, "refRates", origin)):
        where = f"{origin}, rate {place + 1}"
        kind = str(field(item, "type", where))
        if kind.endswith("AI"):
            continue
        day = parse(str(field(item, "effectiveDate", where)), where)
        field(item, "percentRate", where)
        for name in FIELDS:
            if name in item:
                pairs.setdefault((kind, name), []).append((day, number(item[name], f"{where}, {name}")))
        findings += disorder(item, f"{kind} on {day.isoformat()} in {origin}")
    if findings:
        raise SourceError(findings)
    return tuple(
        collect(PUBLISHER, f"{kind}.{name}", found, unit=FIELDS[name], origin=origin) for (kind, name), found in sorted(pairs.items())
    )


def disorder(item: Mapping[str, Any], where: str) -> list[Finding]:
    """A finding when a rate's percentiles do not increase."""
    values = [number(item.get(name), where) for name in ORDER]
    there = [value for value in values if value is not None]
    if all(low <= high for low, high in pairwise(there)):
        return []
    listed = ", ".join(f"{name} {value}" for name, value in zip(ORDER, values, strict=True))
    return [Finding("identity", where, f"percentiles out of order: {listed}")]


def read_operations(text: str, origin: str) -> tuple[Published, ...]:
    """Overnight take-up by day, identified as ``repo.accepted`` and ``reverserepo.accepted``, in dollars.

    Raises
    ------
    SourceError
        A changed field, an unknown kind of operation, an operation listed twice (``duplicated date``), or parts that do not sum to the
        operation's total (``identity``).
    """
    answer = json_object(text, origin)
    operations = items(field(answer, "repo", origin), "operations", f"{origin}, repo")
    totals: dict[str, dict[date, float]] = {}
    seen: set[str] = set()
    findings: list[Finding] = []
    for place, item in enumerate(operations):
        where = f"{origin}, operation {place + 1}"
        kind = KINDS.get(str(field(item, "operationType", where)))
        if kind is None:
            findings.append(Finding("changed columns", where, f"operationType {item['operationType']!r}; documented: {', '.join(KINDS)}"))
            continue
        day = parse(str(field(item, "operationDate", where)), where)
        accepted = number(field(item, "totalAmtAccepted", where), where)
        identifier = str(item.get("operationId", ""))
        if identifier and identifier in seen:
            findings.append(Finding("duplicated date", where, f"operation {identifier!r} of {day.isoformat()} is listed twice"))
            continue
        seen.add(identifier)
        if accepted is None or not takes_up(item):
            continue
        findings += parts_differ(item, accepted, where)
        by_day = totals.setdefault(kind, {})
        by_day[day] = by_day.get(day, 0.0) + accepted
    if findings:
        raise SourceError(findings)
    return tuple(collect(PUBLISHER, f"{kind}.accepted", found.items(), unit="USD", origin=origin) for kind, found in sorted(totals.items()))


def takes_up(item: Mapping[str, Any]) -> bool:
    """Whether an operation is an overnight one of ordinary size, with results."""
    small = str(item.get("isSmallValue", "")).upper() in ("Y", "YES", "TRUE", "1") or "small value" in note_of(item)
    overnight = str(item.get("term", "Overnight")) in ("Overnight", "")
    return overnight and not small and str(item.get("auctionStatus", "Results")) == "Results"


def note_of(item: Mapping[str, Any]) -> str:
    """An operation's note in small letters, hyphens as blanks."""
    return str(item.get("note") or "").lower().replace("-", " ")


def parts_differ(item: Mapping[str, Any], accepted: float, where: str) -> list[Finding]:
    """A finding when the securities' amounts do not sum to the operation's."""
    details = item.get("details") or []
    amounts = [number(part.get("amtAccepted"), where) for part in details if isinstance(part, dict) and "amtAccepted" in part]
    there = [value for value in amounts if value is not None]
    if not there or abs(sum(there) - accepted) <= CENT * max(1.0, len(there)):
        return []
    return [Finding("identity", where, f"securities sum to {sum(there):,.0f}, totalAmtAccepted is {accepted:,.0f}")]
