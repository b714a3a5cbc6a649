"""The register printed: text for a terminal, markdown for the documentation, JSON for programs."""

from __future__ import annotations

import json
import math
import textwrap
from collections import Counter
from collections.abc import Iterable
from typing import Any, get_args

from dollarflow.claims.answers import Answer, Finding
from dollarflow.claims.register import Link, Verdict
from dollarflow.experiments.table import figure

WIDTH = 110
OPENING = """\
Every figure and claim of the two essays behind this model, with the numbers that bear on it and the verdict that they give. The
register is `dollarflow/claims/register.toml`; this page is printed by `dollarflow claims --format markdown`.

A claim is confirmed where every number that it speaks of is as it says, confirmed at the margin only where some are, wrong where none
is, and untestable here where no number can decide. The band is what the number would be if the claim held; a number without a band is
shown and decides nothing, and so is one that restates a parameter or an input, which it names: the model would say as much whatever was
put in. Numbers come from rows of `dollarflow experiments`, from published series in `calibration/data`, or from
the baseline, and are computed when the page is printed. The op-ed is "Where the confidence of US debt comes from" (2024); the other
essay, "Stealth QE" (November 2025)."""


def claimed(link: Link) -> str:
    """What the claim says of a number, in words."""
    if not link.judged:
        return ""
    if link.low is None:
        return f"at most {figure(link.high)}"
    if link.high is None:
        return f"at least {figure(link.low)}"
    return figure(link.low) if link.low == link.high else f"{figure(link.low)} to {figure(link.high)}"


def amount(found: Finding) -> str:
    """A number with its unit; rounding errors are 0."""
    value = 0.0 if abs(found.value) < 1e-9 else found.value
    return f"{figure(value)} {'' if found.unit == '1' else found.unit}".strip()


def origin(found: Finding) -> str:
    """Where a number comes from, without what its name says already."""
    return found.link.experiment if found.link.experiment and not found.link.says else found.source


def mark(found: Finding) -> str:
    """Whether a number is as claimed, in a word."""
    return {True: "as claimed", False: "NOT as claimed", None: "shown"}[found.inside]


def expected(found: Finding) -> str:
    """What the number would be if the claim held, or why it decides nothing."""
    if found.restates:
        return f"shown, restates {found.restates}"
    return claimed(found.link) or "shown"


def as_text(answer: Answer) -> str:
    """A claim as a block of lines."""
    claim = answer.claim
    lines = [f"{claim.number}  {claim.verdict.upper()}  [{claim.essay}]"]
    lines += textwrap.wrap(claim.text, WIDTH, initial_indent="    ", subsequent_indent="    ")
    if claim.figures:
        lines.append(f"    Essay: {claim.figures}")
    for found in answer.findings:
        band = f", claimed {claimed(found.link)}" if found.inside is not None else f", restates {found.restates}" if found.restates else ""
        lines.append(f"      {mark(found):<14} {amount(found):>14}{band}: {found.what}  [{origin(found)}]")
    lines += textwrap.wrap(claim.reason, WIDTH, initial_indent="    ", subsequent_indent="    ")
    if claim.not_modelled:
        lines += textwrap.wrap(f"Not modelled: {claim.not_modelled}", WIDTH, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


def as_dict(answer: Answer) -> dict[str, Any]:
    """A claim with its numbers, for JSON."""
    claim = answer.claim
    numbers = [
        {
            "what": found.what,
            "source": found.source,
            "value": found.value if math.isfinite(found.value) else None,
            "unit": found.unit,
            "low": found.link.low,
            "high": found.link.high,
            "as_claimed": found.inside,
            "restates": found.restates,
        }
        for found in answer.findings
    ]
    plain = claim.model_dump(include={"number", "essay", "text", "figures", "verdict", "reason", "not_modelled"})
    return {**plain, "numbers": numbers}


def as_json(answers: Iterable[Answer]) -> str:
    """All claims as a list of objects."""
    return json.dumps([as_dict(answer) for answer in answers], indent=2, ensure_ascii=False)


def counts(answers: Iterable[Answer]) -> str:
    """How many claims got which verdict."""
    found = Counter(answer.claim.verdict for answer in answers)
    return f"{sum(found.values())} claims: " + ", ".join(f"{found[v]} {v}" for v in get_args(Verdict))


def as_markdown(answers: Iterable[Answer]) -> str:
    """All claims as a document."""
    items = tuple(answers)
    lines = ["# The essays' claims", "", OPENING, "", counts(items) + ".", ""]
    lines += ["| no. | essay | claim | verdict |", "|---|---|---|---|"]
    lines += [f"| {a.claim.number} | {a.claim.essay} | {a.claim.text} | {a.claim.verdict} |" for a in items]
    for answer in items:
        claim = answer.claim
        lines += ["", f"## {claim.number}. {claim.verdict.capitalize()}", "", *textwrap.wrap(claim.text, 140)]
        if claim.figures:
            lines.append(f"Essay: {claim.figures}.")
        if answer.findings:
            lines += ["", "| number | computed | if the claim held | from |", "|---|---:|---|---|"]
            lines += [f"| {f.what} | {amount(f)} | {expected(f)} | {origin(f)} |" for f in answer.findings]
        lines += ["", *textwrap.wrap(claim.reason, 140)]
        if claim.not_modelled:
            lines += ["", *textwrap.wrap(f"Not modelled: {claim.not_modelled}", 140)]
    return "\n".join(lines) + "\n"
